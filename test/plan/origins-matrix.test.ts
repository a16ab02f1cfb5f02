// Three states of one field, every combination of them: absent, null and each of three values at base, live and desired,
// for every way in which the field table compares. Exhaustive over cases, generated over values.
import fc from 'fast-check';
import type { FieldRow } from '../../src/model/fields';
import type { Json, JsonObject } from '../../src/model/json';
import { KEY_CODECS } from '../../src/model/keys';
import { KINDS, kindOf } from '../../src/model/kinds';
import { pathText } from '../../src/model/path';
import type { DesiredResource, LiveResource } from '../../src/model/resource';
import type { Difference, Plan } from '../../src/plan/types';
import { wireOf } from '../../src/wire';
import { entry, live, PROJECT, planOf } from './make';

/** What a file may say of a field, by which value; what the workspace answers. */
type Said = 'absent' | 'null' | number;

interface Row {
  readonly name: string;
  /** Default: serving endpoints. */
  readonly kind?: string;
  /** The path of the one difference that there may be. */
  readonly path: string;
  /** Up to three values that differ from each other. */
  readonly values: fc.Arbitrary<readonly Json[]>;
  /** A declaration of a value or `null`; undefined declares everything but this field. */
  readonly declare: (value: Json | undefined) => JsonObject;
  /** The same in another form, for the base. */
  readonly otherwise?: (value: Json | undefined) => JsonObject;
  /** As GET answers it. */
  readonly answer: (value: Json | undefined) => JsonObject;
  /** It is no member that could be answered as null. */
  readonly neverNull?: true;
  /** What absence means, where it means a value. */
  readonly absent?: Json;
  /** `null` asks for nothing: the server keeps what it has. */
  readonly nullIsAny?: true;
  /** Never a difference. */
  readonly silent?: true;
  readonly attached?: true;
  /** What goes is an item around it. */
  readonly item?: true;
  /** What becomes of a difference. */
  readonly ends?: 'update' | 'refused' | 'either';
}

const pick = <T extends Json>(...values: T[]) => fc.shuffledSubarray(values, { minLength: values.length });
const three = (arbitrary: fc.Arbitrary<Json>) => fc.uniqueArray(arbitrary, { minLength: 3, maxLength: 3 });
const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const count = fc.nat({ max: 1000 });

const gateway = (block: JsonObject): JsonObject => ({ ai_gateway: block });
const input = (block: JsonObject | null) => gateway({ guardrails: { input: block } });
const item = (key: string, principal: string | undefined, calls: Json): JsonObject => ({
  key,
  ...(principal === undefined ? {} : { principal }),
  renewal_period: 'minute',
  calls,
});
const entities = (more: JsonObject): JsonObject => ({
  config: { served_entities: [{ name: 'gpt', entity_name: 'm.s.gpt', ...more }] },
});
const route = (name: string, traffic_percentage: Json): JsonObject => ({
  served_entity_name: name,
  traffic_percentage,
});
const routed = (routes: Json): JsonObject => ({ config: { traffic_config: { routes } } });
const limited = (rate_limits: Json): JsonObject => ({ config: { rate_limits } });
const userLimit = (requests: Json): JsonObject =>
  KEY_CODECS.service_limit.entries('user', { requests })[0] ?? {};
const routing = (destinations: Json): JsonObject => ({ config: { routing: { destinations } } });
const destination = (model_serving_endpoint: Json): JsonObject => ({
  provisioned_throughput_config: { model_serving_endpoint },
});
const table = (more: JsonObject): JsonObject => ({
  config: { inference_table: { parent: 'schemas/main.logs', ...more } },
});
const UNSAID: Json = 'unsaid';

/** Where the field table has a marker. */
const [MARKED, RELAYED] = KINDS.flatMap(({ kind, rows }) =>
  rows.flatMap((row) => (row.marker === true ? [[kind, row.path.split('.')] as const] : [])),
)[0] ?? ['', []];
const relayed = (value: Json | undefined): JsonObject =>
  RELAYED.reduceRight<Json>(
    (inner, name) => (inner === UNSAID ? {} : { [name]: inner }),
    value === undefined ? UNSAID : value,
  ) as JsonObject;
