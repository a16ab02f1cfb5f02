// What a difference and a change do, in sentences: every code of the table by an example, and laws that hold for all.
import Ajv from 'ajv/dist/2020';
import fc from 'fast-check';
import planSchema from '../../schemas/plan.schema.json';
import type { Json, JsonObject } from '../../src/model/json';
import { isItem } from '../../src/model/path';
import { type Effect, SENTENCES } from '../../src/plan/effect-sentences';
import type { Plan } from '../../src/plan/types';
import { withExtras } from '../../src/reconcile/refresh';
import { aiGatewayConfig, aiGatewayLive, tagsConfig } from '../generators/gateway';
import { attached, entry, live, planOf } from './make';

const seen = new Set<string>();
const validate = new Ajv({ strict: false, validateFormats: false }).compile(planSchema);

const EVERYTHING = ['replace', 'adopt-removes', 'takeover'];

/** A plan about `chat`, checked against the published schema. `permissions` of what is live are its direct entries. */
function planned(
  fields: JsonObject,
  raw: JsonObject | undefined,
  stamp: string | null = 'llm-platform',
): Plan {
  const { permissions, ...answer } = raw ?? {};
  const extras = permissions === undefined ? undefined : { permissions: permissions as Json };
  const { plan } = planOf(
    [entry('chat', fields)],
    { live: raw === undefined ? [] : [withExtras(live('chat', answer, stamp), extras)] },
    { allow: EVERYTHING },
  );
  return checked(plan);
}

