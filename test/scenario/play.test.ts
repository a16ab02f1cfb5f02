// A wrong expectation must fail, each kind of them; a right one must not; and an update must make it right.
import { assertNoProblems, play } from './play';
import { formatStory, parseStory } from './story';

/** Stands in for the built command: runs the script that the story's first file holds. */
const SCRIPTED = { command: [process.execPath, 'script.js'] };

function told(script: string, rest: string): ReturnType<typeof parseStory> {
  return parseStory(`A story.\n\n=== file script.js\n${script}\n\n${rest}`);
}

async function problemsOf(script: string, rest: string): Promise<string[]> {
  const { problems } = await play(told(script, rest), SCRIPTED);
  return problems.map((problem) => problem.what);
}

const PRINTS = `console.log(process.argv.slice(2).join('+')); console.error('careful'); process.exitCode = 2;`;
const REQUESTS = `
  const call = (method, path, body) => fetch(process.env.DATABRICKS_HOST + path, {
    method, body, headers: { authorization: 'Bearer ' + process.env.DATABRICKS_TOKEN, 'content-type': 'application/json' } });
  (async () => {
    await call('GET', '/api/2.0/serving-endpoints');
    await call('PATCH', '/api/2.0/serving-endpoints/chat/tags', JSON.stringify({ add_tags: [{ key: 'team', value: 'support' }] }));
  })();`;
const CHAT = `=== live
serving_endpoints:
  - name: chat
    config:
      served_entities:
        - name: gpt
          external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/a/b}}" } }

`;
const SENT = `=== $ gatewright x
=== requests
GET /api/2.0/serving-endpoints
PATCH /api/2.0/serving-endpoints/chat/tags
  { "add_tags": [{ "key": "team", "value": "support" }] }
=== requests (counts)
1 GET /api/2.0/serving-endpoints
1 PATCH /api/2.0/serving-endpoints/chat/tags
=== live after
serving_endpoints:
  - name: chat
    tags: [{ key: team, value: support }]
`;

test('what is told rightly passes', async () => {
  expect(await problemsOf(PRINTS, '=== $ gatewright a "b c"\nexit: 2\na+b c\n=== stderr\ncareful\n')).toEqual(
    [],
  );
  expect(await problemsOf(REQUESTS, CHAT + SENT)).toEqual([]);
});

test.each([
  ['exit', '=== $ gatewright a\na\n=== stderr\ncareful\n'],
  ['stdout', '=== $ gatewright a\nexit: 2\nb\n=== stderr\ncareful\n'],
  ['stderr', '=== $ gatewright a\nexit: 2\na\n=== stderr\ncarefree\n'],
  ['stderr', '=== $ gatewright a\nexit: 2\na\n'],
  ['the file', '=== file-exists nowhere\n'],
  ['the file', '=== file-absent script.js\n'],
  ['script.js', '=== file-is script.js\nelse\n'],
])('a wrong %s fails: %j', async (what, rest) => {
  expect(await problemsOf(PRINTS, rest)).toEqual([what]);
});

test.each([
  ['requests', SENT.replace('GET /api', 'GET /ap')],
  ['requests', SENT.replace('"support"', '"sales"')],
  ['requests (counts)', SENT.replace('1 PATCH', '2 PATCH')],
  ['live after', SENT.replace('value: support', 'value: sales')],
])('a wrong telling of %s fails', async (what, rest) => {
  expect(await problemsOf(REQUESTS, CHAT + rest)).toEqual([what]);
});

test.each([
  ['stdout', `console.log(process.env.DATABRICKS_TOKEN)`],
  ['stderr', `console.error(Buffer.from(process.env.DATABRICKS_TOKEN).toString('base64'))`],
  ['other.txt', `require('fs').writeFileSync('other.txt', process.env.DATABRICKS_TOKEN)`],
  ['stdout', `console.log(process.env.OWN)`],
])('a secret in %s fails, even if the rest is as told', async (where, script) => {
  const { problems } = await play(
    told(script, '=== $ gatewright\nenv: OWN=canary-two\nstderr: any\n'),
    SCRIPTED,
  );
  expect(problems.map(({ what }) => what).join()).toMatch(new RegExp(`${where} holds a secret`));
});

