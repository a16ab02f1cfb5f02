// Where a file states what a path is about: the path itself, else the first line of what it holds, else what holds it.
import type { Location } from '../model/diagnostic';
import type { DesiredResource, Origin } from '../model/resource';
import { originOf } from '../plan/expand';

export function placeIn(resource: DesiredResource, path: string): Location | undefined {
  const found = path === '' ? undefined : (resource.origins[path] ?? firstBelow(resource, path));
  const at = found ?? originOf(resource, path);
  if (at === undefined) return undefined;
  const { file, line, column, length } = at;
  return { file, line, column, ...(length === undefined ? {} : { length }) };
}

function firstBelow({ origins }: DesiredResource, path: string): Origin | undefined {
  let first: Origin | undefined;
  for (const [key, origin] of Object.entries(origins)) {
    if (!key.startsWith(path) || !'.['.includes(key[path.length] ?? ' ')) continue;
    const earlier = first === undefined || origin.line < first.line;
    if (earlier || (origin.line === first?.line && origin.column < first.column)) first = origin;
  }
  return first;
}