const ENTITY = 'config.served_entities[gpt]';
const FOUNDATION = {
  endpoint_type: 'FOUNDATION_MODEL_API',
  config: { served_entities: [{ name: 'f', foundation_model: { name: 'x' } }] },
};
const member = (name: string, value: Json | undefined): JsonObject =>
  value === undefined ? {} : { [name]: value };

const RUNS = Math.ceil(Number(process.env.GATEWRIGHT_CASES ?? 2_000) / 1_000);

/** Sets in another order, with repetitions: the same set. */
const scrambled = (value: Json | undefined) =>
  Array.isArray(value) ? [...value, ...value].reverse() : (value as Json | undefined);

const ROWS: readonly Row[] = [
  {
    name: 'a plain value',
    path: `${ENTITY}.entity_version`,
    values: three(word),
    declare: (value) => entities(member('entity_version', value)),
    answer: (value) => entities(member('entity_version', value)),
  },
  {
    name: 'a value that means what absence means',
    path: 'ai_gateway.guardrails.input.pii.behavior',
    values: pick('NONE', 'MASK', 'BLOCK'),
    declare: (value) => input(value === undefined ? {} : { pii: { behavior: value } }),
    answer: (value) => input(value === undefined ? {} : { pii: { behavior: value } }),
    absent: 'NONE',
  },
  {
    name: 'on or off',
    path: 'ai_gateway.usage_tracking_config.enabled',
    values: pick(true, false),
    declare: (value) => gateway(value === undefined ? {} : { usage_tracking_config: { enabled: value } }),
    otherwise: (value) =>
      gateway(
        value === undefined ? {} : { usage_tracking_config: value === null ? null : { enabled: value } },
      ),
    answer: (value) => gateway(value === undefined ? {} : { usage_tracking_config: { enabled: value } }),
    absent: false,
  },
  {
    name: 'a value that defaults to the name',
    path: 'ai_gateway.inference_table_config.table_name_prefix',
    values: fc.uniqueArray(word, { minLength: 2, maxLength: 2 }).map((words) => ['chat', ...words]),
    declare: (value) =>
      gateway({ inference_table_config: { enabled: true, ...member('table_name_prefix', value) } }),
    answer: (value) =>
      gateway({ inference_table_config: { enabled: true, ...member('table_name_prefix', value) } }),
    absent: 'chat',
  },
  {
    name: 'a set',
    path: 'ai_gateway.guardrails.input.invalid_keywords',
    values: fc
      .uniqueArray(word, { minLength: 2, maxLength: 5 })
      .map((words) => [[], words.slice(1).sort(), [...words].sort()]),
    declare: (value) => input(member('invalid_keywords', value)),
    otherwise: (value) => input(member('invalid_keywords', scrambled(value))),
    answer: (value) => input(member('invalid_keywords', scrambled(value))),
    absent: [],
  },
  {
    name: 'an item of a map of limits',
    path: 'ai_gateway.rate_limits[user].calls',
    neverNull: true,
    values: three(count),
    declare: (value) =>
      gateway({
        rate_limits: value === undefined ? {} : { user: value === null ? null : { calls: value } },
      }),
    otherwise: (value) =>
      gateway(
        value === undefined ? {} : { rate_limits: value === null ? [] : [item('user', undefined, value)] },
      ),
    answer: (value) => gateway({ rate_limits: value === undefined ? [] : [item('user', undefined, value)] }),
  },
  {
    name: 'an item of a list of limits',
    path: 'ai_gateway.rate_limits[user_group:a].calls',
    neverNull: true,
    values: three(count),
    declare: (value) =>
      gateway(
        value === undefined ? {} : { rate_limits: value === null ? [] : [item('user_group', 'a', value)] },
      ),
    otherwise: (value) =>
      gateway({
        rate_limits: value === undefined ? {} : { 'user_group:a': value === null ? null : { calls: value } },
      }),
    answer: (value) => gateway({ rate_limits: value === undefined ? [] : [item('user_group', 'a', value)] }),
  },
  {
    name: 'a member of a limit',
    path: 'ai_gateway.rate_limits[user].tokens',
    neverNull: true,
    values: three(count),
    declare: (value) => gateway({ rate_limits: { user: { calls: 5, ...member('tokens', value) } } }),
    answer: (value) =>
      gateway({
        rate_limits: [
          item('user', undefined, 5),
          ...(value === undefined ? [] : [{ key: 'user', renewal_period: 'minute', tokens: value }]),
        ],
      }),
  },
  {
    name: 'a tag',
    path: 'tags[team]',
    neverNull: true,
    values: three(word),
    declare: (value) => ({ tags: value === undefined ? {} : { team: value } }),
    otherwise: (value) =>
      value === undefined ? {} : { tags: value === null ? [] : [{ key: 'team', value }] },
    answer: (value) => ({ tags: value === undefined ? [] : [{ key: 'team', value }] }),
  },
  {
    name: 'a permission',
    path: 'permissions[group:a]',
    neverNull: true,
    values: pick('CAN_VIEW', 'CAN_QUERY', 'CAN_MANAGE'),
    declare: (value) => ({ permissions: value === undefined ? {} : { 'group:a': value } }),
    otherwise: (value) =>
      value === undefined
        ? {}
        : { permissions: value === null ? [] : [{ group_name: 'a', permission_level: value }] },
    answer: (value) => ({
      permissions: value === undefined ? [] : [{ group_name: 'a', permission_level: value }],
    }),
  },
  {
    name: 'a whole entity',
    path: ENTITY,
    neverNull: true,
    values: fc.constant([{ entity_name: 'm.s.gpt' }]),
    declare: (value) => ({
      config: { served_entities: value === undefined ? {} : { gpt: value } },
    }),
    otherwise: (value) =>
      value === undefined
        ? {}
        : { config: { served_entities: value === null ? [] : [{ name: 'gpt', entity_name: 'm.s.gpt' }] } },
    answer: (value) => ({
      config: {
        served_entities: [
          ...(value === undefined ? [] : [{ name: 'gpt', entity_name: 'm.s.gpt' }]),
          { name: 'other', entity_name: 'm.s.other' },
        ],
      },
    }),
  },
  {
    name: 'a switch of a block',
    path: 'ai_gateway.inference_table_config.enabled',
    values: pick(true, false),
    declare: (value) => gateway(value === undefined ? {} : { inference_table_config: { enabled: value } }),
    answer: (value) => gateway(value === undefined ? {} : { inference_table_config: { enabled: value } }),
    absent: false,
  },
  {
    name: 'a block that is null whole',
    path: 'ai_gateway.guardrails.input.safety',
    values: pick(true, false),
    declare: (value) =>
      gateway(
        value === undefined
          ? {}
          : value === null
            ? { guardrails: null }
            : { guardrails: { input: { safety: value } } },
      ),
    otherwise: (value) => (value === null ? { ai_gateway: null } : input(member('safety', value))),
    answer: (value) => input(member('safety', value)),
    absent: false,
  },
  {
    name: 'what the server fills in',
    path: 'ai_gateway.guardrails.input.pii.behavior',
    values: pick('NONE', 'MASK', 'BLOCK'),
    declare: (value) => input(value === undefined ? {} : { pii: { behavior: value } }),
    answer: (value) => ({ ...FOUNDATION, ...input(value === undefined ? {} : { pii: { behavior: value } }) }),
    nullIsAny: true,
    attached: true,
  },
  {
    name: 'what the server fills in with another value than absence means',
    path: 'ai_gateway.usage_tracking_config.enabled',
    values: pick(true, false),
    declare: (value) => gateway({ usage_tracking_config: value === null ? null : member('enabled', value) }),
    answer: (value) => ({ ...FOUNDATION, ...gateway({ usage_tracking_config: member('enabled', value) }) }),
    nullIsAny: true,
    attached: true,
  },
  {
    name: 'a route',
    path: 'config.traffic_config.routes[gpt]',
    neverNull: true,
    values: three(fc.integer({ min: 0, max: 100 })),
    declare: (value) => routed({ other: 50, ...member('gpt', value) }),
    otherwise: (value) =>
      routed(
        value === undefined ? {} : [route('other', 50), ...(value === null ? [] : [route('gpt', value)])],
      ),
    // Shares that do not add up, and routes to nobody, are refused.
    ends: 'either',
    answer: (value) => routed([route('other', 50), ...(value === undefined ? [] : [route('gpt', value)])]),
  },
  {
    name: 'what is answered as something else',
    path: 'telemetry_config.table_names',
    neverNull: true,
    values: fc.constant([{ logs_table_name: 'ml.logs.chat' }]),
    declare: (value) => (value === undefined ? {} : { telemetry_config: member('table_names', value) }),
    answer: (value) => ({
      ...entities({ entity_version: '1' }),
      ...(value === undefined ? {} : { telemetry_config: { telemetry_profile_id: 'p1' } }),
    }),
    nullIsAny: true,
  },
  {
    name: 'a limit of a service',
    kind: 'model_services',
    path: 'config.rate_limits[user].requests',
    neverNull: true,
    values: three(count),
    declare: (value) =>
      limited(value === undefined ? {} : { user: value === null ? null : { requests: value } }),
    otherwise: (value) => limited(value === undefined ? {} : value === null ? [] : [userLimit(value)]),
    answer: (value) => limited(value === undefined ? [] : [userLimit(value)]),
  },
  {
    name: 'a destination',
    kind: 'model_services',
    path: 'config.routing.destinations[a].provisioned_throughput_config.model_serving_endpoint',
    neverNull: true,
    values: three(word),
    declare: (value) => routing(value === undefined ? {} : { a: value === null ? null : destination(value) }),
    otherwise: (value) =>
      routing(
        value === undefined
          ? {}
          : [
              ...(value === null ? [] : [{ name: 'a', ...destination(value) }]),
              { name: 'b', ...destination('x') },
            ],
      ),
    answer: (value) =>
      routing([
        ...(value === undefined ? [] : [{ name: 'a', ...destination(value) }]),
        { name: 'b', ...destination('x') },
      ]),
    item: true,
    ends: 'either',
  },
  {
    name: 'privileges',
    kind: 'mcp_services',
    path: 'grants[support]',
    neverNull: true,
    values: fc.constant([['EXECUTE'], ['EXECUTE', 'MANAGE'], ['MANAGE']]),
    declare: (value) => ({ grants: value === undefined ? {} : { support: value } }),
    otherwise: (value) => ({
      grants:
        value === undefined
          ? {}
          : value === null
            ? []
            : [{ principal: 'support', privileges: scrambled(value) ?? [] }],
    }),
    answer: (value) => ({
      grants: value === undefined ? [] : [{ principal: 'support', privileges: scrambled(value) ?? [] }],
    }),
  },
  {
    name: 'a target of a provider',
    kind: 'model_provider_services',
    path: 'config.targets[gpt-5].endpoint_route',
    neverNull: true,
    values: three(word),
    declare: (value) => ({ config: { targets: { 'gpt-5': member('endpoint_route', value) } } }),
    answer: (value) => ({ config: { targets: [{ model: 'gpt-5', ...member('endpoint_route', value) }] } }),
    absent: '',
    ends: 'either',
  },
  {
    name: 'a marker',
    kind: MARKED,
    path: RELAYED.join('.'),
    neverNull: true,
    values: fc.constant([{}]),
    declare: (value) => relayed(value),
    answer: (value) => relayed(value === undefined ? undefined : { unknown: 'to us' }),
    ends: 'either',
  },
  {
    name: 'a value that defaults to the last part of the name',
    kind: 'model_services',
    path: 'config.inference_table.table_name_prefix',
    values: fc.uniqueArray(word, { minLength: 2, maxLength: 2 }).map((words) => ['chat', ...words]),
    declare: (value) => table(member('table_name_prefix', value)),
    answer: (value) => table(member('table_name_prefix', value)),
    absent: 'chat',
    ends: 'either',
  },
  {
    name: 'what the server keeps whatever is sent',
    path: `config.served_entities[f].scale_to_zero_enabled`,
    values: pick(true, false),
    declare: (value) => ({
      config: { served_entities: { f: member('scale_to_zero_enabled', value) } },
    }),
    answer: (value) => ({
      endpoint_type: 'FOUNDATION_MODEL_API',
      config: {
        served_entities: [
          { name: 'f', foundation_model: { name: 'x' }, ...member('scale_to_zero_enabled', value) },
        ],
      },
    }),
    silent: true,
    attached: true,
  },
  {
    name: 'what is never answered',
    path: 'budget_policy_id',
    values: three(word),
    declare: (value) => member('budget_policy_id', value),
    answer: () => ({}),
    silent: true,
  },
  {
    name: 'what is decided at birth',
    path: 'description',
    values: fc.uniqueArray(word, { minLength: 2, maxLength: 2 }).map((words) => ['', ...words]),
    declare: (value) => member('description', value),
    answer: (value) => member('description', value),
    absent: '',
    ends: 'refused',
  },
];

