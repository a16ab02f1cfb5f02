// A plan as text for a terminal or a CI log: 80 columns, readable without colour. Pure; says nothing that is
// not in the plan.
import { canonicalJson, isList, isObject, type Json } from '../model/json';
import { type Path, pathText } from '../model/path';
import type { Direction, Origin } from '../model/resource';
import type {
  Action,
  Change,
  Difference,
  Notice,
  Orphan,
  Plan,
  Preserved,
  Refused,
  Subject,
  Suppressed,
  Unverifiable,
} from '../plan/types';
import { BLOCK, brokenPath, commonDepth, runsOf } from './difference-runs';
import { goneAndMadeAnew, type HandEdit, handEdit, handEditOfAll, originsText } from './origin-text';
import { type Paint, painter } from './paint';
import { placeOf, placesOf, value } from './plan-words';
import { oneLine } from './sanitise';
import { leavesIn, treeLines } from './tree';
import { cells, wrap } from './width';

export interface PlanTextOptions {
  readonly paint?: Paint;
  readonly width?: number;
  /** Say the requests as well. */
  readonly verbose?: boolean;
}

const MARKS: Readonly<Record<Action, string>> = {
  create: '+',
  update: '~',
  replace: '±',
  adopt: '→',
  delete: '-',
  release: '←',
};
/** What becomes of callers meanwhile; a create and a delete say that by themselves. */
const MEANWHILE: Readonly<Partial<Record<Action, string>>> = {
  create: '',
  delete: '',
  replace: ', not serving meanwhile, another id',
};
const VERBS: Readonly<Record<Action, string>> = {
  create: 'to create',
  update: 'to update',
  replace: 'to replace',
  adopt: 'to adopt',
  delete: 'to delete',
  release: 'to release',
};

export function planText(plan: Plan, options: PlanTextOptions = {}): string {
  const text = new PlanText(plan, options);
  return `${text.lines().join('\n')}\n`;
}

/** What the texts of a plan have in common; `drift-text.ts` says the same plan another way. */
export class PlanText {
  readonly paint: Paint;
  readonly width: number;
  readonly #preserved: ReadonlyMap<string, readonly Preserved[]>;
  readonly #suppressed: ReadonlyMap<string, readonly Suppressed[]>;
  readonly #unverifiable: ReadonlyMap<string, readonly Unverifiable[]>;
  #said = '';

  constructor(
    readonly plan: Plan,
    readonly options: PlanTextOptions,
  ) {
    this.paint = options.paint ?? painter(false);
    this.width = options.width ?? 80;
    this.#preserved = bySubject(plan.preserved);
    this.#suppressed = bySubject(plan.suppressed);
    this.#unverifiable = bySubject(plan.unverifiable);
  }

