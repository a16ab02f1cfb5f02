// What the pipelines' files promise that no run shows: they are what their schemas say, pinned, least privileged, and
// the ones that the docs print.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { ROOT, readYaml } from './runner';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const schemaOf = (name: string) =>
  new Ajv({ strict: false, validateFormats: false, allErrors: true, logger: false }).compile(
    JSON.parse(text(`test/ci/schemas/${name}.json`)),
  );

const listed = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => `${folder}/${file}`);
const WORKFLOWS = [...listed('.github/workflows'), ...listed('examples/ci/github')];
const GITLAB = 'examples/ci/gitlab/gatewright.gitlab-ci.yml';
const OURS = [...WORKFLOWS, 'action.yml', GITLAB, 'examples/ci/pre-commit-config.yaml'];

// biome-ignore lint/suspicious/noExplicitAny: workflows are whatever their schema allows
type Any = any;
const jobsOf = (path: string) => Object.entries<Any>(readYaml(path).jobs);

test.each([
  ...WORKFLOWS.map((path) => ['github-workflows', path]),
  ['github-actions', 'action.yml'],
  ['gitlab-ci', GITLAB],
])('by the schema %s: %s', (schema, path) => {
  const validate = schemaOf(schema);
  validate(readYaml(path));
  expect(validate.errors ?? []).toEqual([]);
});

test('the schemas refuse what is wrong', () => {
  expect(schemaOf('github-workflows')({ on: 'push', jobs: { a: { 'run-on': 'x', steps: [] } } })).toBe(false);
  expect(schemaOf('github-actions')({ name: 'a', runs: { using: 'composite' } })).toBe(false);
  expect(schemaOf('gitlab-ci')({ a: { script: 1 } })).toBe(false);
});

test.each(WORKFLOWS)('%s runs nothing that moves, and nothing of ours but this version', (path) => {
  const uses = [...text(path).matchAll(/uses: *(\S+)(.*)/g)];
  expect(uses.length).toBeGreaterThan(0);
  for (const [, what = '', comment = ''] of uses) {
    if (what.startsWith('gatewright/'))
      expect(what).toMatch(new RegExp(`@v${version.replaceAll('.', '\\.')}$`));
    else expect(`${what}${comment}`).toMatch(/^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  }
});

test.each(WORKFLOWS)('%s gives each job what it needs, and knows no secret', (path) => {
  expect(readYaml(path).permissions).toEqual({});
  for (const [name, job] of jobsOf(path)) {
    const { permissions, steps = [] } = job;
    expect(permissions).toBeDefined();
    expect(
      Object.entries(permissions).filter(([key, level]) => key === 'contents' && level !== 'read'),
    ).toEqual([]);
    if (job.uses === undefined) expect(job['timeout-minutes']).toBeGreaterThan(0);
    for (const step of steps)
      if (/^actions\/checkout@/.test(step.uses)) expect(step.with['persist-credentials']).toBe(false);
    // Whoever can be somebody at the workspace runs none of the project's code, and is bound to an environment.
    if (permissions['id-token'] === 'write' && job.uses === undefined) {
      expect(JSON.stringify(steps)).not.toMatch(/"run":|npm |inputs\.install|"command":"synth"/);
      expect(job.environment).toBeDefined();
    }
    if (name === 'synth') expect(permissions).toEqual({ contents: 'read' });
  }
  expect(text(path)).not.toMatch(/secrets[.:]|pull_request_target/);
});

test('what is applied is applied one at a time, and waited for', () => {
  for (const file of ['apply', 'drift']) {
    const { concurrency } = readYaml(`.github/workflows/gatewright-${file}.yml`).jobs[file];
    expect(concurrency).toEqual({ group: 'gatewright-${{ inputs.target }}', 'cancel-in-progress': false });
  }
});

test.each([...WORKFLOWS, 'action.yml'])('%s puts no value into a script', (path) => {
  const file = readYaml(path);
  const steps: Any[] = [
    ...(file.runs?.steps ?? []),
    ...Object.values<Any>(file.jobs ?? {}).flatMap((job) => job.steps ?? []),
  ];
  for (const { run = '' } of steps) expect(run).not.toContain('${{');
});

test('the action hands the token for comments to the step that writes them alone', () => {
  const steps: Any[] = readYaml('action.yml').runs.steps;
  const handed = steps.filter((step) => JSON.stringify(step).includes('inputs.token'));
  expect(handed).toHaveLength(1);
  expect(handed[0].run).toBe('exec node "$GITHUB_ACTION_PATH/action/report.js"');
  for (const { run } of steps) expect(run).toMatch(/^(exec |exit "\$GATEWRIGHT_CODE"$)/);
});

test('the hook of pre-commit runs a command that there is, on the files that a project has', () => {
  const hooks = readYaml('.pre-commit-hooks.yaml');
  const manifest = JSON.parse(text('package.json'));
  for (const { id, name, entry, language, files, pass_filenames } of hooks) {
    expect({ id, name, language, pass_filenames }).toEqual({
      id: expect.stringMatching(/^gatewright-[a-z]+$/),
      name: expect.any(String),
      language: 'node',
      pass_filenames: false,
    });
    const [program, command] = entry.split(' ');
    expect(manifest.bin).toHaveProperty(program);
    expect(
      execFileSync(process.execPath, [join(ROOT, manifest.bin[program]), command, '--help']).length,
    ).toBeGreaterThan(0);
    expect(['gatewright.yaml', 'gateways/chat.yml'].every((file) => new RegExp(files).test(file))).toBe(true);
  }
  const [{ repo, rev, hooks: used }] = readYaml('examples/ci/pre-commit-config.yaml').repos;
  expect({ repo, rev }).toEqual({ repo: 'https://github.com/gatewright/gatewright', rev: `v${version}` });
  expect(used).toEqual([{ id: hooks[0].id }]);
});

test('GitLab runs this version', () => {
  expect(readYaml(GITLAB).variables.GATEWRIGHT_VERSION).toBe(version);
});

test('every file that the docs print is the tested one, and every tested one that a user needs is printed', () => {
  const blocks = [...text('docs/ci.md').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
  expect(blocks.length).toBeGreaterThan(0);
  const files = new Map(OURS.map((path) => [text(path), path]));
  expect(blocks.map((block) => files.get(block ?? '') ?? block)).toEqual([
    'examples/ci/github/gatewright.yml',
    'examples/ci/pre-commit-config.yaml',
    'examples/ci/github/gatewright-fork.yml',
    GITLAB,
  ]);
});
