// What is live, held against what a change asks for: what is still open, what is done, what we made ourselves. Only
// looks; reads and writes nothing.
import { valueAt } from '../model/assign';
import { canonicalJson, type Json, type JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import { type Path, pathText } from '../model/path';
import type { LiveResource } from '../model/resource';
import { compare, type FieldDifference, isMissing, sameValue } from '../plan/diff';
import { mergeFields } from '../plan/expand';
import { isOwnRight, takesRight } from '../plan/own-right';
import type { Change, Step } from '../plan/types';
import { operationOf, wireOf } from '../wire';
import type { RetryClass } from '../wire/operation';
import type { Result } from './events';
import type { Around } from './settle';

export class Measure {
  constructor(
    readonly change: Change,
    readonly around: Pick<Around, 'caller'>,
  ) {}

  /** What is still not as declared; the caller's own right to manage does not count. */
  async differences(live: LiveResource): Promise<readonly FieldDifference[]> {
    const { kind, carried } = this.change;
    const { fields } = kindOf(kind);
    const desired =
      carried !== undefined && this.isAnew(live)
        ? mergeFields(carried, this.change.desired, fields)
        : this.change.desired;
    const { differences } = compare({ desired, live: live.fields, name: live.name, sort: live.sort, fields });
    if (!differences.some((one) => takesRight(kind, one))) return differences;
    const callers = await this.around.caller();
    return differences.filter((one) => !(one.desired === null && isOwnRight(kind, one, callers)));
  }

  async asDesired(live: LiveResource): Promise<boolean> {
    const { stamp } = this.change;
    if (stamp !== undefined && (live.stamp ?? null) !== stamp.desired) return false;
    return (await this.differences(live)).length === 0;
  }

  /** True when every value of the step that can be read is so already. */
  holds(step: Step, live: LiveResource): boolean {
    const { fields } = kindOf(this.change.kind);
    const stamp = wireOf(this.change.kind).stampPath;
    return step.ours.every(({ path, value }) => {
      if (stamp !== undefined && pathText(path) === pathText(stamp)) return (live.stamp ?? null) === value;
      if (this.isAgain(path)) return false;
      const hidden = fields.writeOnly(path, live.sort);
      if (hidden !== undefined) return !isMissing(hidden, { live: live.fields, fields, sort: live.sort });
      const found = valueAt(live.fields, path, fields, live.sort) ?? null;
      return sameValue(fields, path, live.sort, live.name, value, found);
    });
  }

  /** What is not as asked, the stamp included. */
  async open(live: LiveResource): Promise<NonNullable<Result['fields']>> {
    const { kind, stamp } = this.change;
    const path = wireOf(kind).stampPath;
    const found = live.stamp ?? null;
    const stamped =
      path === undefined || stamp === undefined || stamp.desired === found
        ? []
        : [{ path: pathText(path), expected: show(stamp.desired), found: show(found) }];
    const fields = (await this.differences(live)).map((one) => ({
      path: pathText(one.path),
      expected: show(one.desired),
      found: show(one.live),
    }));
    return [...fields, ...stamped];
  }

  /** Sent because somebody asked, whatever is there: whether it has arrived cannot be read. */
  isAgain(path: Path): boolean {
    const text = pathText(path);
    return this.change.differences.some((one) => one.again === true && one.path === text);
  }

  /** It is not the one that the plan saw, or the plan saw none. */
  isAnew({ id }: LiveResource): boolean {
    return ['create', 'replace'].includes(this.change.action) && id !== this.change.id;
  }

  /** Whether our create made it: it has our stamp and all that the create carries; later steps do the rest. */
  async isMade(live: LiveResource): Promise<boolean> {
    const { change } = this;
    const create = change.steps.find((step) => retryOf(this.change, step) === 'create');
    if (create === undefined || (live.stamp ?? null) !== (change.stamp?.desired ?? null)) return false;
    const carries = new Set(create.ours.map(({ path }) => path[0]));
    return !(await this.differences(live)).some(({ path }) => carries.has(path[0]));
  }
}

export function retryOf({ kind }: Change, step: Step | undefined): RetryClass | undefined {
  return step === undefined ? undefined : operationOf(kind, step.operation).retry;
}

/** Whether two objects say the same of every field, whatever the order of their lists. */
export function sameFields(a: JsonObject, b: JsonObject, { kind, name, sort }: LiveResource): boolean {
  const { fields } = kindOf(kind);
  return [
    [a, b],
    [b, a],
  ].every(
    ([desired = {}, live = {}]) => compare({ desired, live, name, sort, fields }).differences.length === 0,
  );
}

export function show(value: Json): string {
  return value === null ? '(none)' : typeof value === 'string' ? value : canonicalJson(value);
}
