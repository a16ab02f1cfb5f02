// A plan with ten changes of every kind, made of files and endpoints as anybody could have them. docs/example-comment.md
// shows it.
import type { JsonObject } from '../../src/model/json';
import { liveKey } from '../../src/plan/estate';
import type { Base } from '../../src/plan/origins';
import { makePlan } from '../../src/plan/plan';
import type { Plan } from '../../src/plan/types';
import { withExtras } from '../../src/reconcile/refresh';
import { servingEndpoints as wire } from '../../src/wire/serving-endpoints';
import { load, said } from '../config/project';

const FILES = {
  'gatewright.yaml': `
project: llm-platform
include: [gateways/*.yaml]
targets:
  prod: { host: https://adb-12.azuredatabricks.net }
presets:
  standard:
    ai_gateway:
      usage_tracking_config: { enabled: true }
      rate_limits: { user: { calls: 60 } }
removed:
  - { serving_endpoint: lent-chat, destroy: false, reason: moves to project billing, since: 2026-11-20 }
  - { serving_endpoint: old-chat, reason: replaced by chat-prod, since: 2026-11-20 }
`,
  'gateways/chat.yaml': `
serving_endpoints:
  chat-prod:
    config:
      served_entities:
        - name: gpt
          traffic_percentage: 60
          external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/llm/openai}}" } }
        - name: claude
          traffic_percentage: 40
          external_model: { name: claude-4, provider: anthropic, task: llm/v1/chat, anthropic_config: { anthropic_api_key: "{{secrets/llm/anthropic}}" } }
    ai_gateway: { fallback_config: { enabled: true } }
  support-chat:
    preset: standard
    ai_gateway:
      rate_limits: { "user_group:data-science": { tokens: 200000 } }
      guardrails: { input: { pii: { behavior: BLOCK } }, output: { pii: { behavior: MASK } } }
  docs-chat:
    description: Answers from the handbook
  new-chat:
    preset: standard
    config:
      served_entities:
        - name: gpt
          external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/llm/openai}}" } }
    permissions: [{ group_name: support-app, permission_level: CAN_QUERY }]
`,
  'gateways/more.yaml': `
serving_endpoints:
  search-embed:
    ai_gateway:
      rate_limits: { user: { calls: 600 }, "user:ana@example.com": null }
      guardrails: { input: { pii: null } }
      inference_table_config: { enabled: false }
  rank:
    config: { served_entities: { rank: { entity_version: "4" } } }
  legal-chat:
    ai_gateway:
      inference_table_config: { enabled: true, catalog_name: ml, schema_name: legal, table_name_prefix: chat }
    permissions: { "group:legal": CAN_QUERY, "group:everybody": null }
    tags: { team: legal }
  billing-chat:
    ai_gateway: { rate_limits: { user: { calls: 30 } } }
  quiet-chat:
    preset: standard
  watched-chat:
    manage: observe
    ai_gateway: { rate_limits: { user: { calls: 30 } } }
  "databricks-*":
    manage: attach
    kind: pay_per_token
    ai_gateway: { rate_limits: { user: { calls: 30 } } }
  databricks-old-llama:
    manage: attach
    ai_gateway: { rate_limits: { endpoint: { calls: 0 } } }
`,
};

const external = (name: string, provider: string, model: string): JsonObject => ({
  name,
  external_model: {
    name: model,
    provider,
    task: 'llm/v1/chat',
    [`${provider}_config`]: { [`${provider}_api_key`]: `{{secrets/llm/${provider}}}` },
  },
});
const routes = (...shares: [string, number][]): JsonObject => ({
  routes: shares.map(([served_entity_name, traffic_percentage]) => ({
    served_entity_name,
    traffic_percentage,
  })),
});
const user = (calls: number, principal?: string): JsonObject => ({
  key: 'user',
  calls,
  renewal_period: 'minute',
  ...(principal === undefined ? {} : { principal }),
});
const gpt: JsonObject = {
  served_entities: [external('gpt', 'openai', 'gpt-5')],
  traffic_config: routes(['gpt', 100]),
};
const standard: JsonObject = { usage_tracking_config: { enabled: true }, rate_limits: [user(60)] };
const foundation = (name: string): JsonObject => ({
  name,
  config: { served_entities: [{ name, foundation_model: { name } }] },
  endpoint_type: 'FOUNDATION_MODEL_API',
  ai_gateway: { usage_tracking_config: { enabled: true } },
});

/** The same project before: traffic and the version are changes of the files since, the limit is one of both. */
const BEFORE = [
  ['traffic_percentage: 60', 'traffic_percentage: 80'],
  ['traffic_percentage: 40', 'traffic_percentage: 20'],
  ['entity_version: "4"', 'entity_version: "3"'],
  ['calls: 600', 'calls: 100'],
] as const;

