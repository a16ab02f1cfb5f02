// The properties of whole endpoints over many more of them than a daily run has time for.
process.env.GATEWRIGHT_CASES ??= '1000';
require('../properties/whole.test');
