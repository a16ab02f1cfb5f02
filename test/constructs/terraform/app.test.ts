// The program that cdktf.json names, run as the CLI of cdktf runs it, and what may load cdktf: nothing but that.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS } from '../../../src/cli/commands';
import { faults } from '../../engines/provider-schema';

const ROOT = join(__dirname, '../../..');
const BUILT = join(ROOT, 'dist/bin');
const built = existsSync(join(BUILT, 'cdktf.js')) ? test : test.skip;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-cdktf-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(cwd: string, context: Record<string, string> = {}) {
  const { app } = JSON.parse(readFileSync(join(ROOT, 'cdktf.json'), 'utf8')) as { app: string };
  const [program, ...words] = app.replace('dist/bin', BUILT).split(' ');
  const env = {
    PATH: process.env.PATH,
    CDKTF_OUTDIR: join(folder, 'out'),
    CDKTF_CONTEXT_JSON: JSON.stringify(context),
  };
  const { status, stdout, stderr } = spawnSync(program!, words, { cwd, env, encoding: 'utf8' });
  const texts = existsSync(join(folder, 'out'))
    ? readdirSync(join(folder, 'out'), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.json'))
        .map((file) => ({ file, text: readFileSync(join(folder, 'out', file), 'utf8') }))
    : [];
  return { status, stdout, stderr, texts };
}

const stacksOf = (texts: readonly { file: string; text: string }[]) =>
  texts.filter(({ file }) => file.endsWith('cdk.tf.json'));

built(
  'every target with a workspace is a stack that the provider takes, without a path of this machine',
  () => {
    writeFileSync(
      join(folder, 'gatewright.yaml'),
      `project: p
targets:
  here: { default: true, host: simulator }
  dev: { host: https://dev.example.com }
  prod: { host: https://prod.example.com }
serving_endpoints:
  chat: { tags: [{ key: a, value: b }] }
  databricks-*: { manage: attach, ai_gateway: { usage_tracking_config: { enabled: true } } }
`,
    );
    const { status, stderr, texts } = run(folder);
    expect(status).toBe(0);
    // Once, though it holds for both.
    expect(stderr.match(/not-in-terraform.*\n.*-->.*/g)).toHaveLength(1);
    expect(stderr).toContain('gatewright.yaml:8:83');
    expect(stacksOf(texts).map(({ file }) => file)).toEqual([
      'stacks/p-dev/cdk.tf.json',
      'stacks/p-prod/cdk.tf.json',
    ]);
    for (const { text } of stacksOf(texts)) {
      const { '//': _, ...document } = JSON.parse(text, (key, value) => (key === '//' ? undefined : value));
      expect(faults(document)).toEqual([]);
    }
    for (const { text } of texts) {
      expect(text).not.toContain(folder);
      expect(text).not.toContain(ROOT);
    }
  },
);

built('the example that cdktf.json names, and one target by context', () => {
  const { context } = JSON.parse(readFileSync(join(ROOT, 'cdktf.json'), 'utf8'));
  const { status, texts } = run(ROOT, { ...context, 'gatewright:target': 'sandbox' });
  expect(status).toBe(0);
  expect(stacksOf(texts).map(({ file }) => file)).toEqual(['stacks/llm-platform-sandbox/cdk.tf.json']);
});

built('an invalid project ends it with the same diagnostics and code as any command', () => {
  writeFileSync(join(folder, 'gatewright.yaml'), 'project: p\nserving_endpoints: { chat: { tag: {} } }\n');
  const { status, stderr } = run(folder);
  expect(status).toBe(3);
  expect(stderr).toContain('error[unknown-field]');
});

const COUNT = `
process.on('exit', () => {
  const loaded = Object.keys(require.cache).filter((file) => /node_modules[\\\\/]@?cdktf[\\\\/]/.test(file));
  require('node:fs').writeFileSync(process.env.COUNT_INTO, String(loaded.length));
});
`;

built(
  'no command loads cdktf',
  () => {
    const count = join(folder, 'count.js');
    const into = join(folder, 'count');
    writeFileSync(count, COUNT);
    writeFileSync(
      join(folder, 'gatewright.yaml'),
      'project: p\ntargets: { s: { host: simulator } }\nserving_endpoints: { chat: { tags: {} } }\n',
    );
    const counted = (...words: string[]) => {
      rmSync(into, { force: true });
      spawnSync(process.execPath, ['-r', count, ...words], {
        cwd: folder,
        env: { PATH: process.env.PATH, COUNT_INTO: into, CDKTF_OUTDIR: join(folder, 'out') },
        input: '',
        timeout: 30_000,
      });
      return Number(readFileSync(into, 'utf8'));
    };
    const calls = COMMANDS.flatMap(({ name }) =>
      name === 'synth'
        ? [['synth'], ['synth', '--to', 'terraform'], ['synth', '--to', 'bundle']]
        : name === 'simulator'
          ? [['simulator', '--help']]
          : [[name]],
    );
    expect(calls.length).toBeGreaterThan(8);
    for (const words of calls)
      expect([words, counted(join(BUILT, 'gatewright.js'), ...words)]).toEqual([words, 0]);
    // And the count counts.
    expect(counted(join(BUILT, 'cdktf.js'))).toBeGreaterThan(100);
  },
  60_000,
);

const terraform = spawnSync('terraform', ['version']).status === 0 ? built : test.skip;

terraform(
  'terraform reads the JSON as far as it goes without the provider: its fields are what it could not check',
  () => {
    const text = execFileSync(
      process.execPath,
      [join(BUILT, 'gatewright.js'), 'synth', '--to', 'terraform', '-C', join(ROOT, 'examples/quickstart')],
      { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const validated = (json: string) => {
      writeFileSync(join(folder, 'main.tf.json'), json);
      const { stdout } = spawnSync('terraform', ['validate', '-json'], {
        cwd: folder,
        env: { PATH: process.env.PATH, CHECKPOINT_DISABLE: '1' },
        encoding: 'utf8',
      });
      return (JSON.parse(stdout).diagnostics as { summary: string }[]).map(({ summary }) => summary);
    };
    expect(validated(text)).toEqual(['Missing required provider']);
    // What it does check without it: blocks, addresses, templates, what a lifecycle may say.
    expect(validated(text.replace('"ignore_changes"', '"ignore_change"'))).not.toEqual([
      'Missing required provider',
    ]);
  },
);
