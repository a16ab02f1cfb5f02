// The properties of services over many more of them than a daily run has time for.
process.env.GATEWRIGHT_CASES ??= '2000';
require('../properties/services.test');
