// The loop's property over many more estates than a daily run has time for.
process.env.GATEWRIGHT_CASES ??= '4000';
require('../properties/loop.test');
