// `npm run bench`: start-up and request counts as ratios in one run, never as times in a test. Machines are
// noisy: quote the ratios. Needs nothing but Node.
const { spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

const home = resolve(__dirname, '..');
const bin = join(home, 'dist/bin/gatewright.js');
/** The shell's own, which may slow down every start of Node (NODE_EXTRA_CA_CERTS does), but for what names a workspace. */
const OWN = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('DATABRICKS_')),
);
const RUNS = Number(process.env.BENCH_RUNS ?? 15);

if (isMainThread) main();
else serve(workerData);

/** The workspace lives in a thread of its own, so that it does not share our event loop with the stop-watch. */
async function serve({ endpoints }) {
  const { Simulator } = require(join(home, 'dist/src/simulator'));
  const simulator = await Simulator.start({ state: { serving_endpoints: endpoints } });
  parentPort.postMessage({ url: simulator.url });
  parentPort.on('message', (message) => {
    if (message === 'count') parentPort.postMessage({ requests: simulator.requests.length });
    if (message === 'clear') simulator.clearRequests();
    if (message === 'close') simulator.close();
  });
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-bench-'));
  try {
    const bare = median(() => timed(['-e', '0'], folder));
    console.log(
      `machine: ${process.platform} ${process.arch}, node ${process.version}, ${RUNS} runs each, medians`,
    );
    console.log(`node -e 0: ${bare.toFixed(0)} ms\n`);
    console.log('what                                        ms   x node');
    row(
      '--version',
      median(() => timed([bin, '--version'], folder)),
      bare,
    );
    writeFileSync(join(folder, 'gatewright.yaml'), project(1));
    row(
      'validate, 1 endpoint',
      median(() => timed([bin, 'validate'], folder)),
      bare,
    );
    for (const size of [1, 100, 1000]) await plans(size, folder, bare);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function plans(size, folder, bare) {
  writeFileSync(join(folder, 'gatewright.yaml'), project(size));
  const worker = new Worker(__filename, { workerData: { endpoints: estate(size) } });
  const { url } = await next(worker);
  const env = { DATABRICKS_HOST: url, DATABRICKS_TOKEN: 'bench-token' };
  const plan = () => timed([bin, 'plan', '--detailed-exitcode'], folder, env);
  plan();
  worker.postMessage('clear');
  plan();
  worker.postMessage('count');
  const { requests } = await next(worker);
  row(`plan without changes, ${size} endpoints`, median(plan), bare, `${requests} requests`);
  worker.postMessage('close');
  await worker.terminate();
}

function next(worker) {
  return new Promise((done) => worker.once('message', done));
}

function timed(argv, cwd, env = {}) {
  const begun = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, argv, {
    cwd,
    env: { ...OWN, ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - begun) / 1e6;
}

function median(run) {
  const times = Array.from({ length: RUNS }, run).sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}

function row(what, ms, bare, more = '') {
  console.log(
    `${what.padEnd(40)} ${ms.toFixed(0).padStart(6)} ${(ms / bare).toFixed(2).padStart(8)}   ${more}`,
  );
}

function project(size) {
  const entries = Array.from(
    { length: size },
    (_, index) =>
      `  e${index}:\n    ai_gateway:\n      usage_tracking_config: { enabled: true }\n      rate_limits: { user: { calls: 60 }, endpoint: { tokens: 100000 } }\n      guardrails: { input: { pii: { behavior: BLOCK } } }\n`,
  );
  return `project: bench\nserving_endpoints:\n${entries.join('')}`;
}

function estate(size) {
  return Array.from({ length: size }, (_, index) => ({
    name: `e${index}`,
    creator: 'ana@example.com',
    config: {
      served_entities: [
        { name: 'gpt', external_model: { name: 'gpt-5', provider: 'openai', task: 'llm/v1/chat' } },
      ],
    },
    tags: [{ key: 'gatewright_project', value: 'bench' }],
    ai_gateway: {
      usage_tracking_config: { enabled: true },
      guardrails: { input: { pii: { behavior: 'BLOCK' } } },
      rate_limits: [
        { key: 'user', calls: 60, renewal_period: 'minute' },
        { key: 'endpoint', tokens: 100000, renewal_period: 'minute' },
      ],
    },
  }));
}
