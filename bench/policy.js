// `node bench/policy.js`: every rule over 1,000 and 10,000 endpoints, as ratios to reading their files. With
// `--counts FOLDER...`: how often each rule speaks on estates that others published, written to docs/policy-counts.json,
// from which scripts/generate.js makes the page. Needs the built program.
const { readdirSync, readFileSync, statSync, writeFileSync } = require('node:fs');
const { basename, join, resolve } = require('node:path');

const home = resolve(__dirname, '..');
const load = (path) => require(join(home, 'dist/src', path));
const { evaluate } = load('policy/evaluate');
const { judgedFiles, liveSelf } = load('policy/judged');
const { activate } = load('policy/active');
const { CATALOGUE } = load('policy/packs');

const STRICT = activate(
  [
    {
      file: '',
      extends: [{ pack: 'strict' }],
      mode: 'enforce',
      params: {},
      rules: [],
      overrides: [],
    },
  ],
  CATALOGUE,
);

function bench() {
  const { loadProject, textSource } = load('config');
  console.log(`${CATALOGUE.rules.length} rules, medians of ${RUNS()} runs`);
  console.log('endpoints   read the files   judge   judge / read   a rule and resource');
  for (const size of [1000, 10000]) {
    // A file takes 1 MB; include keeps each below that.
    const files = {
      'gatewright.yaml': 'project: bench\ninclude: [e/*.yaml]\ntargets: { prod: { host: simulator } }\n',
    };
    for (let from = 0; from < size; from += 500)
      files[`e/${from}.yaml`] = entries(from, Math.min(from + 500, size));
    let desired;
    const read = median(() => {
      desired = loadProject({ source: textSource(files) }).desired;
    });
    const judged = median(() =>
      evaluate({ policy: STRICT, judged: judgedFiles(desired), now: 0, phase: 'files' }),
    );
    const each = (judged * 1000) / (size * CATALOGUE.rules.length);
    console.log(
      `${String(size).padStart(9)}${`${read.toFixed(0)} ms`.padStart(17)}${`${judged.toFixed(0)} ms`.padStart(8)}${(judged / read).toFixed(2).padStart(15)}${`${each.toFixed(1)} µs`.padStart(22)}`,
    );
  }
}

function RUNS() {
  return Number(process.env.BENCH_RUNS ?? 5);
}

function median(run) {
  const times = Array.from({ length: RUNS() }, () => {
    const begun = process.hrtime.bigint();
    run();
    return Number(process.hrtime.bigint() - begun) / 1e6;
  });
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

function entries(from, to) {
  const one = (index) => `  e${index}:
    labels: { tier: tier-1, owner: "group:support" }
    config:
      served_entities:
        - { name: gpt, traffic_percentage: 100, external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/llm/openai}}" } } }
        - { name: claude, traffic_percentage: 0, external_model: { name: claude-sonnet-4, provider: anthropic, task: llm/v1/chat, anthropic_config: { anthropic_api_key: "{{secrets/llm/anthropic}}" } } }
    ai_gateway:
      usage_tracking_config: { enabled: true }
      fallback_config: { enabled: true }
      rate_limits: { user: { calls: 60 }, endpoint: { tokens: 100000 }, "user_group:analysts": { tokens: 50000 } }
      guardrails: { input: { pii: { behavior: BLOCK } } }
    permissions: [{ group_name: users, permission_level: CAN_QUERY }]
    tags: { team: support }
`;
  return `serving_endpoints:\n${Array.from({ length: to - from }, (_, index) => one(from + index)).join('')}`;
}

const ABOUT = {
  A: 'answers of the API that tests of other projects hold',
  B: 'bodies that people send',
  C: 'endpoints of published bundles',
};

function counts(folders) {
  const { wireOf } = load('wire');
  const { parse } = require('yaml');
  const wire = wireOf('serving_endpoints');
  const estates = folders.map((folder) => {
    const found = new Map();
    for (const file of readdirSync(folder).sort()) {
      if (!statSync(join(folder, file)).isFile()) continue;
      for (const [index, raw] of endpointsIn(parse(readFileSync(join(folder, file), 'utf8'))).entries()) {
        const name = typeof raw.name === 'string' ? raw.name : `${file}-${index}`;
        found.set(`${file} ${name}`, { id: 'counted', creator: 'counted', ...raw, name });
      }
    }
    const judged = [...found.values()].map((raw) => {
      const live = wire.fromWire(raw, true);
      return { self: liveSelf(live, 'prod', `${live.kind}.${live.name}`) };
    });
    const { findings } = evaluate({ policy: STRICT, judged, now: 0, phase: 'plan' });
    const byRule = {};
    for (const { rule } of CATALOGUE.rules.map(({ id }) => ({ rule: id }))) {
      const names = findings
        .filter((one) => one.rule === rule && one.outcome === 'fail')
        .map(({ name }) => name);
      if (names.length > 0) byRule[rule] = new Set(names).size;
    }
    const name = basename(folder);
    return {
      name: { A: 'answers', B: 'bodies', C: 'bundles' }[name] ?? name,
      about: ABOUT[name] ?? name,
      resources: judged.length,
      counts: byRule,
    };
  });
  writeFileSync(join(home, 'docs/policy-counts.json'), `${JSON.stringify({ estates }, null, 2)}\n`);
  for (const { name, resources, counts: found } of estates)
    console.log(name, resources, JSON.stringify(found));
}

/** Whatever shape it was published in: a list, one, a body, a bundle. Gateway settings alone have no endpoint. */
function endpointsIn(value) {
  if (Array.isArray(value)) return value.flatMap(endpointsIn);
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value.endpoints)) return value.endpoints.flatMap(endpointsIn);
  const bundle = value.resources?.model_serving_endpoints;
  if (bundle) return Object.values(bundle).flatMap(endpointsIn);
  const config = value.config;
  const holds =
    typeof config === 'object' && config !== null && (config.served_entities ?? config.served_models);
  return holds || value.ai_gateway || (typeof value.name === 'string' && value.state) ? [value] : [];
}

const counting = process.argv.indexOf('--counts');
if (counting < 0) bench();
else counts(process.argv.slice(counting + 1));
