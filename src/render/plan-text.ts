// A plan as text for a terminal or a CI log: 80 columns, readable without colour. Pure; says nothing that is
// not in the plan.
import { canonicalJson, isList, isObject, type Json } from '../model/json';
import { pathText } from '../model/path';
import type {
  Action,
  Change,
  ChangeEffect,
  Difference,
  Plan,
  Preserved,
  Refused,
  Unverifiable,
} from '../plan/types';
import { commonDepth, isBlock, runsOf } from './difference-runs';
import { effectLines } from './effect-lines';
import { goneAndMadeAnew, type HandEdit, handEdit, handEditOfAll, originsText, saysOf } from './origin-text';
import { bySubject, keyOf, PlanLines, type PlanTextOptions } from './plan-lines';
import { planCounts } from './plan-order';
import { placesOf, value } from './plan-words';
import { findingsText, policySummary } from './policy-text';
import { oneLine } from './sanitise';
import { leavesIn, treeLines } from './tree';
import { wrap } from './width';

const MARKS: Readonly<Record<Action, string>> = {
  create: '+',
  update: '~',
  replace: '±',
  adopt: '→',
  delete: '-',
  release: '←',
};
/** These say by their effects what becomes of callers meanwhile. */
const SPEAKS_FOR_ITSELF: readonly Action[] = ['create', 'delete', 'replace'];

export function planText(plan: Plan, options: PlanTextOptions = {}): string {
  const text = new PlanText(plan, options);
  return `${text.lines().join('\n')}\n`;
}

class PlanText extends PlanLines {
  readonly #preserved: ReadonlyMap<string, readonly Preserved[]>;
  readonly #unverifiable: ReadonlyMap<string, readonly Unverifiable[]>;
  #said = '';

  constructor(plan: Plan, options: PlanTextOptions) {
    super(plan, options);
    this.#preserved = bySubject(plan.preserved);
    this.#unverifiable = bySubject(plan.unverifiable);
  }

  lines(): string[] {
    const { plan } = this;
    const blocks = [
      ...plan.changes.map((change) => this.#change(change)),
      ...plan.observed.map((one) => [
        `${this.title('?', one)}  observed, never written`,
        ...this.#effects(one.effects),
        ...this.#differences(one.differences, false),
      ]),
      ...plan.refused.map((one) => this.#refused(one)),
      ...(plan.policy?.blocked ?? []).map((one) => [
        `${this.title('!', one)}  ${this.paint.error(`blocked: ${one.rules.join(', ')}`)}`,
        ...(one.action === 'create' ? this.#made(one.differences) : this.#differences(one.differences)),
      ]),
      ...(plan.orphans.length > 0 ? [this.orphans()] : []),
      ...(plan.notices.length > 0 ? [plan.notices.flatMap((notice) => this.notice(notice))] : []),
    ];
    return [...blocks.flatMap((block) => [...block, '']), ...this.#policies(), ...this.#closing()];
  }

  #change(change: Change): string[] {
    const { paint } = this;
    const meanwhile = SPEAKS_FOR_ITSELF.includes(change.action) ? '' : `, ${change.availability}`;
    const lines = [
      `${this.title(MARKS[change.action], change)}  ${change.action}${meanwhile}`,
      ...this.#effects(change.effects),
      ...(change.action === 'create'
        ? this.#made(change.differences)
        : this.#differences(change.differences)),
    ];
    if (change.reason !== undefined) lines.push(...this.wrapped('', `because: ${oneLine(change.reason)}`, 4));
    lines.push(...this.#handEdit(goneAndMadeAnew(change, this.plan), 4));
    if (
      change.action === 'replace' &&
      change.stamp !== undefined &&
      change.stamp.live !== change.stamp.desired
    )
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

  /** `acts`: the plan would write them. */
  #differences(differences: readonly Difference[], acts = true): string[] {
    return runsOf(differences).flatMap((run) =>
      isBlock(run)
        ? this.#block(run, acts)
        : run.flatMap((difference) => [
            ...this.#difference(difference),
            ...this.#handEdit(handEdit(difference, this.plan, acts), 6),
          ]),
    );
  }

  #handEdit(edit: HandEdit | undefined, indent: number): string[] {
    if (edit === undefined) return [];
    const { error, strong } = this.paint;
    const says = this.wrapped('!', saysOf(edit), indent).map((line) => strong(error(line)));
    return [...says, ...this.wrapped('', edit.keep, indent + 2)];
  }

  /** Much of one item that comes or goes together: as a tree below what its paths have in common. */
  #block(run: readonly Difference[], acts: boolean): string[] {
    const depth = commonDepth(run.map(({ segments }) => segments));
    const segments = run[0]?.segments.slice(0, depth) ?? [];
    const gone = run[0]?.desired === null;
    const leaves = run.flatMap((one) => leavesIn(gone ? one.live : one.desired, one.segments.slice(depth)));
    return [
      ...this.valueAt(`${gone ? '-' : '+'} `, { path: pathText(segments), segments }, ''),
      ...treeLines(leaves, 8, this.width),
      ...this.#places(run),
      ...this.#handEdit(handEditOfAll(run, pathText(segments), this.plan, acts), 6),
    ];
  }

  #places(differences: readonly Difference[]): string[] {
    const places = placesOf(differences.flatMap(({ provenance }) => provenance ?? []));
    return places.length === 0 ? [] : this.wrapped('', places.join(', '), 6).map(this.paint.faint);
  }

  #effects(effects: readonly ChangeEffect[]): string[] {
    return effectLines(effects, { indent: 4, width: this.width, paint: this.paint });
  }

  #difference({ path, segments, live, desired, again, provenance }: Difference): string[] {
    const mark = again ? '~' : live === null ? '+' : desired === null ? '-' : '~';
    const arrow = again
      ? `${value(desired)}, sent again`
      : live === null
        ? value(desired)
        : `${value(live)} → ${value(desired)}`;
    return [...this.valueAt(`${mark} `, { path, segments }, arrow), ...this.place(provenance)];
  }

