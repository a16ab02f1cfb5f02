// From entries to objects: exact names stand for themselves, globs for what the workspace has. Exact names
// layer over globs; two globs that disagree are an error.
import picomatch from 'picomatch';
import type { Diagnostic } from '../model/diagnostic';
import type { FieldTable } from '../model/fields';
import { equalJson, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, type Keyed, keyed } from '../model/keys';
import { kindOf } from '../model/kinds';
import { isItem, item, itemKey, type Path, pathText } from '../model/path';
import { addressOf, type Desired, type DesiredResource, type Origin } from '../model/resource';
import type { Notice } from './types';

/** One object to govern, with what all its entries together declare. */
export interface Governed {
  readonly resource: DesiredResource;
  /** Addresses of the globs that reached it. */
  readonly via: readonly string[];
}

export interface Expansion {
  readonly governed: readonly Governed[];
  readonly notices: readonly Notice[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface Listed {
  readonly kind: string;
  readonly name: string;
  readonly sort: string;
}

export function expand(desired: Desired, listed: readonly Listed[]): Expansion {
  const notices: Notice[] = [];
  const diagnostics: Diagnostic[] = [];
  const reached = new Map<string, DesiredResource[]>();
  for (const glob of desired.resources.filter((resource) => resource.pattern)) {
    const { fits, passedOver } = matches(glob, listed);
    notices.push(...globNotices(glob, fits.length, passedOver));
    for (const { name } of fits) {
      const key = `${glob.kind} ${name}`;
      reached.set(key, [...(reached.get(key) ?? []), glob]);
    }
  }
  const governed: Governed[] = [];
  const exact = new Set<string>();
  for (const resource of desired.resources.filter((resource) => !resource.pattern)) {
    const key = `${resource.kind} ${resource.name}`;
    exact.add(key);
    const globs = reached.get(key) ?? [];
    diagnostics.push(...disagreements(globs, resource.name, resource));
    governed.push({ resource: layer([...globs, resource], resource), via: globs.map(addressOf) });
  }
  for (const [key, globs] of reached) {
    if (exact.has(key)) continue;
    const first = globs[0];
    if (first === undefined) continue;
    const name = key.slice(first.kind.length + 1);
    diagnostics.push(...disagreements(globs, name));
    governed.push({ resource: { ...layer(globs, first), name, pattern: false }, via: globs.map(addressOf) });
  }
  return { governed, notices, diagnostics };
}

function matches(glob: DesiredResource, listed: readonly Listed[]) {
  const test = picomatch(glob.name, { dot: true });
  const named = listed.filter(({ kind, name }) => kind === glob.kind && test(name));
  const fits = named.filter(({ sort }) => glob.only === undefined || sort === glob.only);
  return { fits, passedOver: named.filter((one) => !fits.includes(one)) };
}

function globNotices(glob: DesiredResource, fits: number, passedOver: readonly Listed[]): Notice[] {
  const address = addressOf(glob);
  const notices: Notice[] = [];
  if (fits === 0) {
    notices.push({
      code: 'no-match',
      severity: 'warning',
      address,
      message: `"${glob.name}" matches nothing${glob.only === undefined ? '' : ` of kind ${glob.only}`} in this workspace`,
      help: 'Check the spelling, or remove the entry.',
    });
  }
  if (passedOver.length > 0) {
    const names = passedOver.map(({ name, sort }) => `${name} (${sort})`).join(', ');
    notices.push({
      code: 'passed-over',
      severity: 'note',
      address,
      message: `"${glob.name}" ${fits === 0 ? 'matches only' : 'also matches'} what is not ${glob.only}: ${names}`,
    });
  }
  return notices;
}

/** Later entries win, member by member and item by item. */
function layer(entries: readonly DesiredResource[], identity: DesiredResource): DesiredResource {
  if (entries.length === 1) return identity;
  const { fields } = kindOf(identity.kind);
  const merged = entries.map(({ fields: own }) => own).reduce((low, high) => mergeFields(low, high, fields));
  const preview = entries.map((entry) => entry.preview).reduce((low, high) => mergeFields(low, high, fields));
  const origins = Object.assign({}, ...entries.map((entry) => entry.origins), { '': identity.origins[''] });
  return { ...identity, fields: merged, preview, origins };
}

export function mergeFields(low: JsonObject, high: JsonObject, fields: FieldTable): JsonObject {
  return merge([], low, high, fields) as JsonObject;
}

function merge(path: Path, low: Json | undefined, high: Json, fields: FieldTable): Json {
  const codecName = fields.row(path, '')?.keyed;
  if (codecName !== undefined && low !== undefined && low !== null && high !== null) {
    return mergeKeyed(path, codecName, low, high, fields);
  }
  if (!isObject(low) || !isObject(high)) return high;
  const result: { [key: string]: Json } = { ...low };
  for (const member of Object.keys(high)) {
    result[member] = merge([...path, member], low[member], high[member] ?? null, fields);
  }
  return result;
}

/** If either side is the whole list, so is the result. */
function mergeKeyed(
  path: Path,
  codecName: keyof typeof KEY_CODECS,
  low: Json,
  high: Json,
  fields: FieldTable,
): Json {
  const codec = KEY_CODECS[codecName];
  const under = keyed(codec, low);
  const over = keyed(codec, high);
  const items = new Map(under.items);
  for (const [key, value] of over.items)
    items.set(key, merge([...path, item(key)], items.get(key), value, fields));
  if (!under.whole && !over.whole) return Object.fromEntries(items);
  return [...items].flatMap(([key, value]) => (value === null ? [] : codec.entries(key, value)));
}

/** Two globs of one rank have no order, so what they say of one object must agree, or its exact name must decide. */
function disagreements(
  globs: readonly DesiredResource[],
  name: string,
  exact?: DesiredResource,
): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const [index, glob] of globs.entries()) {
    for (const before of globs.slice(0, index)) {
      const { fields } = kindOf(glob.kind);
      for (const path of contradict([], saidBy(before), saidBy(glob), fields)) {
        const text = pathText(path);
        if (found.has(text) || (exact !== undefined && decides(exact, path))) continue;
        found.set(text, disagreement(before, glob, text, name));
      }
    }
  }
  return [...found.values()];
}

