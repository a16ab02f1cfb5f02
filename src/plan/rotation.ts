// Rotation: a credential that cannot be read back is left alone until somebody asks, by name, that it be sent again.
import { valueAt } from '../model/assign';
import type { JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import type { LiveResource } from '../model/resource';
import type { Comparison, FieldDifference } from './diff';
import type { Notice, Subject } from './types';

/** What `--rotate` names: an address or a name. */
export function isRotated({ address, name }: Subject, names: readonly string[]): boolean {
  return names.includes(address) || names.includes(name);
}

/**
 * The secrets that are declared and were taken before: whether they differ from those nobody can tell. With `past`, only
 * those that the base refers to otherwise.
 */
export function rotated(
  { unverifiable }: Comparison,
  desired: JsonObject,
  { kind, sort }: LiveResource,
  past?: JsonObject,
): FieldDifference[] {
  const { fields } = kindOf(kind);
  return unverifiable
    .filter((path) => fields.row(path, sort)?.secret !== undefined)
    .map((path) => ({ path, live: null, desired: valueAt(desired, path, fields, sort) ?? null }))
    .filter((one) => {
      const before = past === undefined ? undefined : valueAt(past, one.path, fields, sort);
      return past === undefined || (before !== undefined && before !== null && before !== one.desired);
    });
}

export function nothingToRotate({ address, name }: Subject): Notice {
  return {
    code: 'nothing-to-rotate',
    severity: 'warning',
    address,
    message: `--rotate ${name}: it declares no credential whose value is sent from here`,
    help: 'What a reference names is rotated where the secret is kept; every request reads it there.',
  };
}