  /** All that a new object is made with, and which lines of which files say so. */
  #made(differences: readonly Difference[]): string[] {
    const leaves = differences.map(({ segments, desired }) => ({ path: segments, value: desired }));
    return [...treeLines(leaves, 4, this.width), ...this.#places(differences)];
  }

  /** A brake says the same of hundreds: its words once are enough. */
  #refused(refused: Refused): string[] {
    const words = `${refused.message}\n${refused.help}`;
    const again = words === this.#said;
    this.#said = words;
    return [
      `${this.title('!', refused)}  ${this.paint.error(`refused: ${refused.guard}`)}`,
      ...(again ? [] : this.wrapped('', oneLine(refused.message), 4)),
      ...this.#effects(refused.effects),
      ...(refused.action === 'create'
        ? this.#made(refused.differences)
        : this.#differences(refused.differences, false)),
      ...(again ? [] : this.wrapped('=', `help: ${oneLine(refused.help)}`, 4)),
      ...(refused.differences.length > 0 ? [] : this.place(refused.provenance)),
    ];
  }

  #policies(): string[] {
    const { policy } = this.plan;
    if (policy === undefined) return [];
    const text = findingsText(policy, { width: this.width, paint: this.paint });
    return [
      ...(text === '' ? [] : text.trimEnd().split('\n').concat('')),
      ...wrap(policySummary(policy), this.width),
    ];
  }

  #closing(): string[] {
    const { plan, paint } = this;
    const counts = planCounts(plan).replace(/\d+ (blocked|refused)/g, paint.error);
    const origins = originsText(plan);
    return [
      ...wrap(`Plan (${this.where()}): ${counts}.`, this.width),
      ...(origins === undefined ? [] : wrap(origins, this.width)),
      ...(plan.allowed.length > 0 ? [`Allowed: ${plan.allowed.map(oneLine).join(', ')}`] : []),
      ...(plan.changes.length > 0 ? [paint.faint(`Digest ${plan.digest}`)] : []),
    ];
  }
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

/** JSON with blanks where a line may break. */
function breakable(json: Json): string {
  if (isList(json)) return `[${json.map(breakable).join(', ')}]`;
  if (!isObject(json)) return canonicalJson(json);
  const members = Object.entries(json).map(([name, inner]) => `${canonicalJson(name)}: ${breakable(inner)}`);
  return `{ ${members.join(', ')} }`;
}