test('edits by hand reach the workspace and are not counted as ours', async () => {
  const edit =
    '=== by hand\nPATCH /api/2.0/serving-endpoints/chat/tags\n{ add_tags: [{ key: a, value: b }] }\n';
  const after = '=== live after\nserving_endpoints: [{ name: chat, tags: [{ key: a, value: b }] }]\n';
  const quiet = '=== $ gatewright\n=== requests\n';
  expect(await problemsOf('', CHAT + edit + quiet + after)).toEqual([]);
  expect(await problemsOf('', edit)).toEqual(['the answer to a request by hand']);
  expect(await problemsOf('', edit.replace('PATCH', 'status: 404\nPATCH'))).toEqual([]);
});

test('an interrupt arrives after so many requests', async () => {
  const script = `
    process.on('SIGINT', () => { console.log('stopped'); process.exit(130); });
    setInterval(() => fetch(process.env.DATABRICKS_HOST + '/api/2.0/serving-endpoints'), 20);`;
  expect(
    await problemsOf(script, '=== $ gatewright\nexit: 130\ninterrupt: after 2 requests\nstopped\n'),
  ).toEqual([]);
});

test('a kill too, and cannot be caught', async () => {
  const script = `
    process.on('SIGINT', () => process.exit(130));
    setInterval(() => fetch(process.env.DATABRICKS_HOST + '/api/2.0/serving-endpoints'), 20);`;
  expect(await problemsOf(script, '=== $ gatewright\nexit: SIGKILL\nkill: after 2 requests\n')).toEqual([]);
});

test('a command that never ends is ended', async () => {
  const story = told('setInterval(() => {}, 1000)', '=== $ gatewright\nexit: SIGKILL\n');
  expect((await play(story, { ...SCRIPTED, patience: 300 })).problems).toEqual([]);
});

test('commits make a history to compare with', async () => {
  const script = `console.log(require('child_process').execSync('git show before:a.yaml', { encoding: 'utf8' }))`;
  const rest = '=== file a.yaml\nold\n\n=== commit before\n=== file a.yaml\nnew\n\n=== $ gatewright\nold\n';
  expect(await problemsOf(script, rest)).toEqual([]);
});

test('an update makes a wrong story right and changes nothing else', async () => {
  const wrong = told(
    REQUESTS.replace('(async', `${PRINTS} (async`),
    `${CHAT}=== # the heart of it\n${SENT.replace('"support"', '"sales"').replace('value: support', 'value: sales').replace('=== $ gatewright x\n', '=== $ gatewright x\nenv: A=b\nold\n\n')}`,
  );
  const { problems, retold } = await play(wrong, SCRIPTED);
  expect(problems.map(({ what }) => what)).toEqual(['exit', 'stdout', 'stderr', 'requests', 'live after']);
  const text = formatStory(retold);
  expect(text).toContain(
    '=== # the heart of it\n=== $ gatewright x\nexit: 2\nenv: A=b\nx\n=== stderr\ncareful\n\n===',
  );
  const again = await play(parseStory(text), SCRIPTED);
  expect(again.problems).toEqual([]);
  expect(formatStory(again.retold)).toBe(text);
});

test('a problem names file and line, what was told and what was seen', () => {
  expect(() => assertNoProblems([{ line: 7, what: 'exit', expected: '0', seen: '1' }], 'a.scenario')).toThrow(
    'a.scenario:7: exit\n  told:\n    0\n  seen:\n    1',
  );
});

test('a run that lets go of a limit for a moment fails, whatever the story expects of its end', async () => {
  const put = (body: string) => `await call('PUT', '/api/2.0/serving-endpoints/chat/ai-gateway', '${body}');`;
  const limited = (calls: number) =>
    `{"rate_limits":[{"key":"user","calls":${calls},"renewal_period":"minute"}]}`;
  const script = REQUESTS.replace(
    /await call\('GET'[\s\S]*\n {2}\}\)/,
    `${put('{}')} ${put(limited(30))}\n  })`,
  );
  const seeded = CHAT.replace('  - name: chat\n', `  - name: chat\n    ai_gateway: ${limited(60)}\n`);
  const { problems } = await play(told(script, `${seeded}=== $ gatewright x\n`), SCRIPTED);
  expect(problems.map(({ what, never }) => [what, never])).toEqual([['less governed in between', true]]);
});
