// Which exit code a run has when several would fit.
import fc from 'fast-check';
import { EXIT, type ExitCode, worst } from '../../src/cli/exit-codes';

const code = fc.constantFrom(...(Object.values(EXIT) as ExitCode[]));

test('7 outranks 6, 5, 4, 3, 1, 2', () => {
  const order: ExitCode[] = [130, 7, 6, 5, 4, 3, 1, 2, 0];
  for (const [index, one] of order.entries())
    for (const lesser of order.slice(index)) expect(worst([lesser, one, lesser])).toBe(one);
});

test('nothing is nothing wrong', () => expect(worst([])).toBe(0));

test('the order of the parts means nothing, and the result is one of them', () => {
  fc.assert(
    fc.property(fc.array(code, { minLength: 1 }), (codes) => {
      expect(codes).toContain(worst(codes));
      expect(worst([...codes].reverse())).toBe(worst(codes));
      expect(worst([worst(codes.slice(1)), codes[0]!])).toBe(worst(codes));
    }),
  );
});