  lines(): string[] {
    const { plan } = this;
    const blocks = [
      ...plan.changes.map((change) => this.#change(change)),
      ...plan.observed.map((one) => [
        `${this.title('?', one)}  observed, never written`,
        ...this.#differences(one.differences, false),
      ]),
      ...plan.refused.map((one) => this.#refused(one)),
      ...(plan.orphans.length > 0 ? [this.orphans()] : []),
      ...(plan.notices.length > 0 ? [plan.notices.flatMap((notice) => this.notice(notice))] : []),
    ];
    return [...blocks.flatMap((block) => [...block, '']), ...this.#closing()];
  }

  protected title(mark: string, subject: Subject): string {
    const address = oneLine(subject.address);
    const own = address.slice(address.indexOf('.') + 1);
    const name = own === subject.name ? '' : ` (${oneLine(subject.name)})`;
    return `${mark} ${this.paint.strong(address)}${name}`;
  }

  #change(change: Change): string[] {
    const { paint } = this;
    const meanwhile = MEANWHILE[change.action] ?? `, ${change.availability}`;
    const lines = [
      `${this.title(MARKS[change.action], change)}  ${change.action}${meanwhile}`,
      ...(change.action === 'create'
        ? this.#made(change.differences)
        : this.#differences(change.differences)),
    ];
    if (change.reason !== undefined) lines.push(...this.wrapped('', `because: ${oneLine(change.reason)}`, 4));
    lines.push(...this.#handEdit(goneAndMadeAnew(change, this.plan), 4));
    if (change.stamp !== undefined && change.stamp.live !== change.stamp.desired)
      lines.push(`    ${stampText(change.stamp)}`);
    for (const note of change.steps.flatMap((step) => step.note ?? []))
      lines.push(...this.wrapped(paint.warning('!'), note, 4));
    const preserved = (this.#preserved.get(keyOf(change)) ?? []).map(({ path }) => oneLine(path));
    if (change.carried !== undefined) lines.push(...this.wrapped('=', carriedText(change), 4));
    else if (preserved.length > 0)
      lines.push(...this.wrapped('=', `left as it is: ${preserved.join(', ')}`, 4));
    const hidden = (this.#unverifiable.get(keyOf(change)) ?? []).map(({ path }) => oneLine(path));
    if (hidden.length > 0) {
      const why = 'cannot be compared, because it is never answered';
      lines.push(...this.wrapped('=', `${why}: ${hidden.join(', ')}`, 4));
    }
    lines.push(...this.suppressed(change));
    if (this.options.verbose === true) {
      for (const [index, step] of change.steps.entries()) {
        lines.push(paint.faint(`    ${index + 1}. ${step.method} ${oneLine(step.path)}`));
        if (step.body !== undefined)
          lines.push(...this.wrapped('', breakable(step.body), 7).map(paint.faint));
      }
    }
    return lines;
  }

  /** What is deliberately not acted on, and why. */
  protected suppressed(subject: Subject): string[] {
    return (this.#suppressed.get(keyOf(subject)) ?? []).flatMap((one) =>
      this.wrapped(
        '=',
        `${oneLine(one.path)} is ${value(one.live)}, asked for ${value(one.desired)}: ${one.reason}`,
        4,
      ),
    );
  }

  /** `acts`: the plan would write them. */
  #differences(differences: readonly Difference[], acts = true): string[] {
    return runsOf(differences).flatMap((run) =>
      run.length < BLOCK && !run.some(isWholeItem)
        ? run.flatMap((difference) => [
            ...this.#difference(difference),
            ...this.#handEdit(handEdit(difference, this.plan, acts), 6),
          ])
        : this.#block(run, acts),
    );
  }

  #handEdit(edit: HandEdit | undefined, indent: number): string[] {
    if (edit === undefined) return [];
    const { error, strong } = this.paint;
    const says = this.wrapped('!', edit.says, indent).map((line) => strong(error(line)));
    return [...says, ...this.wrapped('', edit.keep, indent + 2)];
  }

  /** Much of one item that comes or goes together: as a tree below what its paths have in common. */
  #block(run: readonly Difference[], acts: boolean): string[] {
    const [first] = run;
    const depth =
      run.length > 1 ? commonDepth(run.map(({ segments }) => segments)) : (first?.segments.length ?? 0);
    const segments = first?.segments.slice(0, depth) ?? [];
    const gone = first?.desired === null;
    const direction = run.map((one) => one.direction).find((one) => one !== 'neutral') ?? 'neutral';
    const label = { text: direction === 'neutral' ? '' : direction, colour: this.colourOf(direction) };
    const leaves = run.flatMap((one) => leavesIn(gone ? one.live : one.desired, one.segments.slice(depth)));
    return [
      ...this.valueAt(`${gone ? '-' : '+'} `, { path: pathText(segments), segments }, '', label),
      ...treeLines(leaves, 8, this.width),
      ...this.#places(run),
      ...this.#handEdit(handEditOfAll(run, pathText(segments), this.plan, acts), 6),
    ];
  }

  #places(differences: readonly Difference[]): string[] {
    const places = placesOf(differences.flatMap(({ provenance }) => provenance ?? []));
    return places.length === 0 ? [] : this.wrapped('', places.join(', '), 6).map(this.paint.faint);
  }

  #difference({ path, segments, live, desired, direction, again, provenance }: Difference): string[] {
    const mark = again ? '~' : live === null ? '+' : desired === null ? '-' : '~';
    const arrow = again
      ? `${value(desired)}, sent again`
      : live === null
        ? value(desired)
        : `${value(live)} → ${value(desired)}`;
    const label = { text: direction === 'neutral' ? '' : direction, colour: this.colourOf(direction) };
    return [...this.valueAt(`${mark} `, { path, segments }, arrow, label), ...this.place(provenance)];
  }

  /** A path, what is said of it, and a word at the right edge. */
  protected valueAt(
    mark: string,
    { path, segments }: { readonly path: string; readonly segments: Path },
    said: string,
    label: { readonly text: string; readonly colour: (text: string) => string },
  ): string[] {
    const labelled = (line: string) =>
      `${line}${' '.repeat(Math.max(this.width - cells(line) - cells(label.text), 2))}${label.text === '' ? '' : label.colour(label.text)}`.trimEnd();
    const room = this.width - cells(label.text) - (label.text === '' ? 0 : 2);
    const whole = `    ${mark}${oneLine(path)}: ${said}`;
    if (cells(whole) <= room) return [labelled(whole)];
    // The path where it fits, the value behind it or below.
    const parts = brokenPath(segments, room - 7);
    const last = parts.length > 1 ? `${parts.at(-1)}: ${said}` : '';
    const behind = last !== '' && cells(last) <= this.width - 8;
    const below = behind
      ? [...parts.slice(1, -1), last]
      : [
          ...parts.slice(1).map((part, index) => (index === parts.length - 2 ? `${part}:` : part)),
          ...wrap(said, this.width - 8),
        ];
    return [
      labelled(`    ${mark}${parts[0]}${parts.length === 1 ? ':' : ''}`),
      ...below.filter((line) => line !== '').map((line) => `        ${oneLine(line)}`),
    ];
  }

  protected place(provenance: Origin | undefined): string[] {
    return provenance === undefined ? [] : [this.paint.faint(`      ${placeOf(provenance)}`)];
  }

  /** All that a new object is made with, and which lines of which files say so. */
  #made(differences: readonly Difference[]): string[] {
    const leaves = differences.map(({ segments, desired }) => ({ path: segments, value: desired }));
    return [...treeLines(leaves, 4, this.width), ...this.#places(differences)];
  }

  protected colourOf(direction: Direction): (text: string) => string {
    const { good, error, warning } = this.paint;
    return { tightens: good, loosens: error, moves: warning, neutral: (text: string) => text }[direction];
  }

  /** A brake says the same of hundreds: its words once are enough. */
  #refused(refused: Refused): string[] {
    const words = `${refused.message}\n${refused.help}`;
    const again = words === this.#said;
    this.#said = words;
    return [
      `${this.title('!', refused)}  ${this.paint.error(`refused: ${refused.guard}`)}`,
      ...(again ? [] : this.wrapped('', oneLine(refused.message), 4)),
      ...(refused.action === 'create'
        ? this.#made(refused.differences)
        : this.#differences(refused.differences, false)),
      ...(again ? [] : this.wrapped('=', `help: ${oneLine(refused.help)}`, 4)),
      ...(refused.differences.length > 0 ? [] : this.place(refused.provenance)),
    ];
  }

  protected orphans(): string[] {
    const { orphans, base } = this.plan;
    const told = (known: Orphan['known_by'], by: string) => {
      const names = orphans.flatMap(({ name, known_by }) => (known_by === known ? [oneLine(name)] : []));
      const what = `${by} and named by no file (left as they are): ${names.join(', ')}`;
      return names.length === 0 ? [] : this.wrapped('', what, 0);
    };
    const managed = `Managed in ${oneLine(base?.name ?? 'the base')}`;
    return [...told(undefined, 'Stamped as ours'), ...told('base', managed)];
  }

  protected notice({ severity, code, message, help, address }: Notice): string[] {
    const colour = severity === 'warning' ? this.paint.warning : this.paint.note;
    const where = address === undefined ? '' : `${oneLine(address)}: `;
    const head = `${severity}[${code}]:`;
    const [first = '', ...rest] = wrap(`${head} ${where}${oneLine(message)}`, this.width - 4);
    return [
      `${colour(head)}${first.slice(head.length)}`,
      ...rest.map((line) => `    ${line}`),
      ...(help === undefined ? [] : this.wrapped('=', `help: ${oneLine(help)}`, 4)),
    ];
  }

  #closing(): string[] {
    const { plan, paint } = this;
    const counts = (Object.keys(VERBS) as Action[])
      .map((action) => ({ action, count: plan.changes.filter((change) => change.action === action).length }))
      .filter(({ count }) => count > 0)
      .map(({ action, count }) => `${count} ${VERBS[action]}`);
    const rest = [
      ...(plan.unchanged.length > 0 ? [`${plan.unchanged.length} unchanged`] : []),
      ...(plan.observed.length > 0 ? [`${plan.observed.length} observed`] : []),
      ...(plan.refused.length > 0 ? [paint.error(`${plan.refused.length} refused`)] : []),
    ];
    const origins = originsText(plan);
    const what = counts.length === 0 ? ['nothing to change'] : counts;
    return [
      ...wrap(`Plan (${this.where()}): ${[...what, ...rest].join(', ')}.`, this.width),
      ...(origins === undefined ? [] : wrap(origins, this.width)),
      ...(plan.allowed.length > 0 ? [`Allowed: ${plan.allowed.map(oneLine).join(', ')}`] : []),
      ...(plan.changes.length > 0 ? [paint.faint(`Digest ${plan.digest}`)] : []),
    ];
  }

