// How free somebody is under one state of an endpoint, as numbers: the greater, the less governed. States can be
// compared only when they are measured by the same yardstick. Knows the API's words, nothing of the product.
import { canonicalJson, isList, isObject, type Json, type JsonObject } from '../../src/model/json';
import { KEY_CODECS, keyed } from '../../src/model/keys';

/** An endpoint as the workspace holds it; undefined: there is none, and nobody can call it. */
export type State = JsonObject | undefined;

/** By what is measured. `held`: what limits, guards, logs and permits. `reached`: where requests may go. */
export interface Freedoms {
  readonly held: ReadonlyMap<string, number>;
  readonly reached: ReadonlySet<string>;
}

interface Person {
  readonly own?: string;
  readonly groups: readonly string[];
}

const SIDES = ['input', 'output'];
const UNITS = ['calls', 'tokens'];
const RANKS: Readonly<Record<string, number>> = { CAN_VIEW: 1, CAN_QUERY: 2, CAN_MANAGE: 3 };

export function at(root: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>((node, name) => (isObject(node) ? node[name] : undefined), root);
}

const objects = (value: Json | undefined): JsonObject[] => (isList(value) ? value.filter(isObject) : []);

const limitsOf = (state: State) => keyed(KEY_CODECS.limit, at(state, 'ai_gateway', 'rate_limits')).items;

/** A yardstick for states of one endpoint: the people, words and topics that any of them tells apart. */
export function yardstick(states: readonly State[]): (state: State) => Freedoms {
  const people = somebody(states.flatMap((state) => [...limitsOf(state).keys()]));
  const listed = (side: string, name: string) => [
    ...new Set(states.flatMap((state) => texts(at(state, 'ai_gateway', 'guardrails', side, name)))),
  ];
  const words = SIDES.flatMap((side) =>
    listed(side, 'invalid_keywords').map((word) => [side, word] as const),
  );
  const topics = SIDES.flatMap((side) => listed(side, 'valid_topics').map((topic) => [side, topic] as const));
  const principals = [...new Set(states.flatMap((state) => [...rightsOf(state).keys()]))];
  return (state) => {
    const held = new Map<string, number>();
    for (const [name, freedom] of limits(state, people)) held.set(name, freedom);
    const rights = rightsOf(state);
    for (const principal of principals) held.set(`rights of ${principal}`, rights.get(principal) ?? 0);
    for (const side of SIDES) {
      const guard = (name: string) => at(state, 'ai_gateway', 'guardrails', side, name);
      held.set(
        `${side} pii`,
        -Math.max(0, ['NONE', 'MASK', 'BLOCK'].indexOf(String(at(guard('pii'), 'behavior')))),
      );
      held.set(`${side} safety`, guard('safety') === true ? -1 : 0);
    }
    for (const [side, word] of words) {
      const refused = texts(at(state, 'ai_gateway', 'guardrails', side, 'invalid_keywords')).includes(word);
      held.set(`${side} word ${word}`, refused ? -1 : 0);
    }
    for (const block of ['inference_table_config', 'usage_tracking_config'])
      held.set(block, at(state, 'ai_gateway', block, 'enabled') === true ? -1 : 0);
    const captured = at(state, 'config', 'auto_capture_config', 'enabled') === true;
    held.set('auto_capture_config', captured ? -1 : 0);
    if (state === undefined) for (const name of held.keys()) held.set(name, Number.NEGATIVE_INFINITY);
    return { held, reached: reachedBy(state, topics) };
  };
}

function texts(value: Json | undefined): string[] {
  return isList(value) ? value.map(String) : [];
}

/**
 * Everybody whom these limits tell apart. Of groups, two beside the one that grants most decide what a member of many
 * may do at two ends and in between, so sets of three are enough.
 */
function somebody(keys: readonly string[]): Person[] {
  const owns = [...new Set(keys.filter((key) => /^(user|service_principal):/.test(key)))];
  const groups = [...new Set(keys.filter((key) => key.startsWith('user_group:')))];
  const sets: string[][] = [[]];
  groups.forEach((a, i) => {
    sets.push([a]);
    groups.slice(i + 1).forEach((b, j) => {
      sets.push([a, b]);
      for (const c of groups.slice(i + j + 2)) sets.push([a, b, c]);
    });
  });
  return [...sets.map((set) => ({ groups: set })), ...owns.map((own) => ({ own, groups: [] }))];
}

/**
 * A limit of one's own goes before those of groups, which one is held by only after exceeding all of them, and those
 * before the default. https://docs.databricks.com/aws/en/ai-gateway/configure-ai-gateway-endpoints
 */
function limits(state: State, people: readonly Person[]): [string, number][] {
  const items = limitsOf(state);
  return UNITS.flatMap((unit) => {
    const limit = (key: string) => {
      const count = at(items.get(key), unit);
      return typeof count === 'number' ? count : undefined;
    };
    const allowed = ({ own, groups }: Person): number => {
      const shared = groups.flatMap((group) => limit(group) ?? []);
      const ofGroups = shared.length === 0 ? undefined : Math.max(...shared);
      const mine = own === undefined ? undefined : limit(own);
      return mine ?? ofGroups ?? limit('user') ?? Number.POSITIVE_INFINITY;
    };
    return [
      [`endpoint ${unit}`, limit('endpoint') ?? Number.POSITIVE_INFINITY],
      ...people.map((person): [string, number] => [
        `${unit} of ${person.own ?? 'anybody'} in ${person.groups.join(' and ') || 'no group'}`,
        allowed(person),
      ]),
    ];
  });
}

/** The highest right of each principal, inherited ones included. */
function rightsOf(state: State): Map<string, number> {
  const found = new Map<string, number>();
  for (const entry of objects(state?.permissions)) {
    const principal = String(entry.user_name ?? entry.group_name ?? entry.service_principal_name);
    const levels = [entry, ...objects(entry.all_permissions)].map(
      ({ permission_level }) => RANKS[String(permission_level)] ?? 0,
    );
    found.set(principal, Math.max(found.get(principal) ?? 0, ...levels));
  }
  return found;
}

/** Where a request may end up: entities by what they are and not by name, and topics that are let through. */
function reachedBy(state: State, topics: readonly (readonly [string, string])[]): Set<string> {
  const reached = new Set<string>();
  if (state === undefined) return reached;
  const fallsBack = at(state, 'ai_gateway', 'fallback_config', 'enabled') === true;
  const entities = objects(at(state, 'config', 'served_entities'));
  const shares = new Map(
    objects(at(state, 'config', 'traffic_config', 'routes')).map((route) => [
      route.served_entity_name ?? route.served_model_name,
      Number(route.traffic_percentage),
    ]),
  );
  for (const { name, external_model, entity_name, entity_version } of entities) {
    if (!fallsBack && entities.length > 1 && (shares.get(name ?? null) ?? 0) === 0) continue;
    reached.add(`entity ${canonicalJson(external_model ?? [entity_name ?? null, entity_version ?? null])}`);
  }
  for (const [side, topic] of topics) {
    const valid = texts(at(state, 'ai_gateway', 'guardrails', side, 'valid_topics'));
    if (valid.length === 0 || valid.includes(topic)) reached.add(`${side} topic ${topic}`);
    if (valid.length === 0) reached.add(`${side}: any other topic`);
  }
  return reached;
}
