// Programs that `app` names, run by the built command: what they hand over, what they see, how they fail.
import { Stage } from './stage';

const NATIVE = Boolean((process.features as { readonly typescript?: unknown }).typescript);
const YAML = 'project: p\napp: gateways.ts\ntargets: { sandbox: { default: true, host: simulator } }\n';
const CHAT = `import { GatewayApp, Provider, Secret, ServingEndpoint, Task } from 'gatewright/constructs';
const app: GatewayApp = new GatewayApp();
const provider = Provider.openai({ apiKey: Secret.scope('llm').key('openai') });
new ServingEndpoint(app, 'chat')
  .addExternalModel('gpt', { provider, model: 'gpt-5', task: Task.CHAT })
  .limit({ per: 'user', calls: 60 });
`;

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
  stage.write('package.json', '{"type":"module"}');
  stage.write('gatewright.yaml', YAML);
  stage.write('gateways.ts', CHAT);
});
afterEach(() => stage.close());

test('a plan and its JSON point at the line of TypeScript', () => {
  const { code, out, err } = stage.run(['plan']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/ai_gateway\.rate_limits\.user\.calls: 60\n +gateways\.ts:5-6 \(construct chat\)/);
  const { changes } = JSON.parse(stage.run(['plan', '-o', 'json']).out);
  const limit = changes[0].differences.find(({ path }: { path: string }) =>
    path.startsWith('ai_gateway.rate_limits'),
  );
  expect(JSON.stringify(limit)).toContain('"file":"gateways.ts","line":6');
});

test('an error stands at the line, in a frame of it', () => {
  stage.write('gateways.ts', CHAT.replace('calls: 60', 'calls: -1'));
  const { code, out } = stage.run(['validate']);
  expect(code).toBe(3);
  expect(out).toContain('--> gateways.ts:6:4');
  expect(out).toContain("6 |   .limit({ per: 'user', calls: -1 });");
});

test('apply carries out what a program declares, and the next plan is empty', () => {
  expect(stage.run(['apply', '--yes']).code).toBe(0);
  expect(stage.run(['plan', '--detailed-exitcode'])).toMatchObject({ code: 0, err: '' });
  expect(stage.run(['drift']).code).toBe(0);
});

test('YAML and program are one project, and a clash names both', () => {
  stage.write('gatewright.yaml', `${YAML}serving_endpoints: { other: { manage: attach, tags: { a: b } } }\n`);
  expect(stage.run(['validate']).out).toBe('valid: 2 resources in 2 files\n');
  stage.write('gatewright.yaml', `${YAML}serving_endpoints: { chat: { manage: attach, tags: { a: b } } }\n`);
  const { code, out } = stage.run(['validate']);
  expect(code).toBe(3);
  expect(out).toContain('--> gateways.ts:4:1');
  expect(out).toContain('gatewright.yaml:4:22');
});

test('a program sees no credential, and neither does what it starts', () => {
  const show = 'process.stderr.write(JSON.stringify(process.env)); process.exit(3);';
  stage.write(
    'gateways.ts',
    `import { execFileSync } from 'node:child_process';
process.stderr.write(execFileSync(process.execPath, ['-e', 'process.stdout.write(JSON.stringify(process.env))']).toString());
${show}`,
  );
  const secrets = {
    DATABRICKS_TOKEN: 'value-1',
    DATABRICKS_HOST: 'https://value-2.example.com',
    GITHUB_TOKEN: 'value-3',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'value-4',
    OPENAI_API_KEY: 'value-5',
    ARM_CLIENT_SECRET: 'value-6',
  };
  const { code, err } = stage.run(['validate'], '.', { ...secrets, GATEWRIGHT_APP_STAGE: 'passed on' });
  expect(code).toBe(3);
  expect(err).toContain('passed on');
  expect(err).not.toMatch(/value-\d/);
  for (const name of Object.keys(secrets)) expect(err).not.toContain(name);
});

test.each<[string, string, string, string]>([
  ['throws', "throw new Error('no such team');", 'app-failed', 'no such team'],
  ['ends with a code', "console.log('half way'); process.exit(4);", 'ended with exit code 4', 'half way'],
  ['declares nothing', "console.log('nothing to do');", 'app-declares-nothing', 'nothing to do'],
  [
    'is refused while it is collected',
    `${CHAT}app.node.addValidation({ validate: () => ['too many tokens'] });`,
    'app-failed',
    'too many tokens',
  ],
])('a program that %s: why, and what it printed', (_, text, said, printed) => {
  stage.write('gateways.ts', text);
  const { code, out, err } = stage.run(['validate']);
  expect(code).toBe(3);
  expect(out).toContain(said);
  expect(out).toContain('gatewright.yaml:2:6');
  expect(err).toContain(printed);
});

test('a program in JavaScript, by a command with flags; several apps are one project', () => {
  stage.write('gatewright.yaml', YAML.replace('gateways.ts', 'node --no-warnings gateways.js "a b"'));
  stage.write(
    'gateways.js',
    `import { GatewayApp, GatewayAttachment } from 'gatewright/constructs';
for (const name of ['a', 'b']) GatewayAttachment.fromEndpointName(new GatewayApp(), name).tag('arg', process.argv[2]);
process.exit(0);`,
  );
  const { resources } = JSON.parse(stage.run(['synth']).out);
  expect(resources.map(({ fields }: { fields: object }) => fields)).toEqual([
    { tags: { arg: 'a b' } },
    { tags: { arg: 'a b' } },
  ]);
});

test.each([
  ['a file that is not there', 'missing.ts', 'app-missing'],
  ['a command that is not there', 'no-such-command --flag', 'there is no program no-such-command'],
])('%s', (_, app, said) => {
  stage.write('gatewright.yaml', YAML.replace('gateways.ts', app));
  const { code, out } = stage.run(['validate']);
  expect({ code, out }).toEqual({ code: 3, out: expect.stringContaining(said) });
});

(NATIVE ? test.skip : test)('without a loader, the way out is named', () => {
  const bare = new Stage({ loader: false });
  try {
    bare.write('gatewright.yaml', YAML);
    bare.write('gateways.ts', CHAT);
    const { code, out } = bare.run(['validate']);
    expect(code).toBe(3);
    expect(out).toContain('app-no-loader');
    expect(out).toContain('npm install --save-dev tsx');
  } finally {
    bare.close();
  }
});

test('synth runs the program; a plan from its document does not', () => {
  stage.write('desired.json', stage.run(['synth']).out);
  stage.write('gateways.ts', "throw new Error('was run');");
  expect(stage.run(['synth']).code).toBe(3);
  expect(stage.run(['plan', '--desired', 'desired.json'])).toMatchObject({ code: 0, err: '' });
});