function answered({ kind }: Row, raw: JsonObject): LiveResource {
  if (kind === undefined) return endpoint(raw);
  const made = wireOf(kind).fromWire(
    { name: `${kind.replaceAll('_', '-')}/${SERVICE}`, etag: 'e', config: {} },
    true,
  );
  return { ...made, fields: raw, unknownFields: [] };
}

const SERVICE = 'main.ai.chat';

function endpoint(raw: JsonObject): LiveResource {
  const { permissions, ...rest } = raw;
  const made = live('chat', { creator: 'ana@example.com', ...rest });
  return permissions === undefined ? made : { ...made, fields: { ...made.fields, permissions } };
}

function planFor(
  row: Row,
  desired: JsonObject,
  base: JsonObject,
  has: JsonObject | undefined,
): { plan: Plan; without: Plan } {
  const as = (fields: JsonObject): DesiredResource[] => [
    entry('chat', fields, {
      ...(row.kind === undefined ? {} : { kind: row.kind, name: SERVICE }),
      ...(row.attached === true ? { manage: 'attach' as const } : {}),
    }),
  ];
  const raw = has === undefined ? [] : [answered(row, has)];
  const stamped = row.attached === true ? raw.map(({ stamp: _, ...one }) => one) : raw;
  const before = { project: PROJECT, target: '', protect: false, resources: as(base), removed: [] };
  return {
    plan: planOf(as(desired), { live: stamped }, { base: { desired: before, name: 'main' } }).plan,
    without: planOf(as(desired), { live: stamped }).plan,
  };
}

