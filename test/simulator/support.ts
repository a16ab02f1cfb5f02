// Starts simulators for tests, speaks plain HTTP to them, and stops them afterwards.
import { Simulator, type SimulatorOptions } from '../../src/simulator';

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely here
export type Body = any;

export interface Reply {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

const open: Simulator[] = [];

export async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await Simulator.start({ clock: 'manual', ...options });
  open.push(simulator);
  return simulator;
}

export async function stopAll(): Promise<void> {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
}

/** `path` below /api/2.0 unless it starts with another root. */
export async function call(
  simulator: Simulator,
  method: string,
  path: string,
  body?: unknown,
): Promise<Reply> {
  const full = /^\/(api|_simulator|\.well-known|serving-endpoints\/.*\/invocations|oidc)/.test(path)
    ? path
    : `/api/2.0${path}`;
  const response = await fetch(simulator.url + full, {
    method,
    redirect: 'manual',
    headers: { authorization: 'Bearer t', 'user-agent': 'test/1' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  let parsed: unknown = text;
  try {
    parsed = JSON.parse(text);
  } catch {
    // text/plain answers stay text
  }
  return { status: response.status, body: parsed, headers: response.headers };
}

export const EXTERNAL = {
  name: 'gpt',
  external_model: {
    name: 'gpt-5',
    provider: 'openai',
    task: 'llm/v1/chat',
    openai_config: { openai_api_key: '{{secrets/llm/openai}}' },
  },
};

export const CUSTOM = {
  name: 'fraud',
  entity_name: 'main.ml.fraud',
  entity_version: '3',
  workload_size: 'Small',
};

export const PROVISIONED = {
  name: 'llama',
  entity_name: 'system.ai.llama',
  entity_version: '1',
  min_provisioned_throughput: 0,
  max_provisioned_throughput: 100,
};
