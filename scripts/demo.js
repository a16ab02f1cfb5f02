// `npm run demo`: the main job, told. Real commands on the embedded workspace, in a folder that is thrown
// away; needs nothing but Node. Exits 1 as soon as a command does not end as the story says.
const { spawnSync } = require('node:child_process');
const { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');
const { parse } = require('yaml');

const home = resolve(__dirname, '..');
const bin = join(home, 'dist', 'bin', 'gatewright.js');
const project = mkdtempSync(join(tmpdir(), 'gatewright-demo-'));
const state = join(project, '.gatewright', 'simulator', 'sandbox.json');

main().then(
  () => rmSync(project, { recursive: true }),
  (error) => {
    process.stderr.write(`\nThe demo broke off: ${error.message}\nIts folder is kept: ${project}\n`);
    process.exitCode = 1;
  },
);

async function main() {
  cpSync(join(home, 'examples', 'quickstart'), project, { recursive: true });
  await workspace((simulator) =>
    simulator.seed(parse(readFileSync(join(project, 'workspace.yaml'), 'utf8'))),
  );

  say('An embedded workspace holds three endpoints: one of ours, two that Databricks made.');
  say('The files ask for limits, a guardrail and a log table. What would that change?');
  run(['plan'], 0);
  say('Apply it. Every endpoint is read again before it is written, and read back after.');
  run(['apply', '--yes'], 0);
  say('A second plan is empty: the workspace is as the files say.');
  run(['plan'], 0);

  say('At night, somebody raises a limit and drops the guardrail by hand.');
  await byHand('support-chat', (gateway) => ({
    ...gateway,
    guardrails: {},
    rate_limits: gateway.rate_limits.map((limit) =>
      limit.key === 'user' ? { ...limit, calls: 6000 } : limit,
    ),
  }));
  say('The nightly drift run finds it (exit 2) ...');
  run(['drift'], 2);
  say('... and apply restores it, the stricter part first.');
  run(['apply', '--yes'], 0);
  run(['drift'], 0);

  say('A file with a mistake is refused before anything is asked (exit 3).');
  const file = join(project, 'gateways', 'chat.yaml');
  const good = readFileSync(file, 'utf8');
  writeFileSync(file, good.replace('rate_limits:', 'rate_limit:').replace('BLOCK', 'block'));
  run(['plan'], 3);
  process.stdout.write('\nThat was the loop: declare, plan, apply, prove, watch.\n');
}

function say(text) {
  process.stdout.write(`\n# ${text}\n`);
}

function run(argv, exit) {
  process.stdout.write(`\n$ gatewright ${argv.join(' ')}\n`);
  const env = {
    PATH: process.env.PATH,
    HOME: project,
    COLUMNS: '80',
    NO_COLOR: process.stdout.isTTY ? '' : '1',
  };
  const { status, error } = spawnSync(process.execPath, [bin, ...argv], {
    cwd: project,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error) throw error;
  process.stdout.write(`(exit ${status})\n`);
  if (status !== exit) throw new Error(`"gatewright ${argv.join(' ')}" ended with ${status}, not ${exit}`);
}

/** What another client would do to the same workspace, over HTTP. */
async function byHand(name, change) {
  await workspace(async ({ url }) => {
    const headers = { authorization: 'Bearer somebody-else', 'content-type': 'application/json' };
    const endpoint = `${url}/api/2.0/serving-endpoints/${name}`;
    const { ai_gateway } = await (await fetch(endpoint, { headers })).json();
    const body = JSON.stringify(change(ai_gateway));
    const answer = await fetch(`${endpoint}/ai-gateway`, { method: 'PUT', headers, body });
    if (!answer.ok) throw new Error(`the edit by hand was answered ${answer.status}`);
  });
}

async function workspace(use) {
  const { Simulator } = require(join(home, 'dist', 'src', 'simulator'));
  mkdirSync(join(state, '..'), { recursive: true });
  const simulator = await Simulator.start({ stateFile: state });
  try {
    await use(simulator);
  } finally {
    await simulator.close();
  }
}
