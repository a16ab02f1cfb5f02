// Files made to do harm, as large as a file may be: the time grows with the size and not faster. The limit is far above
// what is needed; what it catches is growth with the square of the size, which takes minutes.
import { load, said } from '../config/project';
import { hostileFiles } from '../generators/hostile';

const LIMIT = 30_000;

test.each(Object.entries(hostileFiles(900_000)))(
  '%s',
  (_, [text, code]) => {
    const loaded = load(text);
    expect(loaded.desired).toBeUndefined();
    expect(loaded.diagnostics.map((each) => each.code)).toContain(code);
    expect(loaded.diagnostics.length).toBeLessThanOrEqual(201);
  },
  LIMIT,
);

test(
  'one map with very many keys is read',
  () => {
    const entries = Array.from({ length: 60_000 }, (_, index) => `e${index}: {}`);
    const loaded = load(`project: p\nserving_endpoints: {${entries}}`);
    expect(said(loaded)).toEqual([]);
    expect(loaded.desired?.resources).toHaveLength(60_000);
  },
  LIMIT,
);
