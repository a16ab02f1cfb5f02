// The whole command in this process, against a simulated workspace whose time passes only while the command sleeps:
// a wait of an hour costs nothing, and somebody else may act in the middle of it.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../src/cli/run';
import type { JsonObject } from '../../src/model/json';
import { type Fault, type RecordedRequest, Simulator, type WorkspaceState } from '../../src/simulator';
import { type World, world } from '../cli/world';
import { type Watch, watched } from '../governed/watch';

export const TOKEN = 'dapi-canary-91c3e7aa20';
export const STAMP = { key: 'gatewright_project', value: 'p' };

/** After an interrupt what is in flight may finish; here it always does. */
const GRACE_MS = 6_000;

function never(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** `METHOD path` of what was no GET. */
  readonly writes: readonly string[];
  readonly requests: readonly RecordedRequest[];
}

export interface Wishes {
  readonly env?: Readonly<Record<string, string>>;
  readonly faults?: readonly Fault[];
  /** Before each sleep, with the milliseconds that it will take and those that have passed. */
  readonly asleep?: (ms: number, passed: number, context: World) => Promise<void> | void;
}

export class Stage {
  readonly directory = mkdtempSync(join(tmpdir(), 'gatewright-stage-'));

  private constructor(
    readonly simulator: Simulator,
    readonly watch: Watch,
  ) {}

  static async open(): Promise<Stage> {
    const { simulator, watch } = await watched(Simulator.start, { token: TOKEN, clock: 'manual' });
    return new Stage(simulator, watch);
  }

  async close(): Promise<void> {
    await this.simulator.close();
    rmSync(this.directory, { recursive: true });
  }

  /** A new workspace and an empty folder with this file in it; `body` stands below `project: p`. */
  set(body: string, state: WorkspaceState): void {
    rmSync(this.directory, { recursive: true });
    this.simulator.seed(state);
    this.file('gatewright.yaml', `project: p\n${body}`);
  }

  file(name: string, text: string): void {
    const path = join(this.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Every file of the folder, by its name. */
  files(): Record<string, string> {
    const found = readdirSync(this.directory, { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    return Object.fromEntries(
      found.map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [path.slice(this.directory.length + 1), readFileSync(path, 'utf8')];
      }),
    );
  }

  endpoint(name: string): JsonObject | undefined {
    return this.simulator.snapshot().serving_endpoints?.find((one) => one.name === name) as
      | JsonObject
      | undefined;
  }

  /** As somebody in the UI. */
  async byHand(method: string, path: string, body?: unknown): Promise<JsonObject> {
    const answer = await fetch(new URL(path, this.simulator.url), {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    const text = await answer.text();
    return text === '' ? {} : JSON.parse(text);
  }

  async gatewright(argv: readonly string[], { env = {}, faults = [], asleep }: Wishes = {}): Promise<Ran> {
    this.simulator.clearRequests();
    this.simulator.clearFaults();
    for (const fault of faults) this.simulator.addFault(fault);
    let passed = 0;
    const context = world({
      cwd: this.directory,
      env: { DATABRICKS_HOST: this.simulator.url, DATABRICKS_TOKEN: TOKEN, ...env },
      clock: {
        now: () => 1_790_000_000_000 + passed,
        sleep: async (ms, signal) => {
          if (ms === GRACE_MS) return never(signal);
          await asleep?.(ms, passed, context);
          signal?.throwIfAborted();
          passed += ms;
          this.simulator.advance(ms);
        },
      },
    });
    const code = await run(argv, context);
    const requests = [...this.simulator.requests];
    const writes = requests
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => `${method} ${path}`);
    const ran = { code, out: context.out(), err: context.err(), writes, requests };
    const everything = [ran.out, ran.err, ...Object.values(this.files()), JSON.stringify(requests)].join(
      '\n',
    );
    for (const secret of [TOKEN, ...Object.values(env).filter((value) => value.includes('canary'))]) {
      if (everything.includes(secret))
        throw new Error(`a secret stands in the output, a file or a request log`);
    }
    return ran;
  }
}
