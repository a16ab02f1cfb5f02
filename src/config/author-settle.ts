// What an import hands out is what loads and plans to nothing: each entry is written, judged, and written again with
// less where the judge objects, until nobody does. The language may learn rules without this knowing them.
import type { Path } from '../model/path';
import type { LiveResource } from '../model/resource';
import { type Authored, type AuthorRequest, author, type Form, LIST_FORM } from './author';
import { placeKey } from './author-walk';

/** Something that is wrong with an entry as it is written. */
export interface Objection {
  readonly kind: string;
  readonly key: string;
  /** In the entry; empty when it is about the entry itself. */
  readonly at: Path;
  /** A single value is at fault, not what it belongs to. */
  readonly isLeaf: boolean;
  /** Without a full stop. */
  readonly message: string;
}

export type Judge = (entries: readonly Authored[]) => readonly Objection[];

export interface Settled {
  readonly entries: readonly Authored[];
  /** Nothing could be written that stands. */
  readonly refused: readonly { readonly live: LiveResource; readonly reason: string }[];
}

/** Each round leaves out at least one thing more; what takes longer is not worth having. */
const MOST_ROUNDS = 20;

export function settle(requests: readonly AuthorRequest[], judge: Judge): Settled {
  const done = new Map<AuthorRequest, Authored>();
  const refused: { live: LiveResource; reason: string }[] = [];
  let open = requests.map((request) => ({ request, form: LIST_FORM }));
  for (let round = 0; open.length > 0; round += 1) {
    const written = open.map(({ request, form }) => author(request, form));
    const objections = judge(written);
    const next: typeof open = [];
    for (const [index, { request, form }] of open.entries()) {
      const entry = written[index]!;
      const mine = objections.filter(({ kind, key }) => kind === entry.kind && key === entry.key);
      const less = round < MOST_ROUNDS ? withLess(form, mine) : undefined;
      if (mine.length === 0) done.set(request, entry);
      else if (less === undefined) refused.push({ live: request.live, reason: mine[0]!.message });
      else next.push({ request, form: less });
    }
    open = next;
  }
  return { entries: requests.flatMap((request) => done.get(request) ?? []), refused };
}

/** A form that no longer says what was objected to; undefined when nothing is left to leave out. */
function withLess(form: Form, objections: readonly Objection[]): Form | undefined {
  const inConfig = ({ at }: Objection) => at[0] === 'config';
  const needsMap = form.entities === 'list' && objections.some((one) => inConfig(one) && !one.isLeaf);
  // What is wrong with the list need not be wrong with the map, and its places are others.
  const without = new Map(
    needsMap ? [...form.without].filter(([place]) => !place.startsWith('["config"')) : form.without,
  );
  for (const { at, isLeaf, message } of objections.filter((one) => !needsMap || !inConfig(one))) {
    let place = isLeaf ? at : at.slice(0, 2);
    while (place.length > 0 && without.has(placeKey(place))) place = place.slice(0, -1);
    if (place.length === 0) return undefined;
    without.set(placeKey(place), message);
  }
  return { entities: needsMap ? 'map' : form.entities, without };
}