function checked(plan: Plan): Plan {
  if (!validate(JSON.parse(JSON.stringify(plan))))
    throw new Error(`against the schema: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
  return plan;
}

function effectsOf(plan: Plan): readonly Effect[] {
  const all = [...plan.changes, ...plan.refused, ...plan.observed].flatMap(({ effects, differences }) => [
    ...effects,
    ...differences.map(({ effect }) => effect),
  ]);
  for (const { code } of all) seen.add(code);
  return all;
}

/** The sentences of the change as a whole. */
function told(fields: JsonObject, raw: JsonObject | undefined, stamp?: string | null): string[] {
  const plan = planned(fields, raw, stamp);
  effectsOf(plan);
  const [one] = [...plan.changes, ...plan.refused];
  return (one?.effects ?? []).map(({ text }) => text);
}

/** The sentences of each of its fields. */
function toldByField(fields: JsonObject, raw: JsonObject): string[] {
  const plan = planned(fields, raw);
  effectsOf(plan);
  const [one] = [...plan.changes, ...plan.refused];
  return (one?.differences ?? []).map(({ effect }) => effect.text);
}

const gateway = (block: JsonObject): JsonObject => ({ ai_gateway: block });
const limit = (key: string, calls: number, principal?: string): JsonObject => ({
  key,
  calls,
  renewal_period: 'minute',
  ...(principal === undefined ? {} : { principal }),
});
const limits = (...list: JsonObject[]) => gateway({ rate_limits: list });
const external = (name: string, provider: string, model: string, secret = `llm/${provider}`): JsonObject => ({
  name,
  external_model: {
    name: model,
    provider,
    task: 'llm/v1/chat',
    [`${provider}_config`]: { [`${provider}_api_key`]: `{{secrets/${secret}}}` },
  },
});
const routes = (...shares: [string, number][]): JsonObject => ({
  routes: shares.map(([served_entity_name, traffic_percentage]) => ({
    served_entity_name,
    traffic_percentage,
  })),
});
const serving = (entities: JsonObject[], ...shares: [string, number][]): JsonObject => ({
  config: {
    served_entities: entities,
    ...(shares.length === 0 ? {} : { traffic_config: routes(...shares) }),
  },
});
const GPT = external('gpt', 'openai', 'gpt-5');
const CLAUDE = external('claude', 'anthropic', 'claude-4');
const COMMAND = external('command', 'cohere', 'command-a');

describe('traffic', () => {
  test('points move from one to another', () => {
    expect(
      told(
        serving([GPT, CLAUDE], ['gpt', 60], ['claude', 40]),
        serving([GPT, CLAUDE], ['gpt', 80], ['claude', 20]),
      ),
    ).toEqual(['about 20 points of primary traffic move from openai gpt-5 to anthropic claude-4']);
  });

  test('what several lose and one gains is summed', () => {
    expect(
      told(
        serving([GPT, CLAUDE, COMMAND], ['gpt', 50], ['claude', 40], ['command', 10]),
        serving([GPT, CLAUDE, COMMAND], ['gpt', 60], ['claude', 10], ['command', 30]),
      ),
    ).toEqual([
      'about 30 points of primary traffic move from cohere command-a (20) and openai gpt-5 (10) to anthropic claude-4',
    ]);
  });

  test('the one that answers alone has everything unasked', () => {
    expect(told(serving([CLAUDE], ['claude', 100]), serving([GPT]))).toEqual([
      'all primary traffic moves from openai gpt-5 to anthropic claude-4',
      'anthropic claude-4 is added',
      'openai gpt-5 answers no more',
      'the credential of claude is read from secret llm/anthropic',
    ]);
  });

  test('an entity that answers with another model is another one', () => {
    const mini = external('gpt', 'openai', 'gpt-5-mini');
    expect(
      told(
        serving([GPT, CLAUDE], ['gpt', 80], ['claude', 20]),
        serving([mini, CLAUDE], ['gpt', 80], ['claude', 20]),
      ),
    ).toEqual(['about 80 points of primary traffic move from openai gpt-5-mini to openai gpt-5']);
    expect(
      told(
        serving([GPT, CLAUDE], ['gpt', 0], ['claude', 100]),
        serving([mini, CLAUDE], ['gpt', 0], ['claude', 100]),
      ),
    ).toEqual(['gpt answers with openai gpt-5 instead of openai gpt-5-mini']);
  });

  test('two of one model are told apart', () => {
    const two = [GPT, external('gpt-b', 'openai', 'gpt-5')];
    expect(told(serving(two, ['gpt', 90], ['gpt-b', 10]), serving(two, ['gpt', 100], ['gpt-b', 0]))).toEqual([
      'about 10 points of primary traffic move from openai gpt-5 (gpt) to openai gpt-5 (gpt-b)',
    ]);
  });

  test('one point is one', () => {
    expect(
      told(
        serving([GPT, CLAUDE], ['gpt', 99], ['claude', 1]),
        serving([GPT, CLAUDE], ['gpt', 100], ['claude', 0]),
      ),
    ).toEqual(['about 1 point of primary traffic moves from openai gpt-5 to anthropic claude-4']);
  });

  test('each route by itself, where only fields are looked at', () => {
    expect(
      toldByField(
        serving([GPT, CLAUDE], ['gpt', 0], ['claude', 100]),
        serving([GPT, CLAUDE], ['gpt', 80], ['claude', 20]),
      ),
    ).toEqual([
      'openai gpt-5 gets no primary traffic any more (it had 80 %)',
      'anthropic claude-4 gets 100 % of primary traffic instead of 20 %',
    ]);
  });

  test('one that comes along without traffic is a fallback or nothing', () => {
    const before = serving([GPT], ['gpt', 100]);
    const after = serving([GPT, CLAUDE], ['gpt', 100], ['claude', 0]);
    expect(told(after, before)[0]).toBe('anthropic claude-4 is added and gets no traffic');
    const fallback = gateway({ fallback_config: { enabled: true } });
    expect(told(after, { ...before, ...fallback })[0]).toBe(
      'anthropic claude-4 is added as a fallback, without primary traffic',
    );
  });

  test('where calls go stands beside the sentences', () => {
    const [change] = planned(serving([CLAUDE], ['claude', 100]), serving([GPT])).changes;
    expect(change?.routing).toEqual({
      before: { answers: [{ entity: 'gpt', label: 'openai gpt-5', points: 100 }], fallback: false },
      after: { answers: [{ entity: 'claude', label: 'anthropic claude-4', points: 100 }], fallback: false },
    });
  });

  test('another version of the same model moves no traffic', () => {
    const rank = (version: string) => ({
      name: 'rank',
      entity_name: 'ml.models.rank',
      entity_version: version,
    });
    expect(told(serving([rank('4')]), serving([rank('3')]))).toEqual([
      'rank answers with version 4 of ml.models.rank instead of version 3',
    ]);
  });

  test('fallback, in the order that the files declare', () => {
    const on = gateway({ fallback_config: { enabled: true } });
    const off = gateway({ fallback_config: null });
    const both = serving([GPT, CLAUDE], ['gpt', 100], ['claude', 0]);
    expect(told({ ...both, ...on }, both)).toEqual([
      'a call that one model fails to answer goes to the next: openai gpt-5, then anthropic claude-4',
    ]);
    expect(told(on, both)).toEqual(['a call that one model fails to answer goes to the next']);
    expect(told(off, { ...both, ...on })).toEqual([
      'a call that one model fails to answer is no longer tried at another',
    ]);
  });
});

describe('limits', () => {
  const user = (calls: number | null) => gateway({ rate_limits: { user: { calls } } });
  const of = (key: string, calls: number | null) => gateway({ rate_limits: { [key]: { calls } } });

  test.each<[string, JsonObject, JsonObject, string]>([
    [
      'falls',
      user(60),
      limits(limit('user', 120)),
      'the default user limit falls from 120 to 60 calls a minute',
    ],
    [
      'rises',
      user(120),
      limits(limit('user', 60)),
      'the default user limit rises from 60 to 120 calls a minute',
    ],
    ['is set', user(60), {}, 'each user is limited to 60 calls a minute by default'],
    [
      'goes',
      user(null),
      limits(limit('user', 60)),
      'calls of users without a limit of their own are no longer limited (60 a minute before)',
    ],
    [
      'goes, and the ceiling stays',
      user(null),
      limits(limit('user', 60), limit('endpoint', 500)),
      'calls of users without a limit of their own are no longer limited (60 a minute before): only the 500 of all callers together hold',
    ],
    [
      'refuses all',
      user(0),
      limits(limit('user', 60)),
      'every user without a limit of their own is refused: a limit of 0 calls a minute instead of 60',
    ],
    [
      'lets through again',
      user(60),
      limits(limit('user', 0)),
      'calls of users without a limit of their own are let through again, up to 60 calls a minute',
    ],
    [
      'lets everything through again',
      user(null),
      limits(limit('user', 0)),
      'calls of users without a limit of their own are let through again, without a limit on calls',
    ],
    [
      'is above what all together may do',
      user(60),
      limits(limit('endpoint', 50)),
      'each user is limited to 60 calls a minute by default; the limit of all callers together is lower: 50',
    ],
    [
      'of the endpoint is set',
      of('endpoint', 1000),
      {},
      'all callers together are limited to 1000 calls a minute',
    ],
    [
      'of the endpoint falls',
      of('endpoint', 500),
      limits(limit('endpoint', 1000)),
      'the limit of all callers together falls from 1000 to 500 calls a minute',
    ],
    [
      'of the endpoint refuses all',
      of('endpoint', 0),
      {},
      'every call is refused, whoever makes it: a limit of 0 calls a minute',
    ],
    [
      'of the endpoint goes',
      of('endpoint', null),
      limits(limit('endpoint', 1000)),
      'calls of all callers together are no longer limited (1000 a minute before)',
    ],
    [
      'of a user is set beside a default',
      of('user:ana@example.com', 300),
      limits(limit('user', 60)),
      'user ana@example.com gets a limit of their own, 300 calls a minute, instead of the default of 60',
    ],
    [
      'of a user refuses them',
      of('user:ana@example.com', 0),
      {},
      'every call of user ana@example.com is refused: a limit of 0 calls a minute',
    ],
    [
      'of a user goes, and others hold',
      of('user:ana@example.com', null),
      limits(limit('user', 60), limit('user', 300, 'ana@example.com'), limit('user_group', 90, 'ml')),
      'calls of user ana@example.com are no longer limited on their own (300 a minute before): the default of 60 or a limit of their groups holds instead',
    ],
    [
      'of a group is shared',
      of('user_group:data science', 200),
      limits(limit('user', 60)),
      'group "data science" shares a limit of 200 calls a minute, instead of the default of 60 for each user',
    ],
    [
      'of a group falls',
      of('user_group:ml', 100),
      limits(limit('user_group', 200, 'ml')),
      'the shared limit of group ml falls from 200 to 100 calls a minute',
    ],
    [
      'of a service principal rises',
      of('service_principal:3f1c', 200),
      limits(limit('service_principal', 100, '3f1c')),
      'the limit of service principal 3f1c rises from 100 to 200 calls a minute',
    ],
    [
      'in tokens is grouped by digits',
      gateway({ rate_limits: { user: { tokens: 200_000 } } }),
      {},
      'each user is limited to 200,000 tokens a minute by default',
    ],
  ])('one that %s', (_, fields, raw, text) => {
    expect(told(fields, raw)).toEqual([text]);
  });
});

describe('protection', () => {
  const pii = (behavior: string | null) => gateway({ guardrails: { input: { pii: { behavior } } } });
  const guard = (block: JsonObject) => gateway({ guardrails: block });

  test.each<[string, JsonObject, JsonObject, string]>([
    ['on', pii('BLOCK'), {}, 'personal data in requests is blocked'],
    ['off', pii(null), pii('BLOCK'), 'personal data in requests is no longer blocked'],
    ['none is off', pii('NONE'), pii('MASK'), 'personal data in requests is no longer masked'],
    ['weaker', pii('MASK'), pii('BLOCK'), 'personal data in requests is masked instead of blocked'],
    [
      'unheard of',
      pii('MASK'),
      pii('HASH'),
      'personal data in requests is masked instead of treated as HASH',
    ],
    [
      'on the way back',
      guard({ output: { pii: { behavior: 'MASK' } } }),
      {},
      'personal data in answers is masked',
    ],
    ['safety', guard({ input: { safety: true } }), {}, 'unsafe content in requests is blocked'],
    [
      'no safety',
      guard({ output: { safety: null } }),
      guard({ output: { safety: true } }),
      'unsafe content in answers is no longer blocked',
    ],
    [
      'words',
      guard({ input: { invalid_keywords: ['a', 'b', 'c d', 'e'] } }),
      guard({ input: { invalid_keywords: ['x'] } }),
      'requests that hold a, b, "c d" or 1 other are refused; requests that hold x are no longer refused',
    ],
    [
      'topics',
      guard({ input: { valid_topics: ['billing', 'support'] } }),
      {},
      'requests may be about billing or support alone',
    ],
    [
      'any topic',
      guard({ input: { valid_topics: null } }),
      guard({ input: { valid_topics: ['billing'] } }),
      'requests may be about any topic',
    ],
    [
      'usage',
      gateway({ usage_tracking_config: { enabled: true } }),
      {},
      'who uses it and how much is tracked',
    ],
    [
      'no usage',
      gateway({ usage_tracking_config: null }),
      gateway({ usage_tracking_config: { enabled: true } }),
      'who uses it and how much is no longer tracked',
    ],
  ])('%s', (_, fields, raw, text) => {
    expect(told(fields, raw)).toEqual([text]);
  });
});

describe('logging', () => {
  const table = (more: JsonObject): JsonObject =>
    gateway({ inference_table_config: { enabled: true, catalog_name: 'ml', schema_name: 'logs', ...more } });

  test.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'on, to the table that follows from its name',
      table({}),
      {},
      ['requests and answers are logged to table ml.logs.chat_payload'],
    ],
    [
      'off',
      gateway({ inference_table_config: { enabled: false } }),
      table({}),
      ['requests and answers are no longer logged'],
    ],
    [
      'gone',
      gateway({ inference_table_config: null }),
      table({}),
      ['requests and answers are no longer logged'],
    ],
    [
      'moved, said once for both of its parts',
      table({ schema_name: 'legal', table_name_prefix: 'c' }),
      table({}),
      ['requests and answers are logged to table ml.legal.c_payload instead of ml.logs.chat_payload'],
    ],
    [
      'the place alone, while it is off',
      gateway({ inference_table_config: { schema_name: 'legal' } }),
      table({ enabled: false }),
      ['nothing is logged; should it be, requests and answers go to table ml.legal.chat_payload'],
    ],
  ])('%s', (_, fields, raw, texts) => {
    expect(told(fields, raw)).toEqual(texts);
  });
});

describe('access and credentials', () => {
  const may = (group: string, level: string | null) => ({ permissions: { [`group:${group}`]: level } });
  const has = (group_name: string, permission_level: string) => ({
    permissions: [{ group_name, permission_level }],
  });

  test.each<[string, JsonObject, JsonObject, string]>([
    ['given', may('support-app', 'CAN_QUERY'), { permissions: [] }, 'group support-app may now query it'],
    [
      'raised',
      may('support-app', 'CAN_MANAGE'),
      has('support-app', 'CAN_QUERY'),
      'group support-app may now manage it, not only query it',
    ],
    [
      'lowered',
      may('support-app', 'CAN_VIEW'),
      has('support-app', 'CAN_QUERY'),
      'group support-app may only see it now, no longer query it',
    ],
    [
      'taken',
      may('support-app', null),
      has('support-app', 'CAN_QUERY'),
      'group support-app may no longer query it',
    ],
    [
      'of a name that reads like words',
      may('a may now manage it, group b', 'CAN_VIEW'),
      { permissions: [] },
      'group "a may now manage it, group b" may now see it',
    ],
  ])('%s', (_, fields, raw, text) => {
    expect(told(fields, raw)).toEqual([text]);
  });

  test('a credential is read from elsewhere', () => {
    expect(told(serving([external('gpt', 'openai', 'gpt-5', 'llm/new')]), serving([GPT]))).toEqual([
      'the credential of gpt is now read from secret llm/new instead of secret llm/openai',
    ]);
  });

  test('a credential of the environment is named, and a value that slipped in never is', () => {
    const keyed = (field: string, value: string) => ({
      config: {
        served_entities: [
          {
            name: 'gpt',
            external_model: {
              name: 'gpt-5',
              provider: 'openai',
              task: 'llm/v1/chat',
              openai_config: { [field]: value },
            },
          },
        ],
      },
    });
    expect(told(keyed('openai_api_key_plaintext', '${env.OPENAI_KEY}'), undefined)).toContain(
      'the credential of gpt is read from the environment variable OPENAI_KEY while applying',
    );
    const slipped = planned(keyed('openai_api_key', 'sk-canary-1234567890'), serving([GPT]));
    expect(slipped.changes[0]?.effects.map(({ text }) => text)).toEqual([
      'the credential of gpt is now read from another place instead of secret llm/openai',
    ]);
    expect(JSON.stringify(slipped.changes[0]?.effects)).not.toContain('canary');
  });

  test('a credential that goes is said to', () => {
    const bare = {
      config: { served_entities: { gpt: { external_model: { openai_config: { openai_api_key: null } } } } },
    };
    expect(told(bare, serving([GPT]))).toEqual([
      'the credential of gpt is no longer read from secret llm/openai',
    ]);
  });
});

describe('what an action does', () => {
  test('create says who answers, and not each field of it', () => {
    expect(
      told({ ...serving([GPT, CLAUDE], ['gpt', 100], ['claude', 0]), tags: { team: 'a' } }, undefined),
    ).toEqual([
      'the serving endpoint is made and answers with openai gpt-5 (100 %) and anthropic claude-4 (no primary traffic)',
      'the credential of gpt is read from secret llm/openai',
      'the credential of claude is read from secret llm/anthropic',
    ]);
  });

  test('replace, adopt', () => {
    expect(told({ description: 'b' }, { ...serving([GPT]), description: 'a' })).toEqual([
      'the serving endpoint is deleted and made anew: it does not answer meanwhile and gets another id',
      'the description changes from a to b',
    ]);
    expect(told({ tags: { team: 'a' } }, {}, null)).toEqual([
      'the tag team is set to a',
      'the serving endpoint is managed by project llm-platform from now on',
    ]);
    expect(told({}, {}, 'search team')).toEqual([
      'the serving endpoint is managed by project llm-platform from now on, no longer by "search team"',
    ]);
  });

  test.each([
    [true, 'the serving endpoint is deleted: who calls it gets no answer any more'],
    [false, 'the serving endpoint stays as it is and is no longer managed by project llm-platform'],
  ])('removed, destroy: %s', (destroy, text) => {
    const removed = [
      {
        kind: 'serving_endpoints',
        name: 'chat',
        reason: 'old',
        since: '2026-11-20',
        destroy,
        origin: { file: 'gatewright.yaml', line: 1, column: 1, layer: 'file' },
      },
    ];
    const desired = { project: 'llm-platform', target: '', protect: false, resources: [], removed };
    const { plan } = planOf([], { live: [live('chat')] }, { desired });
    effectsOf(checked(plan));
    expect(plan.changes[0]?.effects.map((one) => one.text)).toEqual([text]);
  });

  test('what is only observed, or refused, says what it would do', () => {
    const watched = { manage: 'observe' as const };
    const fields = gateway({ rate_limits: { user: { calls: 60 } } });
    const raw = limits(limit('user', 90));
    const { plan } = planOf([entry('chat', fields, watched)], { live: [live('chat', raw)] });
    expect(checked(plan).observed[0]?.effects.map(({ text }) => text)).toEqual([
      'the default user limit falls from 90 to 60 calls a minute',
    ]);
    const refused = planOf([entry('chat', fields)], { live: [live('chat', raw, 'other')] }).plan;
    expect(checked(refused).refused[0]?.effects.map(({ code }) => code)).toEqual(['limit-lowered']);
  });
});

test('all else is said by the name of the field, in words', () => {
  const rank = (more: JsonObject) => ({
    config: { served_entities: { rank: { entity_name: 'ml.models.rank', entity_version: '3', ...more } } },
  });
  const raw = {
    config: {
      served_entities: [
        {
          name: 'rank',
          entity_name: 'ml.models.rank',
          entity_version: '3',
          workload_size: 'Small',
          environment_vars: { LOG: 'a' },
        },
      ],
    },
    tags: [{ key: 'cost center', value: '7' }],
  };
  expect(
    told(
      {
        ...rank({ workload_size: 'Large', scale_to_zero_enabled: true, environment_vars: { LOG: null } }),
        tags: { 'cost center': null },
        email_notifications: { on_update_failure: ['ana@example.com'] },
      },
      raw,
    ),
  ).toEqual([
    'the workload size of rank changes from Small to Large',
    'scaling to zero of rank is switched on',
    'the environment variable LOG of rank is removed (it was a)',
    'the tag "cost center" is removed (it was 7)',
    'the list of those told when an update fails is set to ana@example.com',
  ]);
});

test('of a change, what loosens comes first, and no sentence comes twice', () => {
  const plan = planned(
    {
      ai_gateway: {
        rate_limits: { user: { calls: 30 } },
        guardrails: { input: { pii: null } },
        inference_table_config: { enabled: true, catalog_name: 'ml', schema_name: 'b' },
      },
    },
    {
      ai_gateway: {
        rate_limits: [limit('user', 60)],
        guardrails: { input: { pii: { behavior: 'BLOCK' } } },
        inference_table_config: { enabled: true, catalog_name: 'ml', schema_name: 'a' },
      },
    },
  );
  expect(plan.changes[0]?.effects.map(({ direction, code }) => [direction, code])).toEqual([
    ['loosens', 'guard-off'],
    ['moves', 'logging-moved'],
    ['tightens', 'limit-lowered'],
  ]);
});

test('laws: the text is that of the table, holds no path, and the plan fits its schema', () => {
  const cases = fc.tuple(aiGatewayLive(), aiGatewayConfig(), tagsConfig(), fc.boolean());
  fc.assert(
    fc.property(cases, ([liveBlock, wanted, tags, whole]) => {
      const fields = { ai_gateway: wanted, tags };
      const one = whole ? entry('chat', fields) : attached('chat', fields);
      const { plan } = planOf([one], { live: [live('chat', { ai_gateway: liveBlock })] });
      for (const { code, args, text } of effectsOf(checked(plan)))
        expect(text).toBe((SENTENCES[code] as (given: unknown) => string)(args));
      for (const { differences, effects } of [...plan.changes, ...plan.refused]) {
        for (const { path, segments, effect } of differences) {
          expect(effect.text).not.toContain(path);
          const names = segments.filter((segment) => !isItem(segment) && segment.includes('_'));
          for (const name of names) expect(effect.text).not.toContain(name);
        }
        expect(new Set(effects.map(({ text }) => text)).size).toBe(effects.length);
      }
    }),
    { numRuns: 150 },
  );
});

afterAll(() => {
  expect(Object.keys(SENTENCES).filter((code) => !seen.has(code))).toEqual([]);
  const published = (planSchema as { $defs: { effect_code: { enum: string[] } } }).$defs.effect_code.enum;
  expect([...published].sort()).toEqual(Object.keys(SENTENCES).sort());
});
