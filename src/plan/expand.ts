// From entries to objects: exact names stand for themselves, globs for what the workspace has. Exact names
// layer over globs; two globs that disagree are an error.
import picomatch from 'picomatch';
import { leavesOf } from '../model/assign';
import type { Diagnostic } from '../model/diagnostic';
import type { FieldTable } from '../model/fields';
import { equalJson, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, keyed } from '../model/keys';
import { kindOf } from '../model/kinds';
import { item, type Path, pathText } from '../model/path';
import { addressOf, type Desired, type DesiredResource } from '../model/resource';
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
      message: `"${glob.name}" matches nothing in this workspace${glob.only === undefined ? '' : ` of kind ${glob.only}`}`,
      help: 'Check the spelling, or remove the entry.',
    });
  }
  if (passedOver.length > 0) {
    const names = passedOver.map(({ name, sort }) => `${name} (${sort})`).join(', ');
    notices.push({
      code: 'passed-over',
      severity: 'note',
      address,
      message: `"${glob.name}" also matches what is not ${glob.only}: ${names}`,
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

/** Two globs of one rank have no order, so what they say of one object must agree. */
function disagreements(globs: readonly DesiredResource[], name: string): Diagnostic[] {
  const said = new Map<string, { value: Json; glob: DesiredResource }>();
  const found: Diagnostic[] = [];
  for (const glob of globs) {
    for (const { path, value } of leavesOf(glob.fields, kindOf(glob.kind).fields, '')) {
      const text = pathText(path);
      const before = said.get(text);
      if (before === undefined) {
        said.set(text, { value, glob });
      } else if (!equalJson(before.value, value)) {
        const at = glob.origins[text] ?? glob.origins[''];
        const other = before.glob.origins[text] ?? before.glob.origins[''];
        found.push({
          code: 'globs-disagree',
          severity: 'error',
          message: `"${glob.name}" and "${before.glob.name}" both match ${name} and ask for different ${text}`,
          ...(at === undefined ? {} : { at }),
          because: {
            text: `"${before.glob.name}" asks otherwise`,
            ...(other === undefined ? {} : { at: other }),
          },
          help: `Declare ${name} by its exact name, which goes before any glob, or narrow one of the globs.`,
        });
      }
    }
  }
  return found;
}
