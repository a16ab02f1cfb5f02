// What the texts of a plan are made of, one resource or one field at a time, in 80 columns: `plan-text.ts` says what
// would be done, `drift-text.ts` what is so. Pure; says nothing that is not in the plan.
import type { Path } from '../model/path';
import type { Origin } from '../model/resource';
import type { Notice, Orphan, Plan, Subject, Suppressed } from '../plan/types';
import { brokenPath } from './difference-runs';
import { type Paint, painter } from './paint';
import { placeOf, value } from './plan-words';
import { oneLine } from './sanitise';
import { cells, wrap } from './width';

export interface PlanTextOptions {
  readonly paint?: Paint;
  readonly width?: number;
  /** Say the requests as well. */
  readonly verbose?: boolean;
}

const UNLABELLED = { text: '', colour: (text: string) => text };

export class PlanLines {
  readonly paint: Paint;
  readonly width: number;
  readonly #suppressed: ReadonlyMap<string, readonly Suppressed[]>;

  constructor(
    readonly plan: Plan,
    readonly options: PlanTextOptions,
  ) {
    this.paint = options.paint ?? painter(false);
    this.width = options.width ?? 80;
    this.#suppressed = bySubject(plan.suppressed);
  }

  protected title(mark: string, subject: Subject): string {
    const address = oneLine(subject.address);
    const own = address.slice(address.indexOf('.') + 1);
    const name = own === subject.name ? '' : ` (${oneLine(subject.name)})`;
    return `${mark} ${this.paint.strong(address)}${name}`;
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

  /** A path, what is said of it, and a word at the right edge. */
  protected valueAt(
    mark: string,
    { path, segments }: { readonly path: string; readonly segments: Path },
    said: string,
    label: { readonly text: string; readonly colour: (text: string) => string } = UNLABELLED,
  ): string[] {
    const labelled = (line: string) =>
      `${line}${' '.repeat(Math.max(this.width - cells(line) - cells(label.text), 2))}${label.text === '' ? '' : label.colour(label.text)}`.trimEnd();
    const room = this.width - cells(label.text) - (label.text === '' ? 0 : 2);
    const whole = `    ${mark}${oneLine(path)}:${said === '' ? '' : ` ${said}`}`;
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

export function bySubject<T extends Subject>(all: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const list = found.get(key);
    if (list === undefined) found.set(key, [one]);
    else list.push(one);
  }
  return found;
}

export function keyOf({ kind, name }: Subject): string {
  return `${kind} ${name}`;
}