  protected where(): string {
    const { plan } = this;
    return `${plan.target === '' ? '' : `target ${oneLine(plan.target)}, `}${oneLine(plan.host)}`;
  }

  protected wrapped(mark: string, text: string, indent: number): string[] {
    const lead = `${' '.repeat(indent)}${mark === '' ? '' : `${mark} `}`;
    const further = ' '.repeat(indent + (mark === '' ? 0 : 2));
    return wrap(text, this.width - further.length).map(
      (line, index) => `${index === 0 ? lead : further}${oneLine(line)}`,
    );
  }
}

/** Something with members of its own, that comes or goes as one. */
function isWholeItem({ live, desired }: Difference): boolean {
  return (isObject(live) && desired === null) || (isObject(desired) && live === null);
}

function stampText({ live, desired }: NonNullable<Change['stamp']>): string {
  if (desired === null) return `no longer stamped as project "${oneLine(live ?? '')}"`;
  return `stamped as project "${oneLine(desired)}"${live === null ? '' : ` (was "${oneLine(live)}")`}`;
}

/** What a new object is given that the files do not name. */
function carriedText({ action, carried = {} }: Change): string {
  const fields = Object.keys(carried)
    .filter((field) => canonicalJson(carried[field] ?? null) !== '[]')
    .map(oneLine)
    .join(', ');
  return action === 'create'
    ? `set aside by a replace that was cut short, and given to the new one: ${fields}`
    : `given to the new one, where the files say nothing else: ${fields}`;
}

function bySubject<T extends Subject>(all: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const list = found.get(key);
    if (list === undefined) found.set(key, [one]);
    else list.push(one);
  }
  return found;
}

function keyOf({ kind, name }: Subject): string {
  return `${kind} ${name}`;
}

/** JSON with blanks where a line may break. */
function breakable(json: Json): string {
  if (isList(json)) return `[${json.map(breakable).join(', ')}]`;
  if (!isObject(json)) return canonicalJson(json);
  const members = Object.entries(json).map(([name, inner]) => `${canonicalJson(name)}: ${breakable(inner)}`);
  return `{ ${members.join(', ')} }`;
}
