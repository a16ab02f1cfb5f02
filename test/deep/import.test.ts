// The properties of an import over many more workspaces than a daily run has time for.
process.env.GATEWRIGHT_CASES ??= '1000';
require('../properties/import.test');
