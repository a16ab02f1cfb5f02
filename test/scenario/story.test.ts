// The grammar of stories.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leaked, mask, unmask } from './masks';
import { sameRequests, tell } from './requests';
import { formatStory, parseStory, splitWords } from './story';
import { holds, shapedLike } from './subset';

const TEXT = `A story has a sentence,
which may go on.
# and a comment
cites: https://example.com/thread
known-issue: not yet right
clock: manual

=== file a/b.yaml
x: 1


=== $ gatewright plan -t prod
exit: 2
env: KEY=value
out

more
=== stderr
oops

=== live after
serving_endpoints: []
`;

test('reads a story', () => {
  const story = parseStory(TEXT);
  expect(story.title).toBe('A story has a sentence, which may go on.');
  expect(story.knownIssue).toBe('not yet right');
  expect(story.clock).toBe('manual');
  expect(story.sections.map(({ kind, argument, line }) => [kind, argument, line])).toEqual([
    ['file', 'a/b.yaml', 8],
    ['$ gatewright', 'plan -t prod', 12],
    ['stderr', '', 18],
    ['live after', '', 21],
  ]);
  expect(story.sections[1]).toMatchObject({
    directives: [
      ['exit', '2'],
      ['env', 'KEY=value'],
    ],
    body: ['out', '', 'more'],
  });
});

test('writing back what was read gives the same text', () => {
  expect(formatStory(parseStory(TEXT))).toBe(TEXT);
  const folder = join(__dirname, '../scenarios');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.scenario'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    expect(formatStory(parseStory(text))).toBe(text);
  }
});

test.each([
  ['=== file a\n', 'a story begins with a sentence'],
  ['A.\n=== fil a\n', 'line 2: no such section: === fil a'],
  ['A.\ncites: b\nmore\n', 'line 3: neither a section nor one of cites'],
  ['A.\nclock: fast\n', 'clock: real or manual'],
  ['A.\n=== requests\n=== stderr\n', 'line 3: stderr stands directly below its command'],
])('refuses %j', (text, message) => expect(() => parseStory(text)).toThrow(message));

test('words', () => {
  expect(splitWords(`plan --select 'serving_endpoints.*' --var a="b c" -t prod`)).toEqual([
    'plan',
    '--select',
    'serving_endpoints.*',
    '--var',
    'a=b c',
    '-t',
    'prod',
  ]);
  expect(splitWords(`a '' b`)).toEqual(['a', '', 'b']);
  expect(splitWords('')).toEqual([]);
});

const PLACES = { host: 'http://127.0.0.1:4711', directory: '/tmp/x/project' };

test('masks name what differs from run to run', () => {
  const digest = `sha256:${'ab'.repeat(32)}`;
  expect(mask(`${PLACES.host}/api 127.0.0.1:4711 /tmp/x/project/a ${digest} in 12.5 s, 3ms`, PLACES)).toBe(
    '[HOST]/api [HOST] [DIR]/a [DIGEST] in [TIME], [TIME]',
  );
  expect(mask('at 2026-11-20T10:00:00.000Z\ngatewright 1.2.3', PLACES)).toBe(
    'at [WHEN]\ngatewright [VERSION]',
  );
  expect(mask('limit 60 per minute, 45m, 5 s', PLACES)).toBe('limit 60 per minute, 45m, 5 s');
  expect(unmask('[HOST] [DIR]', PLACES)).toBe('http://127.0.0.1:4711 /tmp/x/project');
});

test('a leak is found plain and in base64', () => {
  expect(leaked('a canary b', ['canary'])).toBe('canary');
  expect(leaked(Buffer.from('canary').toString('base64'), ['canary'])).toBe('canary');
  expect(leaked('nothing', ['canary'])).toBeUndefined();
});

describe('requests', () => {
  const request = (method: string, path: string, body?: object) =>
    ({ method, path, query: {}, body, index: 0, at: 0, status: 200 }) as never;
  const seen = [request('GET', '/b'), request('PUT', '/a', { y: 1, x: [2] }), request('GET', '/b')];

  test('three ways to tell', () => {
    expect(tell(seen, 'requests')).toEqual(['GET /b', 'PUT /a', '  {"y":1,"x":[2]}', 'GET /b']);
    expect(tell(seen, 'requests (writes)')).toEqual(['PUT /a', '  {"y":1,"x":[2]}']);
    expect(tell(seen, 'requests (counts)')).toEqual(['2 GET /b', '1 PUT /a']);
  });

  test('spacing inside a body means nothing, values and order do', () => {
    expect(sameRequests(['PUT /a', '  {"x": [2],', '   "y": 1}'], tell([seen[1]!], 'requests'))).toBe(true);
    expect(sameRequests(['PUT /a', '  {"x": [3], "y": 1}'], tell([seen[1]!], 'requests'))).toBe(false);
    expect(sameRequests(['PUT /a'], tell([seen[1]!], 'requests'))).toBe(false);
    expect(sameRequests(['GET /b', 'GET /a'], ['GET /a', 'GET /b'])).toBe(false);
  });
});

describe('a state holds what is said of it', () => {
  const live = { list: [{ name: 'a', x: 1, y: 2 }, { name: 'b' }], tags: [1, 2], on: true };
  test.each([
    [{ on: true }, true],
    [{ on: false }, false],
    [{ list: [{ name: 'a', x: 1 }] }, true],
    [{ list: [{ name: 'a', x: 2 }] }, false],
    [{ list: [{ name: 'c' }] }, false],
    [{ list: [{ name: 'a', z: null }] }, true],
    [{ list: [{ name: 'a', x: null }] }, false],
    [{ tags: [1, 2] }, true],
    [{ tags: [1] }, false],
    [{ gone: null }, true],
    [{ gone: {} }, false],
    [{ list: [{ name: 'c', absent: true }] }, true],
    [{ list: [{ name: 'a', absent: true }] }, false],
    [{ list: [] }, false],
  ])('%j: %s', (part, expected) => {
    expect(holds(part, live)).toBe(expected);
    expect(holds(shapedLike(part, live), live)).toBe(true);
  });
});
