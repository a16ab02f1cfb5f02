// From what was taken from another engine's file to entries that load: each is written, read as the files will be, and
// written again with less where the language objects. Says what went, and why; knows no engine.

import { loadProject, textSource } from '../config';
import { inlineShares } from '../config/author-endpoint';
import { placeOf } from '../config/author-judge';
import type { AuthoredEntry, AuthoredSection } from '../config/author-yaml';
import { authoredText } from '../config/author-yaml';
import type { NotTaken, Taken } from '../engines';
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import type { Manage } from '../model/resource';

const SECTION = 'serving_endpoints';
/** Each round takes something away; a round hears of at most some hundred faults. */
const MOST_ROUNDS = 10_000;
/** Members of an entry that declare nothing. */
const STEERING: ReadonlySet<string> = new Set(['name', 'manage', 'protect', 'only_in']);
const HELD_BY_ENGINE = 'it stays with the other engine: only ai_gateway is governed';

export interface TakenFiles {
  /** `variables` and `targets`, which only the root file may have. */
  readonly root: readonly AuthoredSection[];
  readonly entries: readonly AuthoredEntry[];
  /** Addresses of the engine whose entry was taken. */
  readonly addresses: ReadonlySet<string>;
  readonly notTaken: readonly NotTaken[];
}

interface Draft {
  readonly address: string;
  readonly key: string;
  value: JsonObject;
}

export function takenFiles(taken: Taken, manage: Manage): TakenFiles {
  const notTaken = [...taken.notTaken];
  const drafts = draftsOf(taken, manage, notTaken);
  const sections: { variables: JsonObject; targets: JsonObject } = {
    variables: Object.fromEntries(
      taken.variables.map(({ name, type, fallback }) => [
        name,
        { ...(type === undefined ? {} : { type }), ...(fallback === undefined ? {} : { default: fallback }) },
      ]),
    ),
    targets: Object.fromEntries(
      taken.targets.map(({ name, entry }) => [name, attachedOverlays(entry, manage)]),
    ),
  };
  settle(drafts, sections, notTaken);
  const names = new Set(
    JSON.stringify([drafts.map(({ value }) => value), sections.targets]).match(/\$\{var\.\w+/g),
  );
  const isUsed = (name: string) => names.has(`\${var.${name}`);
  const entriesOf = (section: JsonObject): AuthoredEntry[] =>
    Object.keys(section).map((key) => ({ key, value: section[key] as JsonObject, notes: [] }));
  return {
    root: [
      { name: 'variables', entries: entriesOf(sections.variables).filter(({ key }) => isUsed(key)) },
      { name: 'targets', entries: entriesOf(sections.targets) },
    ],
    entries: drafts.map(({ key, value }) => ({ key, value, notes: [] })),
    addresses: new Set(drafts.map(({ address }) => address)),
    notTaken,
  };
}

function draftsOf(taken: Taken, manage: Manage, notTaken: NotTaken[]): Draft[] {
  return taken.endpoints.flatMap(({ address, key, entry, onlyIn }): Draft[] => {
    const { name, protect, ...fields } = entry;
    const only = onlyIn === undefined ? {} : { only_in: [onlyIn] };
    const named = name === undefined ? {} : { name };
    if (manage === 'attach') {
      for (const field of Object.keys(fields))
        if (field !== 'ai_gateway') notTaken.push({ address, path: field, reason: HELD_BY_ENGINE });
      if (!isObject(fields.ai_gateway)) {
        notTaken.push({ address, path: '', reason: 'it says nothing of its ai_gateway' });
        return [];
      }
      return [{ address, key, value: { manage, ...named, ...only, ai_gateway: fields.ai_gateway } }];
    }
    const config = isObject(fields.config) ? { config: inlineShares(fields.config) } : {};
    const steering = manage === 'observe' ? { manage } : protect === undefined ? {} : { protect };
    return [{ address, key, value: { ...steering, ...named, ...only, ...fields, ...config } }];
  });
}

/** Who only attaches has only that in its overlays. */
function attachedOverlays(entry: JsonObject, manage: Manage): JsonObject {
  const overlays = entry[SECTION];
  if (manage !== 'attach' || !isObject(overlays)) return entry;
  const { [SECTION]: _, ...rest } = entry;
  const kept = Object.entries(overlays).flatMap(([key, overlay]) =>
    isObject(overlay) && overlay.ai_gateway !== undefined ? [[key, { ai_gateway: overlay.ai_gateway }]] : [],
  );
  return kept.length === 0 ? rest : { ...rest, [SECTION]: Object.fromEntries(kept) };
}

const ROOT = 'gatewright.yaml';
const fileOf = (index: number) => `entries/${index}.yaml`;

/** Leaves out what the language objects to, the smallest part that leaves nothing said wrongly. */
function settle(
  drafts: Draft[],
  sections: { variables: JsonObject; targets: JsonObject },
  notTaken: NotTaken[],
): void {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const files: Record<string, string> = { [ROOT]: rootText(sections) };
    const byFile = new Map<string, Draft>();
    for (const [index, draft] of drafts.entries()) {
      const { key, value } = draft;
      files[fileOf(index)] = authoredText([{ name: SECTION, entries: [{ key, value, notes: [] }] }]);
      byFile.set(fileOf(index), draft);
    }
    const { diagnostics } = loadProject({ source: textSource(files), allTargets: true });
    const gone = new Set<Draft>();
    const rewritten = new Set<Draft>();
    let changed = false;
    const seen = new Set<string>();
    for (const { severity, at, message, code, help } of diagnostics) {
      if (severity !== 'error' || at === undefined) continue;
      const { path, isLeaf } = placeOf(files[at.file] ?? '', at);
      const draft = byFile.get(at.file);
      if (draft !== undefined && rewritten.has(draft)) continue;
      const root: JsonObject =
        draft === undefined ? { ...sections } : { [SECTION]: { [draft.key]: draft.value } };
      // What a variable will be worth is not known: a stand-in was judged.
      if (isLeaf && isUnknown(valueAt(root, path), sections.variables)) continue;
      const byName = draft === undefined || isLeaf ? undefined : entitiesByName(draft.value, path);
      if (draft !== undefined && byName !== undefined) {
        // Its places are others now: what else is wrong with it is seen in the next round.
        draft.value = byName;
        changed = true;
        rewritten.add(draft);
        continue;
      }
      const place = smallest(path, isLeaf);
      const address = draft?.address ?? place.slice(0, 2).join('.');
      if (seen.has(`${at.file} ${place.join('.')}`)) continue;
      seen.add(`${at.file} ${place.join('.')}`);
      const wayOut =
        code === 'literal-credential' && help !== undefined ? `: ${help.replace(/\.$/, '')}` : '';
      notTaken.push({ address, path: place.slice(2).join('.'), reason: `${message}${wayOut}` });
      changed = true;
      if (draft === undefined) {
        const { variables, targets } = without(root, place) as typeof sections;
        Object.assign(sections, { variables: variables ?? {}, targets: targets ?? {} });
      } else if (place.length <= 2) gone.add(draft);
      else draft.value = memberOf(without(root, place), [SECTION, draft.key]);
    }
    for (const draft of drafts) {
      if (Object.keys(draft.value).some((name) => !STEERING.has(name))) continue;
      gone.add(draft);
      notTaken.push({ address: draft.address, path: '', reason: 'nothing of it could be taken' });
    }
    for (const draft of gone) drafts.splice(drafts.indexOf(draft), 1);
    if (!changed) return;
  }
  throw new Error('what was taken does not settle');
}

