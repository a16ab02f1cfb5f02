// Names that a schema does not know: misspelt, in the wrong place, out of date, or not taken yet.
import type { Location } from '../model/diagnostic';
import { nameOf, type Site } from './explain-site';
import type { Finding } from './findings';
import {
  comesNext,
  isAnsweredOnly,
  isNewer,
  modernSpelling,
  type NameHolder,
  type OtherWay,
  otherFile,
  otherSideKey,
  otherWay,
} from './known-names';
import { locateKey } from './node';
import { SECTIONS } from './sections';
import { didYouMean, otherName } from './suggest';
import { follow, type Schema, schemaAt } from './validators';

export function unknownField(name: string, site: Site): Finding[] {
  if (site.node.kind !== 'map') return [];
  const at = locateKey(site.node, name);
  const holder = holderOf(site);
  const found = holder === undefined ? undefined : knownElsewhere(name, holder, at);
  if (found !== undefined) return [found];
  const known = Object.keys(site.schema.properties ?? {});
  const meantName = didYouMean(name, known);
  const isElsewhere = meantName.label === undefined && !isOfEntries(name, holder, site);
  const place = isElsewhere ? placeOrOther(name, site) : undefined;
  if (place !== undefined) return [misplaced(name, nameOf(site), place, at)];
  const other = holder?.part === 'file' ? otherFile(name) : undefined;
  return [
    {
      code: 'unknown-field',
      message: `"${name.slice(0, 80)}" is not a field of ${nameOf(site)}`,
      at,
      ...meantName,
      because: { text: `the fields here are ${known.join(', ')}` },
      ...(other === undefined
        ? {}
        : { help: `This looks like ${other}; a Gatewright file begins with project: NAME.` }),
    },
  ];
}

/** A key that the map's pattern for keys refuses. */
export function badKey(name: string, site: Site): Finding[] {
  if (site.node.kind !== 'map') return [];
  const rule = follow(site.whole, site.schema.propertyNames ?? {});
  const otherSide = otherSideKey(site.path, name);
  return [
    {
      code: 'bad-key',
      message: `"${name.slice(0, 80)}" cannot be a key of ${nameOf(site)}`,
      at: locateKey(site.node, name),
      label: `must be ${rule['x-says'] ?? 'written differently'}`,
      ...(otherSide === undefined ? {} : { help: otherSide }),
    },
  ];
}

function knownElsewhere(name: string, holder: NameHolder, at: Location): Finding | undefined {
  const modern = modernSpelling(holder, name);
  if (modern !== undefined) return outOfDate(name, modern, at);
  if (comesNext(holder, name)) return notYet(name, at);
  if (isAnsweredOnly(holder, name)) return answeredOnly(name, at);
  const other = otherWay(holder, name);
  if (other !== undefined) return doneDifferently(name, other, at);
  return isNewer(holder, name) ? newer(name, at) : undefined;
}

/** What steers an entry and not a preset has no other place. */
function isOfEntries(name: string, holder: NameHolder | undefined, { whole }: Site): boolean {
  if (holder?.part !== 'entry' || holder.kind !== undefined) return false;
  return SECTIONS.some(({ entry }) => Object.hasOwn(whole.$defs?.[entry]?.properties ?? {}, name));
}

function holderOf({ path, top, whole }: Site): NameHolder | undefined {
  const section = (name: string | undefined) => SECTIONS.find(({ kind }) => kind === name)?.kind;
  const within = (kind: string | undefined, rest: readonly string[]): NameHolder => {
    const inKind = kind === undefined ? {} : { kind };
    if (rest.length === 0) return { part: 'entry', ...inKind };
    if (rest.length === 1 && rest[0] === 'config') return { part: 'config', ...inKind };
    const of = [...rest].reverse().find((name) => !/^\d+$/.test(name));
    return { part: 'inside', ...inKind, ...(of === undefined ? {} : { of }) };
  };
  if (top !== whole) {
    const entry = SECTIONS.find((each) => whole.$defs?.[each.entry] === top);
    return entry === undefined ? undefined : within(entry.kind, path);
  }
  if (path.length === 0) return { part: 'file' };
  if (path[0] === 'targets') {
    if (path.length === 2) return { part: 'target' };
    const kind = section(path[2]);
    return kind !== undefined && path.length > 3 ? within(kind, path.slice(4)) : undefined;
  }
  const kind = section(path[0]);
  const holds = path[0] === 'presets' || kind !== undefined;
  return holds && path.length > 1 ? within(kind, path.slice(2)) : undefined;
}

