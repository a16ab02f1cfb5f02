// The built command as a process: pipes that close, signals, files that are not there.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUILT = join(__dirname, '../../dist/bin/gatewright.js');
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'gatewright-process-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function start(...words: string[]) {
  const child = spawn(process.execPath, [BUILT, ...words], {
    cwd: directory,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { out: '', err: '' };
  child.stdout.on('data', (part) => {
    written.out += part;
  });
  child.stderr.on('data', (part) => {
    written.err += part;
  });
  return { child, written };
}

async function exitOf(child: ChildProcess): Promise<number | string | null> {
  const [code, signal] = await once(child, 'close');
  return signal ?? code;
}

async function address(child: ChildProcess, written: { out: string }): Promise<string> {
  for (;;) {
    const [, url] = /DATABRICKS_HOST=(\S+)\n/.exec(written.out) ?? [];
    if (url !== undefined) return url;
    if (child.exitCode !== null) throw new Error('it ended');
    await new Promise((go) => setTimeout(go, 10));
  }
}

test('a reader that goes away ends the output, not the run', async () => {
  const { child, written } = start('schema', 'gatewright');
  child.stdout.destroy();
  expect(await exitOf(child)).toBe(0);
  expect(written.err).toBe('');
});

test('a large output arrives whole through a slow pipe', async () => {
  const { child, written } = start('schema', 'gatewright');
  child.stdout.pause();
  setTimeout(() => child.stdout.resume(), 300);
  expect(await exitOf(child)).toBe(0);
  expect(() => JSON.parse(written.out)).not.toThrow();
});

test.each(['SIGINT', 'SIGTERM'] as const)('the simulator serves its seed until %s', async (signal) => {
  writeFileSync(
    join(directory, 'seed.yaml'),
    'serving_endpoints: [{ name: chat, config: { served_entities: [] } }]\n',
  );
  const { child, written } = start('simulator', '--seed', 'seed.yaml');
  const url = await address(child, written);
  const answer = await fetch(`${url}/api/2.0/serving-endpoints`, { headers: { authorization: 'Bearer x' } });
  expect(
    ((await answer.json()) as { endpoints: { name: string }[] }).endpoints.map(({ name }) => name),
  ).toEqual(['chat']);
  child.kill(signal);
  expect(await exitOf(child)).toBe(0);
  expect(written.err).toBe('');
});

test.each([
  ['seed: [', 'error[bad-seed]'],
  ['serving_endpoints: 7', 'error[bad-seed]'],
])('the simulator refuses the seed %j', async (text, message) => {
  writeFileSync(join(directory, 'bad.yaml'), text);
  const { child, written } = start('simulator', '--seed', 'bad.yaml');
  expect(await exitOf(child)).toBe(1);
  expect(written.err).toContain(message);
  expect(written.err).not.toMatch(/\n\s+at /);
});

test('a file that is not there, and a port that is taken, are said plainly', async () => {
  const missing = start('simulator', '--seed', 'nowhere.yaml');
  expect(await exitOf(missing.child)).toBe(1);
  expect(missing.written.err).toMatch(/^error\[system\]: ENOENT: .*nowhere\.yaml/);

  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const taken = start('simulator', '--port', String(port));
  expect(await exitOf(taken.child)).toBe(1);
  expect(taken.written.err).toMatch(/^error\[system\]: .*EADDRINUSE/);
  server.close();
});
