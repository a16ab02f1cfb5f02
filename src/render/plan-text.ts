// A plan as text for a terminal or a CI log: 80 columns, readable without colour. Pure; says nothing that is
// not in the plan.
import { canonicalJson, type Json } from '../model/json';
import { isItem, type Path } from '../model/path';
import type { Origin } from '../model/resource';
import type { Action, Change, ChangeEffect, Difference, Notice, Plan, Refused, Subject } from '../plan/types';
import { effectLines } from './effect-lines';
import { type Paint, painter } from './paint';
import { driftCount, driftCounts, planCounts } from './plan-order';
import { oneLine } from './sanitise';
import { treeLines } from './tree';
import { cells, wrap } from './width';

export interface PlanTextOptions {
  readonly paint?: Paint;
  readonly width?: number;
  /** Say the requests as well. */
  readonly verbose?: boolean;
  /** `drift` leaves out what is no drift, such as a stamp that is missing. */
  readonly as?: 'plan' | 'drift';
}

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

class PlanText {
  readonly paint: Paint;
  readonly width: number;

  constructor(
    readonly plan: Plan,
    readonly options: PlanTextOptions,
  ) {
    this.paint = options.paint ?? painter(false);
    this.width = options.width ?? 80;
  }

  lines(): string[] {
    const { plan } = this;
    const drift = this.options.as === 'drift' && driftCount(plan) > 0;
    const blocks = [
      ...(drift ? [['What applying the files would do:']] : []),
      ...this.#changes().map((change) => this.#change(change)),
      ...plan.observed.map((one) => [
        `${this.#title('?', one)}  observed, never written`,
        ...this.#effects(one.effects),
        ...this.#differences(one.differences),
      ]),
      ...plan.refused.map((one) => this.#refused(one)),
      ...(plan.orphans.length > 0 ? [this.#orphans()] : []),
      ...(plan.notices.length > 0 ? [plan.notices.flatMap((notice) => this.#notice(notice))] : []),
    ];
    return [...blocks.flatMap((block) => [...block, '']), ...this.#closing()];
  }

  #changes(): readonly Change[] {
    const { changes } = this.plan;
    return this.options.as === 'drift'
      ? changes.filter(({ differences }) => differences.length > 0)
      : changes;
  }

  #title(mark: string, subject: Subject): string {
    const address = oneLine(subject.address);
    const own = address.slice(address.indexOf('.') + 1);
    const name = own === subject.name ? '' : ` (${oneLine(subject.name)})`;
    return `${mark} ${this.paint.strong(address)}${name}`;
  }

  #change(change: Change): string[] {
    const { paint, plan } = this;
    const meanwhile = SPEAKS_FOR_ITSELF.includes(change.action) ? '' : `, ${change.availability}`;
    const lines = [
      `${this.#title(MARKS[change.action], change)}  ${change.action}${meanwhile}`,
      ...this.#effects(change.effects),
      ...(change.action === 'create' ? this.#made(change) : this.#differences(change.differences)),
    ];
    const of = (other: Subject) => other.kind === change.kind && other.name === change.name;
    if (change.reason !== undefined)
      lines.push(...this.#wrapped('', `because: ${oneLine(change.reason)}`, 4));
    if (
      change.action === 'replace' &&
      change.stamp !== undefined &&
      change.stamp.live !== change.stamp.desired
    )
      lines.push(`    ${stampText(change.stamp)}`);
    for (const note of change.steps.flatMap((step) => step.note ?? []))
      lines.push(...this.#wrapped(paint.warning('!'), note, 4));
    const preserved = plan.preserved.filter(of).map(({ path }) => oneLine(path));
    if (preserved.length > 0) lines.push(...this.#wrapped('=', `left as it is: ${preserved.join(', ')}`, 4));
    for (const one of plan.suppressed.filter(of)) {
      lines.push(
        ...this.#wrapped(
          '=',
          `${oneLine(one.path)} is ${value(one.live)}, asked for ${value(one.desired)}: ${one.reason}`,
          4,
        ),
      );
    }
    if (this.options.verbose === true) {
      for (const [index, step] of change.steps.entries()) {
        lines.push(paint.faint(`    ${index + 1}. ${step.method} ${oneLine(step.path)}`));
        if (step.body !== undefined)
          lines.push(...this.#wrapped('', oneLine(canonicalJson(step.body)), 7).map(paint.faint));
      }
    }
    return lines;
  }

  #differences(differences: readonly Difference[]): string[] {
    return differences.flatMap((difference) => this.#difference(difference));
  }

  #effects(effects: readonly ChangeEffect[]): string[] {
    return effectLines(effects, { indent: 4, width: this.width, paint: this.paint });
  }

  #difference({ path, segments, live, desired, provenance }: Difference): string[] {
    const mark = live === null ? '+' : desired === null ? '-' : '~';
    const arrow =
      live === null ? value(desired) : `${value(live)} → ${desired === null ? '(none)' : value(desired)}`;
    const place = provenance === undefined ? [] : [this.paint.faint(`      ${placeOf(provenance)}`)];
    const whole = `    ${mark} ${oneLine(path)}: ${arrow}`;
    if (cells(whole) <= this.width) return [whole, ...place];
    // The path where it fits, the value behind it or below.
    const parts = brokenPath(segments, this.width - 7);
    const last = parts.length > 1 ? `${parts.at(-1)}: ${arrow}` : '';
    const behind = last !== '' && cells(last) <= this.width - 8;
    const below = behind
      ? [...parts.slice(1, -1), last]
      : [
          ...parts.slice(1).map((part, index) => (index === parts.length - 2 ? `${part}:` : part)),
          ...wrap(arrow, this.width - 8),
        ];
    return [
      `    ${mark} ${parts[0]}${parts.length === 1 ? ':' : ''}`,
      ...below.map((line) => `        ${oneLine(line)}`),
      ...place,
    ];
  }

  /** All that a new object is made with, and which lines of which files say so. */
  #made({ differences }: Change): string[] {
    const leaves = differences.map(({ segments, desired }) => ({ path: segments, value: desired }));
    const places = placesOf(differences.flatMap(({ provenance }) => provenance ?? []));
    return [
      ...treeLines(leaves, 4, this.width),
      ...(places.length === 0 ? [] : this.#wrapped('', places.join(', '), 6).map(this.paint.faint)),
    ];
  }

  #refused(refused: Refused): string[] {
    return [
      `${this.#title('!', refused)}  ${this.paint.error(`refused: ${refused.guard}`)}`,
      ...this.#wrapped('', oneLine(refused.message), 4),
      ...this.#effects(refused.effects),
      ...this.#differences(refused.differences),
      ...this.#wrapped('=', `help: ${oneLine(refused.help)}`, 4),
      ...(refused.provenance === undefined ? [] : [this.paint.faint(`      ${placeOf(refused.provenance)}`)]),
    ];
  }

  #orphans(): string[] {
    const names = this.plan.orphans.map(({ name }) => oneLine(name)).join(', ');
    return this.#wrapped('', `Stamped as ours and named by no file (left as they are): ${names}`, 0);
  }

  #notice({ severity, code, message, help, address }: Notice): string[] {
    const colour = severity === 'warning' ? this.paint.warning : this.paint.note;
    const where = address === undefined ? '' : `${oneLine(address)}: `;
    const head = `${severity}[${code}]:`;
    const [first = '', ...rest] = wrap(`${head} ${where}${oneLine(message)}`, this.width - 4);
    return [
      `${colour(head)}${first.slice(head.length)}`,
      ...rest.map((line) => `    ${line}`),
      ...(help === undefined ? [] : this.#wrapped('=', `help: ${oneLine(help)}`, 4)),
    ];
  }

  #closing(): string[] {
    const { plan, paint } = this;
    if (this.options.as === 'drift') return this.#driftClosing();
    const counts = planCounts(plan).replace(/\d+ refused$/, paint.error);
    return [
      ...wrap(`Plan (${this.#where()}): ${counts}.`, this.width),
      ...(plan.allowed.length > 0 ? [`Allowed: ${plan.allowed.map(oneLine).join(', ')}`] : []),
      ...(plan.changes.length > 0 ? [paint.faint(`Digest ${plan.digest}`)] : []),
    ];
  }

  #driftClosing(): string[] {
    return wrap(`Drift (${this.#where()}): ${driftCounts(this.plan)}.`, this.width);
  }

  #where(): string {
    const { plan } = this;
    return `${plan.target === '' ? '' : `target ${oneLine(plan.target)}, `}${oneLine(plan.host)}`;
  }

  #wrapped(mark: string, text: string, indent: number): string[] {
    const lead = `${' '.repeat(indent)}${mark === '' ? '' : `${mark} `}`;
    const further = ' '.repeat(indent + (mark === '' ? 0 : 2));
    return wrap(text, this.width - further.length).map(
      (line, index) => `${index === 0 ? lead : further}${oneLine(line)}`,
    );
  }
}

