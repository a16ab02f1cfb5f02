// `node bench/import.js [endpoints]` after `npm run build`: an estate of all kinds (200 by default) in a served workspace
// is imported, planned for the first time, and changed for the first time. Times are of one run on one machine: quote
// the ratios to `node -e 0`. Needs nothing but Node.
const { spawnSync } = require('node:child_process');
const { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

const home = resolve(__dirname, '..');
const bin = join(home, 'dist/bin/gatewright.js');
/** The shell's own, which may slow down every start of Node (NODE_EXTRA_CA_CERTS does), but for what names a workspace. */
const OWN = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('DATABRICKS_')),
);

/** The workspace lives in a thread of its own, so that it does not share an event loop with the stop-watch. */
async function serve({ endpoints }) {
  const { Simulator } = require(join(home, 'dist/src/simulator'));
  const settings = { update_duration_ms: 0 };
  const simulator = await Simulator.start({ state: { serving_endpoints: endpoints, settings } });
  parentPort.postMessage({ url: simulator.url });
  parentPort.on('message', async () => {
    const requests = simulator.requests.map(({ method }) => method);
    simulator.clearRequests();
    parentPort.postMessage({
      all: requests.length,
      writes: requests.filter((method) => method !== 'GET').length,
    });
  });
}

async function main(size) {
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-bench-'));
  const worker = new Worker(__filename, { workerData: { endpoints: estate(size) } });
  try {
    const { url } = await answer(worker);
    const env = { DATABRICKS_HOST: url, DATABRICKS_TOKEN: 'bench-token' };
    const bare = Math.min(...Array.from({ length: 5 }, () => run(['-e', '0'], folder).ms));
    console.log(
      `machine: ${process.platform} ${process.arch}, node ${process.version}; node -e 0: ${bare.toFixed(0)} ms`,
    );
    console.log(`estate: ${size} endpoints of ${Object.keys(KINDS).length} kinds\n`);
    console.log('what                                        ms   x node   requests (writes)');
    const step = async (what, argv, expected) => {
      const { ms, status, out, err } = run([bin, ...argv], folder, env);
      worker.postMessage('count');
      const { all, writes } = await answer(worker);
      if (status !== 0) throw new Error(`${what}: exit ${status}\n${out}${err}`);
      if (!expected.test(out + err))
        throw new Error(`${what}: not as expected\n${out.slice(-400)}${err.slice(-400)}`);
      const row = `${what.padEnd(38)} ${ms.toFixed(0).padStart(7)} ${(ms / bare).toFixed(1).padStart(8)}`;
      console.log(`${row} ${String(all).padStart(10)} (${writes})`);
    };
    writeFileSync(join(folder, 'gatewright.yaml'), 'project: bench\ninclude: [gateways/*.yaml]\n');
    await step('import into files', ['import', '--into', 'gateways', '--presets', '--fold'], /^Imported \d+/);
    const files = readdirSync(join(folder, 'gateways'));
    const bytes = files.reduce((sum, file) => sum + readFileSync(join(folder, 'gateways', file)).length, 0);
    await step('first plan: all adopted', ['plan'], /: \d+ to adopt, \d+ unchanged\./);
    await step('first apply: stamps alone', ['apply', '--yes'], /Apply: \d+ applied\./);
    await step('plan without changes', ['plan', '--detailed-exitcode'], /nothing to change/);
    writeFileSync(
      join(folder, 'gatewright.yaml'),
      'project: bench\ninclude: [gateways/*.yaml]\ntargets:\n  here:\n    serving_endpoints:\n' +
        '      external-0: { ai_gateway: { rate_limits: { user: { calls: 7 } } } }\n',
    );
    await step('first change: one limit', ['apply', '--yes'], /Apply: 1 applied\./);
    await step('import again: all declared', ['import'], /^Imported 0 of/);
    console.log(`\n${files.length} files, ${(bytes / 1024).toFixed(0)} kB of config`);
  } finally {
    await worker.terminate();
    rmSync(folder, { recursive: true });
  }
}

function answer(worker) {
  return new Promise((done) => worker.once('message', done));
}

function run(argv, cwd, env = {}) {
  const begun = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    cwd,
    env: { ...OWN, ...env },
    encoding: 'utf8',
    maxBuffer: 64_000_000,
  });
  return { ms: Number(process.hrtime.bigint() - begun) / 1e6, status, out: stdout, err: stderr };
}

const external = (provider, block, config) => ({
  external_model: { name: 'some-model', provider, task: 'llm/v1/chat', [block]: config },
});

const KINDS = {
  external: (index) => ({
    config: {
      served_entities: [
        { name: 'gpt', ...external('openai', 'openai_config', { openai_api_key: '{{secrets/llm/openai}}' }) },
        {
          name: 'claude',
          ...external('anthropic', 'anthropic_config', { anthropic_api_key: '{{secrets/llm/anthropic}}' }),
        },
      ],
      traffic_config: {
        routes: [
          { served_entity_name: 'gpt', traffic_percentage: 100 - (index % 50) },
          { served_entity_name: 'claude', traffic_percentage: index % 50 },
        ],
      },
    },
    ai_gateway: {
      rate_limits: [{ calls: 60, key: 'user', renewal_period: 'minute' }],
      guardrails: { input: { pii: { behavior: 'BLOCK' } } },
      usage_tracking_config: { enabled: true },
      fallback_config: { enabled: true },
    },
  }),
  plaintext: () => ({
    config: {
      served_entities: [external('cohere', 'cohere_config', { cohere_api_key_plaintext: 'never-answered' })],
    },
  }),
  custom: (index) => ({
    config: {
      served_entities: [
        {
          entity_name: 'ml.models.scorer',
          entity_version: String(index),
          workload_size: 'Small',
          environment_vars: { LOG_LEVEL: 'info' },
        },
      ],
    },
    ai_gateway: {
      inference_table_config: {
        enabled: true,
        catalog_name: 'ml',
        schema_name: 'logs',
        table_name_prefix: `t${index}`,
      },
      usage_tracking_config: { enabled: true },
    },
    tags: [{ key: 'team', value: `team-${index % 7}` }],
  }),
  provisioned: () => ({
    config: {
      served_entities: [{ entity_name: 'system.ai.llama', entity_version: '1', provisioned_model_units: 50 }],
    },
  }),
  agent: () => ({ config: {}, task: 'agent/v1/chat' }),
  'databricks-model': () => ({
    id: null,
    creator: null,
    endpoint_type: 'FOUNDATION_MODEL_API',
    config: {
      served_entities: [
        { name: 'fm', entity_name: 'system.ai.fm', foundation_model: { name: 'system.ai.fm' } },
      ],
    },
    ai_gateway: {
      usage_tracking_config: { enabled: true },
      rate_limits: [{ calls: 30, key: 'user', renewal_period: 'minute' }],
    },
  }),
};

function estate(size) {
  const kinds = Object.entries(KINDS);
  return Array.from({ length: size }, (_, index) => {
    const [kind, make] = kinds[index % kinds.length];
    const number = Math.floor(index / kinds.length);
    return { name: `${kind}-${number}`, ...make(number) };
  });
}

if (isMainThread) main(Number(process.argv[2] ?? 200));
else serve(workerData);
