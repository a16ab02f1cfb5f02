// Every effect that a plan may name: its code, its arguments, and the sentence that both stand for. One table, to
// be read as a whole; a public contract (schemas/plan.schema.json). Sentences hold names and values, never the path
// of a field, so that they can be read without the schema.
import type { Json } from '../model/json';
import type { Reach } from '../model/keys';
import { count, list, quoted, said } from './effect-words';

/** One that answers: its key in the list, and what it is (`openai gpt-5`). */
export interface Answering {
  readonly entity: string;
  readonly label: string;
}

/** Points of a hundred. */
export interface Share extends Answering {
  readonly points: number | null;
}

/** `who`: `user ana@example.com`, `group analysts`; null where the limit has no principal. */
export interface Limit {
  readonly reach: Reach;
  readonly who: string | null;
  /** `calls`, `tokens`. */
  readonly unit: string;
  /** `minute`. */
  readonly period: string;
}

/** A secret of a scope, a variable of the environment while applying, or neither in a known form. */
export interface CredentialPlace {
  readonly kind: 'secret' | 'variable' | 'other';
  readonly name: string | null;
}

export interface EffectArgs {
  created: { noun: string; answers: readonly Share[] };
  replaced: { noun: string };
  deleted: { noun: string };
  adopted: { noun: string; project: string; from: string | null };
  released: { noun: string; project: string };
  'traffic-moves': { points: number; from: readonly Share[]; to: readonly Share[] };
  'traffic-share': Answering & { from: number | null; to: number | null };
  'entity-added': Answering & { points: number | null; fallback: boolean };
  'entity-removed': Answering & { points: number | null };
  'model-changed': { entity: string; from: string; to: string };
  'version-changed': { entity: string; model: string; from: string; to: string };
  /** `beside`: the limit that it takes the place of. `ceiling`: the one of all callers, where that is lower. */
  'limit-set': Limit & { to: number; beside: number | null; ceiling: number | null };
  'limit-raised': Limit & { from: number; to: number; ceiling: number | null };
  'limit-lowered': Limit & { from: number; to: number; ceiling: number | null };
  /** To nought: all is refused. */
  'limit-closed': Limit & { from: number | null };
  /** From nought; null: without a limit. */
  'limit-opened': Limit & { to: number | null };
  /** `beside`: the default that holds instead. `shared`: groups have limits, of which one may hold instead. */
  'limit-removed': Limit & { from: number; beside: number | null; shared: boolean; ceiling: number | null };
  'guard-on': { of: string; does: string };
  'guard-off': { of: string; did: string };
  'guard-changed': { of: string; from: string; to: string };
  'words-changed': { of: string; added: readonly string[]; removed: readonly string[] };
  'topics-changed': { of: string; to: readonly string[] };
  /** `order` is known where the files declare the whole list. */
  'fallback-on': { order: readonly string[] };
  'fallback-off': Record<string, never>;
  'logging-on': { of: string; table: string | null };
  'logging-off': { of: string };
  'logging-moved': { of: string; from: string | null; to: string | null };
  /** Nothing is logged, before or after. */
  'logging-place': { of: string; to: string | null };
  'usage-on': Record<string, never>;
  'usage-off': Record<string, never>;
  'access-given': { who: string; right: string };
  'access-raised': { who: string; from: string; to: string };
  'access-lowered': { who: string; from: string; to: string };
  'access-taken': { who: string; from: string };
  'credential-changed': { entity: string; from: CredentialPlace | null; to: CredentialPlace | null };
  /** All that has no sentence of its own. */
  generic: { what: string; of: string | null; from: Json; to: Json };
}

export type EffectCode = keyof EffectArgs;

/** What a difference does: `text` is `SENTENCES[code](args)`. */
export type Effect = {
  readonly [Code in EffectCode]: {
    readonly code: Code;
    readonly args: Readonly<EffectArgs[Code]>;
    readonly text: string;
  };
}[EffectCode];

type Sentences = { readonly [Code in EffectCode]: (args: Readonly<EffectArgs[Code]>) => string };

