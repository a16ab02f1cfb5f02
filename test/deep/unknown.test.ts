// What replaces loses nothing, over many more whole endpoints than a daily run has time for.
process.env.GATEWRIGHT_CASES ??= '1000';
require('../properties/unknown.test');