function outOfDate(name: string, modern: string, at: Location): Finding {
  return {
    code: 'deprecated-field',
    message: `${name} is an old field of the API`,
    at,
    label: `write ${modern}`,
    help: `Move it to ${modern}.`,
  };
}

function doneDifferently(name: string, { says, write, help }: OtherWay, at: Location): Finding {
  return {
    code: 'done-differently',
    message: `${name} does not belong here: ${says}`,
    at,
    ...(write === undefined ? {} : { label: `write ${write}` }),
    help,
  };
}

function newer(name: string, at: Location): Finding {
  return {
    code: 'newer-field',
    message: `${name} is newer than this schema`,
    at,
    label: 'write it under preview',
    help: 'Write it under preview, with the same nesting: what stands there is sent as it is.',
  };
}

function answeredOnly(name: string, at: Location): Finding {
  return {
    code: 'read-only-field',
    message: `${name} is something the workspace says, not something to declare`,
    at,
    help: 'Leave it out.',
  };
}

function notYet(name: string, at: Location): Finding {
  return {
    code: 'comes-next',
    message: `${name} is not supported yet`,
    at,
    help: 'Leave it out: what the file does not name is left as it is.',
  };
}

function misplaced(name: string, holder: string, place: string, at: Location): Finding {
  return {
    code: 'misplaced-field',
    message: `"${name}" is not a field of ${holder}`,
    at,
    label: `belongs under ${place}`,
  };
}

/** A name, or what people call it elsewhere, where it is known. */
function placeOrOther(name: string, site: Site): string | undefined {
  const place = placeFor(name, site);
  const other = otherName(name);
  const elsewhere = place !== undefined || other === undefined ? undefined : placeFor(other, site);
  return elsewhere === undefined ? place : `${elsewhere}, as ${other}`;
}

/** Where a name is known instead: somewhere inside the map that it stands in, or in or beside one that this map stands in. */
function placeFor(name: string, site: Site): string | undefined {
  const inside = below(name, site.schema, site.whole);
  if (inside !== undefined) return inside;
  for (let length = site.path.length - 1; length >= 0; length -= 1) {
    const around = schemaAt(site.whole, site.top, site.path.slice(0, length));
    if (length > 0 && Object.hasOwn(around.properties ?? {}, name)) return site.path[length - 1];
    const beside = isFile(around) ? undefined : below(name, around, site.whole);
    if (beside !== undefined) return beside;
  }
  return undefined;
}

/** What the file as a whole knows says nothing about what was meant in an entry. */
const isFile = (schema: Schema) => Object.hasOwn(schema.properties ?? {}, 'project');

const DEEPEST = 3;

/** The nearest place below that knows the name; two that are equally near are both named. */
function below(name: string, start: Schema, whole: Schema): string | undefined {
  let level: { readonly path: string; readonly schema: Schema }[] = [{ path: '', schema: start }];
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const next = level.flatMap(({ path, schema }) =>
      Object.entries(schema.properties ?? {}).map(([key, member]) => ({
        path: path === '' ? key : `${path}.${key}`,
        schema: follow(whole, member),
      })),
    );
    const places = next.filter(({ schema }) => Object.hasOwn(schema.properties ?? {}, name));
    if (places.length > 0) return places.map(({ path }) => path).join(' or ');
    level = next;
  }
  return undefined;
}
