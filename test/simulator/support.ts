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

export const UC = '/api/2.1/unity-catalog';

export const PAY_PER_TOKEN = {
  name: 'sonnet',
  destination_type: 'DESTINATION_TYPE_PAY_PER_TOKEN_FOUNDATION_MODEL',
  pay_per_token_config: { model: 'models/system.ai.databricks-claude-sonnet-4-6' },
};

/** A destination that leads to the provider `main.ai.openai`. */
export const THROUGH_PROVIDER = {
  name: 'gpt',
  destination_type: 'DESTINATION_TYPE_EXTERNAL_FOUNDATION_MODEL',
  external_model_config: {
    model_provider_service: 'model-provider-services/main.ai.openai',
    target: { model: 'gpt-5', native_api_types: ['openai/v1/responses'] },
  },
};

export const PROVIDER = {
  config: {
    provider_type: 'EXTERNAL_MODEL_PROVIDER_TYPE_OPENAI',
    openai: { direct: { api_key: { secret_reference: { name: 'secrets/main.keys.openai' } } } },
    targets: [{ model: 'gpt-5', native_api_types: ['openai/v1/chat/completions'] }],
  },
};

export const LIMIT = {
  key: 'RATE_LIMIT_KEY_SERVICE',
  renewal_period: 'RATE_LIMIT_RENEWAL_PERIOD_MINUTE',
  requests: 100,
};

/** The three kinds with what each needs at least. */
export const SERVICES = {
  'model-services': {
    id: 'model_service_id',
    list: 'model_services',
    body: { config: { routing: { destinations: [PAY_PER_TOKEN] } } } as Body,
  },
  'model-provider-services': {
    id: 'model_provider_service_id',
    list: 'model_provider_services',
    body: PROVIDER as Body,
  },
  'mcp-services': {
    id: 'mcp_service_id',
    list: 'mcp_services',
    body: { config: { source_connection: { name: 'connections/main.ai.tickets' } } } as Body,
  },
} as const;

export type ServicePath = keyof typeof SERVICES;

/** Operations on services of one kind, by full name. */
export function services(simulator: Simulator, path: ServicePath) {
  const { id, body: least } = SERVICES[path];
  const one = (name: string, query: Record<string, string> = {}) => {
    const text = new URLSearchParams(query).toString();
    return `${UC}/${path}/${name}${text === '' ? '' : `?${text}`}`;
  };
  return {
    create: (name: string, body: unknown = least) => {
      const [catalog, schema, leaf] = name.split('.');
      const query = new URLSearchParams({ parent: `schemas/${catalog}.${schema}`, [id]: leaf ?? '' });
      return call(simulator, 'POST', `${UC}/${path}?${query}`, body);
    },
    get: (name: string) => call(simulator, 'GET', one(name)),
    list: (query: Record<string, string> = {}) =>
      call(simulator, 'GET', `${UC}/${path}?${new URLSearchParams({ parent: 'schemas/main.ai', ...query })}`),
    patch: (name: string, update_mask: string, body: unknown, query: Record<string, string> = {}) =>
      call(simulator, 'PATCH', one(name, { update_mask, ...query }), body),
    remove: (name: string, query: Record<string, string> = {}) => call(simulator, 'DELETE', one(name, query)),
  };
}
