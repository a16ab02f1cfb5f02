// What an answer about a Unity Catalog service means: its name, its fields, what is known to be wrong with it.
// https://docs.databricks.com/api/workspace/aigateway
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import type { LiveResource } from '../model/resource';
import { FIELD as GRANTS } from './grants';
import { sendable, unknownMembers } from './members';
import { OWN, type ServiceSpec } from './service-spec';

const SYSTEM = 'system.';

export function liveOf(raw: JsonObject, spec: ServiceSpec): LiveResource {
  const name = nameOf(raw, spec);
  const systemOwned = name.startsWith(SYSTEM);
  const config = isObject(raw.config) ? raw.config : undefined;
  const read = config === undefined ? undefined : counted(sendable(config, spec.config));
  const gone = config === undefined ? [] : deletedIn(config, 'config');
  return {
    kind: spec.kind,
    name,
    ...(typeof raw.create_time === 'string' ? { id: raw.create_time } : {}),
    ...(typeof raw.etag === 'string' && raw.etag !== '' ? { etag: raw.etag } : {}),
    sort: systemOwned ? 'system' : OWN,
    fields: {
      ...(typeof raw.comment === 'string' && raw.comment !== '' ? { comment: raw.comment } : {}),
      ...(isObject(read) ? { config: spec.meant?.(read) ?? read } : {}),
    },
    unknownFields: [GRANTS],
    unknownMembers: unknownMembers(config, spec.config, 'config'),
    settling: 'settled',
    ...(gone.length > 0 ? { warnings: [dangling(gone)] } : {}),
    systemOwned,
    raw,
  };
}

export function nameOf({ name }: JsonObject, { kind, path }: ServiceSpec): string {
  const start = `${path}/`;
  if (typeof name === 'string' && name.startsWith(start)) return name.slice(start.length);
  throw new Error(`an answer without the name of its ${kindOf(kind).noun}`);
}

/** A page without services leaves the member out. */
export function itemsOf(answer: Json | undefined, { kind }: ServiceSpec): JsonObject[] {
  const list = isObject(answer) ? (answer[kind] ?? []) : undefined;
  if (!isList(list) || !list.every(isObject)) throw new Error(`a list without "${kind}"`);
  return [...list] as JsonObject[];
}

/** Counts of 64 bits may come as their digits. https://protobuf.dev/programming-guides/json/ */
function counted(config: Json): Json {
  if (!isObject(config) || !isList(config.rate_limits)) return config;
  const digits = (value: Json) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value);
  const rate_limits = config.rate_limits.map((limit) => {
    if (!isObject(limit)) return limit;
    const counts = (['requests', 'tokens'] as const).filter((unit) => limit[unit] !== undefined);
    return { ...limit, ...Object.fromEntries(counts.map((unit) => [unit, digits(limit[unit] ?? null)])) };
  });
  return { ...config, rate_limits };
}

/** Where something stands whose target was deleted. */
function deletedIn(value: Json, at: string): string[] {
  if (isList(value)) {
    return value.flatMap((entry, index) => {
      const name = isObject(entry) && typeof entry.name === 'string' ? entry.name : index;
      return deletedIn(entry, `${at}[${name}]`);
    });
  }
  if (!isObject(value)) return [];
  const inner = Object.entries(value).flatMap(([name, member]) => deletedIn(member, `${at}.${name}`));
  return value.is_deleted === true ? [at, ...inner] : inner;
}

function dangling(paths: readonly string[]) {
  return {
    code: 'refers-to-deleted',
    message: `what ${paths.join(' and ')} refers to was deleted, and what depends on it fails`,
    help: 'Make it again, or declare another in its place.',
  };
}
