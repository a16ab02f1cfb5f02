// What a changed protection, record or right does: filters, blocked words, logging, usage, access, credentials.
import type { EffectRule } from '../model/effect-rules';
import { isList, type Json } from '../model/json';
import type { Path } from '../model/path';
import type { FieldDifference } from './diff';
import { filled, itemOf, type Ruled, type Scene, type Side } from './effect-scene';
import { type CredentialPlace, type Effect, effect } from './effect-sentences';
import { list, principalWords, said } from './effect-words';

/** What a filter does to what it finds. A value that is not here says nothing about protection. */
const DOES: Readonly<Record<string, string | null>> = {
  NONE: null,
  false: null,
  MASK: 'masked',
  BLOCK: 'blocked',
  true: 'blocked',
};

type Of<Family extends EffectRule['family']> = Extract<EffectRule, { family: Family }>;

export function guardEffect({ path }: FieldDifference, of: string, scene: Scene): Effect | undefined {
  const does = (side: Side) => {
    const value = String(scene.meant(side, path));
    return Object.hasOwn(DOES, value) ? (DOES[value] ?? null) : `treated as ${said(value)}`;
  };
  const [from, to] = [does('live'), does('after')];
  if (from === to) return undefined;
  if (from === null) return effect('guard-on', { of, does: to ?? '' });
  if (to === null) return effect('guard-off', { of, did: from });
  return effect('guard-changed', { of, from, to });
}

export function wordsEffect({ live, desired }: FieldDifference, of: string): Effect | undefined {
  const [before, after] = [texts(live), texts(desired)];
  const added = after.filter((word) => !before.includes(word));
  const removed = before.filter((word) => !after.includes(word));
  return added.length + removed.length === 0 ? undefined : effect('words-changed', { of, added, removed });
}

export function topicsEffect({ desired }: FieldDifference, of: string): Effect {
  return effect('topics-changed', { of, to: texts(desired) });
}

/** The block is on by its switch, or by being there where it has none. */
export function loggingEffect({ rule, at }: Ruled, scene: Scene): Effect | undefined {
  const { of, table: template } = rule as Of<'logging'>;
  const toggle = scene.fields.row(at, scene.of.sort)?.switch;
  const on = (side: Side) =>
    toggle === undefined
      ? scene.at(side, at) !== undefined
      : scene.meant(side, [...at, toggle]) === true && scene.at(side, at) !== undefined;
  const table = (side: Side) => filled(template, withDefaults(scene, side, at, template)) ?? null;
  const [from, to] = [table('live'), table('after')];
  if (!on('live') && on('after')) return effect('logging-on', { of, table: to });
  if (on('live') && !on('after')) return effect('logging-off', { of });
  if (from === to && from !== null) return undefined;
  return on('after') ? effect('logging-moved', { of, from, to }) : effect('logging-place', { of, to });
}

function withDefaults(scene: Scene, side: Side, at: Path, template: string): { [name: string]: Json } {
  const names = [...template.matchAll(/\{([^}.]+)/g)].map(([, name = '']) => name);
  return Object.fromEntries(names.map((name) => [name, scene.meant(side, [...at, name])]));
}

export function accessEffect(
  { path, live, desired }: FieldDifference,
  { rights }: Of<'access'>,
  scene: Scene,
): Effect | undefined {
  const who = principalWords(itemOf(path)?.key ?? '');
  const word = (value: Json) => (typeof value === 'string' ? (rights[value] ?? said(value)) : said(value));
  // Several rights are held side by side, or one of a ladder.
  const right = (value: Json) => {
    if (isList(value)) return value.length === 0 ? null : list(value.map(word));
    return value === null ? null : word(value);
  };
  if (isList(live) && isList(desired)) {
    const gone = right(live.filter((one) => !desired.includes(one)));
    const come = right(desired.filter((one) => !live.includes(one)));
    if (come === null) return gone === null ? undefined : effect('access-taken', { who, from: gone });
    if (gone === null) return effect('access-given', { who, right: come });
    return effect('access-lowered', { who, from: gone, to: right(desired) ?? '' });
  }
  const [from, to] = [right(live), right(desired)];
  if (to === null) return from === null ? undefined : effect('access-taken', { who, from });
  if (from === null) return effect('access-given', { who, right: to });
  const ranks = scene.fields.row(path, scene.of.sort)?.ranks ?? [];
  // Ranks run from the loosest to the tightest.
  const less = ranks.indexOf(String(desired)) > ranks.indexOf(String(live));
  return effect(less ? 'access-lowered' : 'access-raised', { who, from, to });
}

export function credentialEffect({ path, live, desired }: FieldDifference): Effect {
  const entity = itemOf(path)?.key ?? '';
  return effect('credential-changed', { entity, from: placeOf(live), to: placeOf(desired) });
}

/** Never the value itself, should one ever stand where only a reference may. */
function placeOf(value: Json): CredentialPlace | null {
  if (typeof value !== 'string') return null;
  const [, inScope, inCatalog] =
    /^(?:\{\{\s*secrets\/([^{}\s]+)\s*\}\}|secrets\/([^{}\s]+))$/.exec(value) ?? [];
  const secret = inScope ?? inCatalog;
  if (secret !== undefined) return { kind: 'secret', name: secret };
  const [, variable] = /^\$\{env\.(\w+)\}$/.exec(value) ?? [];
  return variable === undefined ? { kind: 'other', name: null } : { kind: 'variable', name: variable };
}

function texts(value: Json): string[] {
  return isList(value) ? value.map((entry) => (typeof entry === 'string' ? entry : said(entry))) : [];
}