function disagreement(
  before: DesiredResource,
  glob: DesiredResource,
  text: string,
  name: string,
): Diagnostic {
  const at = originOf(glob, text);
  const other = originOf(before, text);
  return {
    code: 'globs-disagree',
    severity: 'error',
    message: `"${glob.name}" and "${before.name}" both match ${name} and ask for different ${text}`,
    ...(at === undefined ? {} : { at }),
    because: { text: `"${before.name}" asks otherwise`, ...(other === undefined ? {} : { at: other }) },
    help: `Declare ${name} by its exact name, which goes before any glob, or narrow one of the globs.`,
  };
}

/** Where a value was written: the place of the nearest path around it that has one. */
export function originOf(resource: DesiredResource, path: string): Origin | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['), 0))) {
    const origin = resource.origins[at];
    if (origin !== undefined) return origin;
  }
  return resource.origins[''];
}

/** All that an entry says of an object, how to manage it included. */
function saidBy({ kind, manage, fields, preview }: DesiredResource): Said {
  return { value: { manage, ...mergeFields(fields, preview, kindOf(kind).fields) }, whole: false };
}

/** Whether an entry says the last word about a path: a value, or a null at it or around it. */
function decides(exact: DesiredResource, path: Path): boolean {
  const { fields } = kindOf(exact.kind);
  let { value } = saidBy(exact);
  for (const [depth, segment] of path.entries()) {
    if (value === null) return true;
    const codec = fields.row(path.slice(0, depth), '')?.keyed;
    if (codec !== undefined) value = keyed(KEY_CODECS[codec], value).items.get(itemKey(segment));
    else value = isObject(value) ? own(value, segment) : undefined;
  }
  const last = path.at(-1) ?? '';
  return (
    value !== undefined && (isItem(last) || (!isObject(value) && fields.row(path, '')?.keyed === undefined))
  );
}

interface Said {
  readonly value: Json | undefined;
  /** What is not named here is not wanted. */
  readonly whole: boolean;
}

/** The outermost paths of which one says something that cannot hold together with what the other says. */
function contradict(path: Path, a: Said, b: Said, fields: FieldTable): Path[] {
  if (a.value === undefined || b.value === undefined) {
    const [silent, other] = a.value === undefined ? [a, b] : [b, a];
    return silent.whole && (other.value ?? null) !== null ? [path] : [];
  }
  const row = fields.row(path, '');
  if (row?.keyed !== undefined && a.value !== null && b.value !== null) {
    const codec = KEY_CODECS[row.keyed];
    const [one, two] = [keyed(codec, a.value), keyed(codec, b.value)];
    const within = (list: Keyed, key: string): Said => {
      const value = list.items.get(key);
      return { value, whole: list.whole && (value === undefined || row.items === 'whole') };
    };
    return [...new Set([...one.items.keys(), ...two.items.keys()])].flatMap((key) =>
      contradict([...path, item(key)], within(one, key), within(two, key), fields),
    );
  }
  if (!isObject(a.value) || !isObject(b.value)) return equalJson(a.value, b.value) ? [] : [path];
  const [one, two] = [a.value, b.value];
  return [...new Set([...Object.keys(one), ...Object.keys(two)])].flatMap((member) =>
    contradict(
      [...path, member],
      { value: own(one, member), whole: a.whole },
      { value: own(two, member), whole: b.whole },
      fields,
    ),
  );
}

function own(object: JsonObject, member: string): Json | undefined {
  return Object.hasOwn(object, member) ? object[member] : undefined;
}
