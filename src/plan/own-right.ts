// Nobody locks themselves out by listing others: the right to manage of whoever runs this, given directly, is
// kept where the file does not speak of it. Plan and apply ask the same question, each of its own caller.
import { isItem, itemKey } from '../model/path';
import { wireOf } from '../wire';
import type { FieldDifference } from './diff';

/** Whether a difference would take the right to manage from somebody. */
export function takesRight(kind: string, { path, live, desired }: FieldDifference): boolean {
  const right = wireOf(kind).manageRight;
  return right !== undefined && path[0] === right.field && right.conveyed(live) && !right.conveyed(desired);
}

/** Whether it would take it from one of `callers`. */
export function isOwnRight(kind: string, difference: FieldDifference, callers: readonly string[]): boolean {
  const right = wireOf(kind).manageRight;
  const who = difference.path.find(isItem);
  if (right === undefined || who === undefined || !takesRight(kind, difference)) return false;
  return callers.some((caller) => right.itemOf(caller) === itemKey(who));
}