function stampText({ live, desired }: NonNullable<Change['stamp']>): string {
  if (desired === null) return `no longer stamped as project "${oneLine(live ?? '')}"`;
  return `stamped as project "${oneLine(desired)}"${live === null ? '' : ` (was "${oneLine(live)}")`}`;
}

function value(json: Json): string {
  if (json === null) return '(none)';
  return oneLine(typeof json === 'string' && json !== '' ? json : canonicalJson(json));
}

/** A long path in parts of at most `room` cells where its segments allow it. */
function brokenPath(segments: Path, room: number): string[] {
  const parts: string[] = [];
  let part = '';
  for (const [index, segment] of segments.entries()) {
    const text = oneLine(index === 0 || isItem(segment) ? segment : `.${segment}`);
    if (part !== '' && cells(part) + cells(text) > room) {
      parts.push(part);
      part = text;
    } else part += text;
  }
  return [...parts, part];
}

/** `gatewright.yaml:7-15`, by file and layer. */
function placesOf(origins: readonly Origin[]): string[] {
  const lines = new Map<string, { readonly origin: Origin; first: number; last: number }>();
  for (const origin of origins) {
    const key = `${origin.file} ${origin.layer}`;
    const found = lines.get(key);
    if (found === undefined) lines.set(key, { origin, first: origin.line, last: origin.line });
    else {
      found.first = Math.min(found.first, origin.line);
      found.last = Math.max(found.last, origin.line);
    }
  }
  return [...lines.values()].map(({ origin: { file, layer }, first, last }) => {
    const range = first === last ? `${first}` : `${first}-${last}`;
    return `${oneLine(file)}:${range}${layer === 'file' ? '' : ` (${oneLine(layer)})`}`;
  });
}

function placeOf({ file, line, column, layer }: Origin): string {
  return `${oneLine(file)}:${line}:${column}${layer === 'file' ? '' : ` (${oneLine(layer)})`}`;
}
