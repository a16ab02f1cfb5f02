// That order means nothing, over many more estates than a daily run has time for.
process.env.GATEWRIGHT_CASES ??= '2000';
require('../properties/order.test');