const memberOf = (root: JsonObject, path: readonly string[]) => (valueAt(root, path) ?? {}) as JsonObject;

/**
 * A list of entities is all of them, each whole. Where a part of one cannot be taken (its credential), each is named for
 * itself: what is not said of it then stays as it is live. Undefined where the place is not in such a list.
 */
function entitiesByName(value: JsonObject, path: readonly string[]): JsonObject | undefined {
  if (path[2] !== 'config' || path[3] !== 'served_entities' || !isObject(value.config)) return undefined;
  const { served_entities: entities, ...rest } = value.config;
  if (!isList(entities)) return undefined;
  const named = entities.flatMap((entity): [string, Json][] => {
    if (!isObject(entity) || typeof entity.name !== 'string' || entity.name.includes('${')) return [];
    const { name, ...others } = entity;
    return [[name, others]];
  });
  if (named.length < entities.length) return undefined;
  return { ...value, config: { served_entities: Object.fromEntries(named), ...rest } };
}

/** Variables without a value get a stand-in. */
function rootText({ variables, targets }: { variables: JsonObject; targets: JsonObject }): string {
  const stood = Object.entries(variables).map(([key, declared]): AuthoredEntry => {
    const { type, default: fallback } = declared as JsonObject;
    const standIn = type === 'integer' ? 1 : type === 'boolean' ? true : key;
    return { key, value: { ...(declared as JsonObject), default: fallback ?? standIn }, notes: [] };
  });
  const said = Object.entries(targets).map(([key, value]) => ({
    key,
    value: value as JsonObject,
    notes: [],
  }));
  const text = authoredText([
    { name: 'variables', entries: stood },
    { name: 'targets', entries: said },
  ]);
  return `project: taken\ninclude: ["entries/*.yaml"]\n${text}`;
}

function isUnknown(value: Json | undefined, variables: JsonObject): boolean {
  if (typeof value !== 'string') return false;
  const names = [...value.matchAll(/\$\{var\.(\w+)\}/g)].map(([, name]) => name ?? '');
  return names.some((name) => isObject(variables[name]) && variables[name].default === undefined);
}

/** A list is the whole list: what is wrong inside it takes it along, unless it is a single value of an entity. */
function smallest(path: readonly string[], isLeaf: boolean): readonly string[] {
  const list = path.findIndex((segment, depth) => depth > 1 && /^\d+$/.test(segment));
  const isInEntity = path[list - 1] === 'served_entities' && path.length > list + 1;
  return list < 0 || (isLeaf && isInEntity) ? path : path.slice(0, list);
}

function valueAt(root: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, name) => {
    if (Array.isArray(at)) return at[Number(name)];
    return isObject(at) ? at[name] : undefined;
  }, root);
}

/** Without the value at a path, and without what that leaves empty above it. */
function without(value: JsonObject, [name = '', ...rest]: readonly string[]): JsonObject {
  const { [name]: inner, ...others } = value;
  if (rest.length === 0 || inner === undefined) return others;
  const [index, ...below] = rest;
  if (isList(inner)) {
    const less = inner.map((each, at) =>
      String(at) === index && isObject(each) ? without(each, below) : each,
    );
    return { ...value, [name]: less };
  }
  const less = isObject(inner) ? without(inner, rest) : inner;
  return isObject(less) && Object.keys(less).length === 0 ? others : { ...value, [name]: less };
}
