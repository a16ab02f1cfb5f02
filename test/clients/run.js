// Lets official clients judge the simulator: serves the built one, runs each client's checks against it, and
// prints one line a check and the sum. Without Python, or where the SDK cannot be installed, it says so and
// succeeds: zero checks ran is not a failure of the simulator.
'use strict';
const { spawn, spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'gatewright-clients');
const CHECKS = join(__dirname, 'sdk_python.py');
const VENV = join(CACHE, 'python');
const READY = join(VENV, 'ready');
const PYTHON =
  process.platform === 'win32' ? join(VENV, 'Scripts', 'python.exe') : join(VENV, 'bin', 'python');
const INSTALL_MS = 300_000;
const RUN_MS = 300_000;

/** Runs a step of the installation; undefined when it worked, else why not. */
function step(command, args) {
  const done = spawnSync(command, args, { encoding: 'utf8', timeout: INSTALL_MS });
  if (done.error) return done.error.code === 'ENOENT' ? `${command} was not found` : done.error.message;
  if (done.status === 0) return undefined;
  return done.stderr.trim().split('\n').pop() || `${command} ended with ${done.status}`;
}

/** The SDK in a virtual environment of its own, made once. Why it could not be made, else undefined. */
function install() {
  if (existsSync(READY)) return undefined;
  rmSync(VENV, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const python = process.platform === 'win32' ? 'python' : 'python3';
  const failed =
    step(python, ['-m', 'venv', VENV]) ??
    step(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'databricks-sdk']);
  if (failed === undefined) writeFileSync(READY, '');
  return failed;
}

function checks(url) {
  // No credential of the caller's environment may reach the client under test.
  const env = { PATH: process.env.PATH, HOME: CACHE, SIMULATOR_URL: url, PYTHONUNBUFFERED: '1' };
  const child = spawn(PYTHON, [CHECKS], { env, stdio: ['ignore', 'pipe', 'inherit'], timeout: RUN_MS });
  const counts = { ok: 0, FAIL: 0, skip: 0 };
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const [word] = line.split(' ');
      if (Object.hasOwn(counts, word)) counts[word]++;
    }
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(counts));
  });
}

async function main() {
  const all = readFileSync(CHECKS, 'utf8').match(/^@check$/gm).length;
  const why = install();
  if (why !== undefined) {
    console.log(`SKIPPED: databricks-sdk could not be installed (${why}): 0 checks ran`);
    console.log(`0 passed, 0 failed, ${all} skipped`);
    return;
  }
  const { Simulator } = require(join(ROOT, 'dist', 'src', 'simulator', 'index.js'));
  const simulator = await Simulator.start();
  try {
    const { ok, FAIL, skip } = await checks(simulator.url);
    // A check that never reported has failed.
    const failed = FAIL + (all - ok - FAIL - skip);
    console.log(`${ok} passed, ${failed} failed, ${skip} skipped`);
    if (failed > 0) process.exitCode = 1;
  } finally {
    await simulator.close();
  }
}

main();
