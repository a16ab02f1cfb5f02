// Which rules hold: packs, files and overrides in layers; what is mandatory is weakened by nobody; a rule that breaks or
// cannot know has not passed.
import { readPolicyFile, textSource } from '../../src/config';
import { activate, type Catalogue } from '../../src/policy/active';
import { evaluate } from '../../src/policy/evaluate';
import { GPT } from '../../src/policy/examples';
import { judgedFiles } from '../../src/policy/judged';
import { CATALOGUE } from '../../src/policy/packs';
import type { Rule } from '../../src/policy/rule';
import { Unknown } from '../../src/policy/view';
import { desiredOf, only, project } from './judge';

type Files = Readonly<Record<string, string>>;

function read(files: Files, root = 'p.yaml') {
  const { read: policy, diagnostics } = readPolicyFile(textSource(files), root);
  if (policy === undefined)
    throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return policy;
}

function held(files: Files, roots: readonly string[] = ['p.yaml'], catalogue: Catalogue = CATALOGUE) {
  const policy = activate(
    roots.map((root) => read(files, root)),
    catalogue,
  );
  return {
    policy,
    rules: Object.fromEntries(policy.rules.map((one) => [one.rule.id, `${one.severity} ${one.enforcement}`])),
    codes: policy.diagnostics.map(({ code, at }) => `${code} ${at?.file}:${at?.line}`),
  };
}

test('a pack holds its rules, a file adds and takes away', () => {
  const { rules, codes } = held({
    'p.yaml':
      'extends: [recommended]\nrules:\n  token-limit: high\n  user-limit: off\n  AIG-LIM-001: mandatory\n',
  });
  expect(codes).toEqual([]);
  expect(rules['token-limit']).toBe('high overridable');
  expect(rules['user-limit']).toBeUndefined();
  expect(rules['endpoint-limit']).toBe('high mandatory');
  expect(rules['usage-tracking']).toBe('high overridable');
  expect(rules.described).toBeUndefined();
});

test('strict holds every rule', () => {
  expect(Object.keys(held({ 'p.yaml': 'extends: [strict]\n' }).rules)).toHaveLength(CATALOGUE.rules.length);
});

test.each(['off', 'low', 'advisory', '{ params: { overcommit: 9 } }'])(
  'what a file below makes mandatory cannot be made %s',
  (weaker) => {
    const { codes, rules } = held({
      'p.yaml': `extends: [base.yaml]\nrules:\n  limits-nested: ${weaker}\n`,
      'base.yaml': 'rules:\n  limits-nested: { enforcement: mandatory, severity: high }\n',
    });
    expect(codes).toEqual(['policy-weakened p.yaml:3']);
    expect(rules['limits-nested']).toBe('high mandatory');
  },
);

test('an override cannot weaken it either', () => {
  const { codes } = held({
    'p.yaml':
      'extends: [recommended]\nrules: { user-limit: mandatory }\noverrides:\n  - targets: [dev]\n    rules:\n      user-limit: off\n',
  });
  expect(codes).toEqual(['policy-weakened p.yaml:6']);
});

test('a file beside another lifts nothing of it', () => {
  const { policy } = held(
    {
      'p.yaml': 'extends: [recommended]\nrules: { user-limit: off }\n',
      'org.yaml': 'rules: { user-limit: mandatory }\n',
    },
    ['p.yaml', 'org.yaml'],
  );
  const judged = judgedFiles(desiredOf(project(`\n  chat:\n    ${GPT}`)));
  const { findings } = evaluate({ policy, judged, now: 0, phase: 'files' });
  expect(findings.filter(({ rule }) => rule === 'user-limit')).toMatchObject([
    { blocks: true, enforcement: 'mandatory' },
  ]);
});

test.each<[string, string, string]>([
  ['an unknown rule', 'rules: { user-limits: high }', 'unknown-rule p.yaml:1'],
  ['an unknown pack', 'extends: [recomended]', 'unknown-pack p.yaml:1'],
  ['an unknown parameter', 'params: { regions: [eu] }', 'unknown-param p.yaml:1'],
  [
    'a parameter of another rule',
    'rules: { user-limit: { params: { max_step: 1 } } }',
    'unknown-param p.yaml:1',
  ],
  ['a parameter of another type', 'params: { approved_models: openai }', 'bad-param p.yaml:1'],
  [
    'an override of what does not hold',
    'overrides: [{ targets: [dev], rules: { user-limit: off } }]',
    'rule-not-held p.yaml:1',
  ],
])('%s is an error at its line', (_, text, code) =>
  expect(held({ 'p.yaml': `${text}\n` }).codes).toEqual([code]),
);