export const SENTENCES: Sentences = {
  created: ({ noun, answers }) =>
    answers.length === 0
      ? `the ${noun} is made`
      : `the ${noun} is made and answers with ${list(answers.map(withShare))}`,
  replaced: ({ noun }) =>
    `the ${noun} is deleted and made anew: it does not answer meanwhile and gets another id`,
  deleted: ({ noun }) => `the ${noun} is deleted: who calls it gets no answer any more`,
  adopted: ({ noun, project, from }) =>
    `the ${noun} is managed by project ${quoted(project)} from now on${from === null ? '' : `, no longer by ${quoted(from)}`}`,
  released: ({ noun, project }) =>
    `the ${noun} stays as it is and is no longer managed by project ${quoted(project)}`,

  'traffic-moves': ({ points, from, to }) =>
    points >= 100
      ? `all primary traffic moves from ${list(from.map(({ label }) => label))} to ${list(to.map(({ label }) => label))}`
      : `about ${points} ${points === 1 ? 'point' : 'points'} of primary traffic move${points === 1 ? 's' : ''} from ${movers(from)} to ${movers(to)}`,
  'traffic-share': ({ label, from, to }) => {
    if (to === null || to === 0)
      return `${label} gets no primary traffic${from === null ? '' : ` any more (it had ${from} %)`}`;
    return `${label} gets ${to} % of primary traffic${from === null ? '' : ` instead of ${from} %`}`;
  },
  'entity-added': ({ label, points, fallback }) => {
    if (points === null) return `${label} is added`;
    if (points > 0) return `${label} is added and gets ${points} % of primary traffic`;
    return fallback
      ? `${label} is added as a fallback, without primary traffic`
      : `${label} is added and gets no traffic`;
  },
  'entity-removed': ({ label, points }) =>
    `${label} answers no more${points === null || points === 0 ? '' : `; it had ${points} % of primary traffic`}`,
  'model-changed': ({ entity, from, to }) => `${quoted(entity)} answers with ${to} instead of ${from}`,
  'version-changed': ({ entity, model, from, to }) =>
    `${quoted(entity)} answers with version ${quoted(to)} of ${model} instead of version ${quoted(from)}`,

  'limit-set': (args) => {
    const to = rate(args, args.to);
    const { beside, ceiling, who, reach } = args;
    const above = aboveCeiling(ceiling);
    const instead = beside === null ? '' : `, instead of the default of ${count(beside)}`;
    switch (reach) {
      case 'ceiling':
        return `all callers together are limited to ${to}`;
      case 'default':
        return `each user is limited to ${to} by default${above}`;
      case 'shared':
        return `${who} shares a limit of ${to}${instead === '' ? '' : `${instead} for each user`}${above}`;
      case 'own':
        return `${who} gets a limit of their own, ${to}${instead}${above}`;
    }
  },
  'limit-raised': (args) =>
    `${limitOf(args)} rises from ${count(args.from)} to ${rate(args, args.to)}${aboveCeiling(args.ceiling)}`,
  'limit-lowered': (args) =>
    `${limitOf(args)} falls from ${count(args.from)} to ${rate(args, args.to)}${aboveCeiling(args.ceiling)}`,
  'limit-closed': (args) => {
    const limit = `a limit of ${rate(args, 0)}${args.from === null ? '' : ` instead of ${count(args.from)}`}`;
    switch (args.reach) {
      case 'ceiling':
        return `every call is refused, whoever makes it: ${limit}`;
      case 'default':
        return `every user without a limit of their own is refused: ${limit}`;
      default:
        return `every call of ${args.who} is refused: ${limit}`;
    }
  },
  'limit-opened': (args) =>
    `calls of ${people(args)} are let through again, ${args.to === null ? `without a limit on ${args.unit}` : `up to ${rate(args, args.to)}`}`,
  'limit-removed': (args) => {
    const { from, beside, shared, ceiling, period } = args;
    const gone = `${args.unit} of ${people(args)} are no longer limited${args.reach === 'own' ? ' on their own' : ''} (${count(from)} a ${period} before)`;
    const rest = [
      ...(beside === null ? [] : [`the default of ${count(beside)}`]),
      ...(shared ? ['a limit of their groups'] : []),
    ];
    if (rest.length > 0) return `${gone}: ${rest.join(' or ')} holds instead`;
    if (ceiling !== null) return `${gone}: only the ${count(ceiling)} of all callers together hold`;
    return gone;
  },

  'guard-on': ({ of, does }) => `${of} is ${does}`,
  'guard-off': ({ of, did }) => `${of} is no longer ${did}`,
  'guard-changed': ({ of, from, to }) => `${of} is ${to} instead of ${from}`,
  'words-changed': ({ of, added, removed }) => {
    const parts = [
      ...(added.length > 0 ? [`${of} that hold ${some(added)} are refused`] : []),
      ...(removed.length > 0 ? [`${of} that hold ${some(removed)} are no longer refused`] : []),
    ];
    return parts.join('; ');
  },
  'topics-changed': ({ of, to }) =>
    to.length === 0 ? `${of} may be about any topic` : `${of} may be about ${some(to)} alone`,

  'fallback-on': ({ order }) =>
    `a call that one model fails to answer goes to the next${order.length > 1 ? `: ${order.join(', then ')}` : ''}`,
  'fallback-off': () => 'a call that one model fails to answer is no longer tried at another',

  'logging-on': ({ of, table }) => `${of} are logged${table === null ? '' : ` to table ${table}`}`,
  'logging-off': ({ of }) => `${of} are no longer logged`,
  'logging-moved': ({ of, from, to }) =>
    to === null
      ? `${of} are logged to another table${from === null ? '' : ` than ${from}`}`
      : `${of} are logged to table ${to}${from === null ? '' : ` instead of ${from}`}`,
  'logging-place': ({ of, to }) =>
    `nothing is logged; should it be, ${of} go to ${to === null ? 'another table' : `table ${to}`}`,
  'usage-on': () => 'who uses it and how much is tracked',
  'usage-off': () => 'who uses it and how much is no longer tracked',

  'access-given': ({ who, right }) => `${who} may now ${right}`,
  'access-raised': ({ who, from, to }) => `${who} may now ${to}, not only ${from}`,
  'access-lowered': ({ who, from, to }) => `${who} may only ${to} now, no longer ${from}`,
  'access-taken': ({ who, from }) => `${who} may no longer ${from}`,
  'credential-changed': ({ entity, from, to }) => {
    const of = entity === '' ? 'the credential' : `the credential of ${quoted(entity)}`;
    if (to === null) return `${of} is no longer read from ${place(from)}`;
    return from === null
      ? `${of} is read from ${place(to)}`
      : `${of} is now read from ${place(to)} instead of ${place(from)}`;
  },

  generic: ({ what, of, from, to }) => {
    const subject = of === null ? what : `${what} of ${quoted(of)}`;
    if (to === true) return `${subject} is switched on`;
    if (to === false || (to === null && from === true)) return `${subject} is switched off`;
    if (to === null) return `${subject} is removed (it was ${said(from)})`;
    return from === null
      ? `${subject} is set to ${said(to)}`
      : `${subject} changes from ${said(from)} to ${said(to)}`;
  },
};

