// Killed at each request, one by one, where a daily run takes some of them.
process.env.GATEWRIGHT_EVERY ??= '1';
require('../reconcile/killed.test');