function differencesOf(plan: Plan): Difference[] {
  return [...plan.changes, ...plan.refused].flatMap(({ differences }) => differences);
}

/** Without what a base adds, a plan with one is the plan without. */
function blind(plan: Plan): unknown {
  const bare = (one: Difference) => ({ ...one, origin: 'unknown', base: undefined });
  const all = <T extends { differences: readonly Difference[] }>(ones: readonly T[]) =>
    ones.map((one) => ({ ...one, differences: one.differences.map(bare) }));
  return JSON.parse(
    JSON.stringify({
      ...plan,
      base: undefined,
      changes: all(plan.changes),
      refused: all(plan.refused),
      notices: plan.notices.filter(({ code }) => code !== 'released' && code !== 'no-stamp'),
    }),
  );
}

describe.each(ROWS)('$name', (row) => {
  const NONE = Symbol('none');
  const meant = (value: Json | undefined): unknown =>
    JSON.stringify(value ?? row.absent ?? null) === 'null' ? NONE : JSON.stringify(value ?? row.absent);

  function check(values: readonly Json[], d: Said, b: Said, l: Said, base: Row['declare']): void {
    const said = (one: Said) => (one === 'absent' ? undefined : one === 'null' ? null : values[one]!);
    const [wants, had, has] = [said(d), said(b), said(l)];
    const { plan, without } = planFor(row, row.declare(wants), base(had), row.answer(has));
    const found = differencesOf(plan).filter(
      ({ path, segments }) =>
        path === row.path ||
        pathText(segments).startsWith(`${row.path}.`) ||
        (row.item === true && row.path.startsWith(`${path}.`)),
    );
    const unlike = (x: Json | undefined, y: Json | undefined) =>
      row.nullIsAny === true && x === null ? false : meant(x) !== meant(y);
    const differs = wants !== undefined && row.silent !== true && unlike(wants, has);
    expect(blind(plan)).toEqual(blind(without));
    expect(plan.digest).toBe(without.digest);
    if (!differs) {
      expect(found).toEqual([]);
      expect(plan.changes).toEqual([]);
      return;
    }
    const origin =
      had === undefined || !unlike(had, has) ? 'intent' : meant(had) === meant(wants) ? 'drift' : 'both';
    expect(found.map((one) => one.origin)).toEqual(found.map(() => origin));
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) {
      if (had === undefined) expect(one).not.toHaveProperty('base');
      else expect(one).toHaveProperty('base');
      if (had !== undefined && one.path === row.path) expect(meant(one.base)).toBe(meant(had));
    }
    const become = [...plan.changes.map(({ action }) => action), ...plan.refused.map(() => 'refused')];
    expect(row.ends === 'either' ? ['update', 'refused'] : [row.ends ?? 'update']).toContain(become.join());
  }

  const SAID: readonly Said[] = ['absent', 'null', 0, 1, 2];
  const forms = [row.declare, ...(row.otherwise === undefined ? [] : [row.otherwise])];

  test('every combination of base, live and desired', () => {
    fc.assert(
      fc.property(row.values, (values) => {
        const within = (one: Said) => typeof one !== 'number' || one < values.length;
        const cells = SAID.filter(within);
        for (const form of forms)
          for (const d of cells)
            for (const b of cells)
              for (const l of cells.filter((one) => one !== 'null' || row.neverNull !== true)) {
                try {
                  check(values, d, b, l, form);
                } catch (error) {
                  const cell = `desired ${d}, base ${b}${form === row.declare ? '' : ' (in its other form)'}, live ${l}`;
                  throw new Error(`${cell} of ${JSON.stringify(values)}: ${(error as Error).message}`);
                }
              }
      }),
      { numRuns: RUNS },
    );
  });
});