export function effect<Code extends EffectCode>(code: Code, args: EffectArgs[Code]): Effect {
  return { code, args, text: SENTENCES[code](args) } as Effect;
}

function withShare({ label, points }: Share): string {
  if (points === null) return label;
  return points === 0 ? `${label} (no primary traffic)` : `${label} (${points} %)`;
}

function movers(shares: readonly Share[]): string {
  return list(shares.map(({ label, points }) => (shares.length > 1 ? `${label} (${points})` : label)));
}

function rate({ unit, period }: Limit, value: number): string {
  return `${count(value)} ${unit} a${period === 'hour' ? 'n' : ''} ${period}`;
}

function limitOf({ reach, who }: Limit): string {
  switch (reach) {
    case 'ceiling':
      return 'the limit of all callers together';
    case 'default':
      return 'the default user limit';
    case 'shared':
      return `the shared limit of ${who}`;
    case 'own':
      return `the limit of ${who}`;
  }
}

function people({ reach, who }: Limit): string {
  if (reach === 'ceiling') return 'all callers together';
  return reach === 'default' ? 'users without a limit of their own' : `${who}`;
}

function aboveCeiling(ceiling: number | null): string {
  return ceiling === null ? '' : `; the limit of all callers together is lower: ${count(ceiling)}`;
}

function some(words: readonly string[]): string {
  const shown = words.slice(0, 3).map(quoted);
  const others = words.length - shown.length;
  return others > 0 ? `${shown.join(', ')} or ${others} other${others === 1 ? '' : 's'}` : list(shown, 'or');
}

function place(at: CredentialPlace | null): string {
  if (at === null || at.name === null) return 'another place';
  return at.kind === 'secret'
    ? `secret ${quoted(at.name)}`
    : `the environment variable ${quoted(at.name)} while applying`;
}