test.each<[string, Files, string]>([
  ['a file that is missing', { 'p.yaml': 'extends: [other.yaml]\n' }, 'policy-unreadable'],
  ['a circle', { 'p.yaml': 'extends: [q.yaml]\n', 'q.yaml': 'extends: [p.yaml]\n' }, 'policy-cycle'],
  ['an empty file', { 'p.yaml': '# nothing\n' }, 'policy-empty'],
  ['a misspelt field', { 'p.yaml': 'rule: { user-limit: high }\n' }, 'unknown-field'],
  ['a severity that is none', { 'p.yaml': 'rules: { user-limit: severe }\n' }, 'bad'],
])('%s is no policy', (_, files, code) => expect(() => read(files)).toThrow(code));

test('overrides hold by file and by target', () => {
  const { policy } = held({
    'p.yaml':
      'extends: [recommended]\noverrides:\n  - files: ["*.yaml"]\n    targets: ["pro*"]\n    rules: { user-limit: low, usage-tracking: off }\n  - targets: [dev]\n    rules: { endpoint-limit: off }\n',
  });
  const judged = judgedFiles(desiredOf(project(`\n  chat:\n    ${GPT}`)));
  const { findings } = evaluate({ policy, judged, now: 0, phase: 'files' });
  const said = Object.fromEntries(findings.map(({ rule, severity }) => [rule, severity]));
  expect(said['user-limit']).toBe('low');
  expect(said['usage-tracking']).toBeUndefined();
  expect(said['endpoint-limit']).toBe('high');
});

const rule = CATALOGUE.rules.find(({ id }) => id === 'user-limit') as Rule;
const judged = judgedFiles(desiredOf(project(`\n  chat:\n    ${GPT}`)));
const outcomeOf = (changed: Partial<Rule>, phase: 'files' | 'plan' = 'files') =>
  evaluate({ policy: only({ ...rule, ...changed }), judged, now: 0, phase });

test('a rule that throws has failed', () => {
  const { findings, counts } = outcomeOf({
    // biome-ignore lint/correctness/useYield: it breaks before it could
    *check() {
      throw new Error('broken');
    },
  });
  expect(counts.fail).toBe(1);
  expect(findings).toMatchObject([{ outcome: 'fail', blocks: true, finding: 'rule-error' }]);
});

test.each([
  ['overridable', 'plan', false],
  ['mandatory', 'plan', true],
  ['mandatory', 'files', false],
] as const)('what is not known, under a rule that is %s, in %s: blocks %s', (enforcement, phase, blocks) => {
  const { findings, counts } = outcomeOf(
    {
      enforcement,
      // biome-ignore lint/correctness/useYield: it does not come to that
      *check() {
        throw new Unknown('ai_gateway');
      },
    },
    phase,
  );
  expect(counts).toMatchObject({ unknown: 1, pass: 0, fail: 0 });
  expect(findings).toMatchObject([{ outcome: 'unknown', blocks }]);
});

test('audit says the same and blocks nothing', () => {
  const { policy } = held({ 'p.yaml': 'extends: [strict]\nmode: audit\n' });
  const { findings } = evaluate({ policy, judged, now: 0, phase: 'plan' });
  expect(findings.some(({ outcome }) => outcome === 'fail')).toBe(true);
  expect(findings.filter(({ blocks }) => blocks)).toEqual([]);
});

describe('services are seen as endpoints are', () => {
  const services = judgedFiles(
    desiredOf(
      project(
        `
  main.ai.chat:
    labels: { tier: tier-1 }
    config:
      routing:
        destinations:
          - name: gpt
            destination_type: external_foundation_model
            traffic_percentage: 100
            external_model_config: { model_provider_service: model-provider-services/other.ai.openai, target: { model: gpt-5 } }
        fallback:
          destinations:
            - name: llama
              destination_type: pay_per_token_foundation_model
              pay_per_token_config: { model: models/system.ai.llama }
      rate_limits: [{ key: user_default, requests: 600, renewal_period: hour }]
    grants: [{ principal: account users, privileges: [EXECUTE] }]`,
        'model_services',
      ),
    ),
  );
  const found = Object.fromEntries(
    evaluate({
      policy: held({ 'p.yaml': 'extends: [strict]\n' }).policy,
      judged: services,
      now: 0,
      phase: 'files',
    }).findings.map(({ rule: id, outcome, path }) => [id, `${outcome} ${path}`]),
  );

  test('limits, grants, logging and destinations are judged', () => {
    expect(found['user-limit']).toBeUndefined();
    expect(found['fallback-for-top-tier']).toBeUndefined();
    expect(found['fallback-elsewhere']).toBeUndefined();
    expect(found['endpoint-limit']).toBe('fail config.rate_limits');
    expect(found['token-limit']).toBe('fail config.rate_limits');
    expect(found['payload-logging']).toBe('fail config.inference_table.parent');
    expect(found['no-everyone']).toBe('fail grants[account users]');
  });

  test('what the API does not tell is not known, and not taken for absent', () => {
    expect(found['input-pii']).toBe('unknown what filters input.pii');
  });

  test('an hourly limit is counted by the minute', () => {
    expect(services[0]?.self.limits.all()).toMatchObject([{ scope: 'user-default', requests: 10 }]);
  });
});