/** What of a row of the field table the differ looks at. */
const COMPARES = [
  'unordered',
  'absent',
  'absentFrom',
  'serverFills',
  'fills',
  'writeOnly',
  'answeredAs',
  'fixed',
  'immutable',
  'switch',
  'choices',
  'marker',
] as const;

/** Their items differ by what they hold, not by how they are compared. The order of fallbacks is held in `origins.test.ts`. */
const ALIKE: Readonly<Record<string, string>> = { fallback: 'destination' };

test('every way in which the field table compares has its matrix', () => {
  const ways = ({ keyed, items, ...row }: FieldRow) => [
    ...(keyed === undefined ? [] : [`keyed by ${ALIKE[keyed] ?? keyed}, items ${items}`]),
    ...COMPARES.filter((way) => row[way] !== undefined).map((way) =>
      way === 'absentFrom' ? `${way} ${row[way]}` : way,
    ),
  ];
  const covered = new Set(
    ROWS.flatMap((row) => {
      const { fields } = kindOf(row.kind ?? 'serving_endpoints');
      const { sort } = answered(row, row.answer(undefined));
      const segments = row.path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? [];
      return segments.flatMap((_, depth) => {
        const found = fields.row(segments.slice(0, depth + 1), sort);
        return found === undefined ? [] : ways(found);
      });
    }),
  );
  const all = KINDS.flatMap(({ rows }) => rows.flatMap(ways));
  expect([...new Set(all)].filter((way) => !covered.has(way))).toEqual([]);
});
