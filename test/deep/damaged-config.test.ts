// The properties over damaged files, many more times.
import fc from 'fast-check';

jest.setTimeout(30 * 60_000);
fc.configureGlobal({ numRuns: 5_000 });
require('../config/mutation.test');