function filesBefore(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(FILES).map(([file, text]) => [
      file,
      BEFORE.reduce((before, [now, then]) => before.replace(now, then), text),
    ]),
  );
}

/** The same changes, of which some undo what somebody made in the workspace. */
export function originPlan(): Plan {
  const { desired } = load(filesBefore(), { target: 'prod' });
  if (desired === undefined) throw new Error('no base');
  return examplePlan(ALLOWED, {
    desired,
    name: 'origin/main',
    commit: '0123456789ab'.repeat(4).slice(0, 40),
  });
}

const ALLOWED = ['replace:docs-chat', 'adopt-removes:legal-chat', 'brake'];

/** By name: the project whose stamp it carries, and what GET answers. */
const LIVE: readonly (readonly [stamp: string, raw: JsonObject])[] = [
  [
    'llm-platform',
    {
      name: 'chat-prod',
      config: {
        served_entities: [external('claude', 'anthropic', 'claude-4'), external('gpt', 'openai', 'gpt-5')],
        traffic_config: routes(['gpt', 80], ['claude', 20]),
      },
      ai_gateway: { rate_limits: [user(60)] },
    },
  ],
  [
    'llm-platform',
    { name: 'support-chat', config: gpt, ai_gateway: { ...standard, rate_limits: [user(120)] } },
  ],
  ['llm-platform', { name: 'docs-chat', config: gpt, description: 'Answers' }],
  [
    'llm-platform',
    {
      name: 'search-embed',
      config: gpt,
      ai_gateway: {
        rate_limits: [user(120), user(300, 'ana@example.com')],
        guardrails: { input: { pii: { behavior: 'BLOCK' } } },
        inference_table_config: { enabled: true, catalog_name: 'ml', schema_name: 'logs' },
      },
    },
  ],
  [
    'llm-platform',
    {
      name: 'rank',
      config: {
        served_entities: [
          { name: 'rank', entity_name: 'ml.models.rank', entity_version: '3', workload_size: 'Small' },
        ],
        traffic_config: routes(['rank', 100]),
      },
    },
  ],
  [
    '',
    {
      name: 'legal-chat',
      config: gpt,
      ai_gateway: {
        inference_table_config: {
          enabled: true,
          catalog_name: 'ml',
          schema_name: 'logs',
          table_name_prefix: 'chat',
        },
      },
      permissions: [
        { group_name: 'legal', permission_level: 'CAN_VIEW' },
        { group_name: 'everybody', permission_level: 'CAN_QUERY' },
      ],
    },
  ],
  ['billing', { name: 'billing-chat', config: gpt }],
  ['llm-platform', { name: 'quiet-chat', config: gpt, ai_gateway: standard }],
  ['', { name: 'watched-chat', config: gpt, ai_gateway: { rate_limits: [user(90)] } }],
  ['llm-platform', { name: 'lent-chat', config: gpt }],
  ['llm-platform', { name: 'old-chat', config: gpt }],
  ['llm-platform', { name: 'forgotten-chat', config: gpt }],
  ['', foundation('databricks-claude-sonnet')],
  ['', foundation('databricks-old-llama')],
];

/** Any: what a digest is made of is held elsewhere, and would change the goldens of every format. */
const DIGEST = `sha256:${'8e12dddb3fa44732'.repeat(4)}`;

export function examplePlan(allow: readonly string[] = ALLOWED, base?: Base): Plan {
  const loaded = load(FILES, { target: 'prod' });
  if (loaded.desired === undefined) throw new Error(said(loaded).join('\n'));
  const live = LIVE.map(([stamp, { permissions, ...raw }]) => {
    const system = raw.endpoint_type !== undefined;
    const answer = {
      ...(system ? {} : { id: `id-${String(raw.name)}`, creator: 'ana@example.com' }),
      ...raw,
      tags: stamp === '' ? [] : [{ key: 'gatewright_project', value: stamp }],
    };
    return withExtras(wire.fromWire(answer, true), permissions === undefined ? undefined : { permissions });
  });
  const { plan } = makePlan({
    desired: loaded.desired,
    live: {
      resources: new Map(live.map((one) => [liveKey(one.kind, one.name), one])),
      absent: new Set([liveKey(wire.kind, 'new-chat')]),
      unseen: new Map(),
      listed: live,
      notices: [],
      caller: ['user:ana@example.com'],
    },
    host: 'https://adb-12.azuredatabricks.net',
    tool: '0.0.0',
    now: 0,
    allow: [...allow],
    ...(base === undefined ? {} : { base }),
  });
  return { ...plan, digest: DIGEST };
}
