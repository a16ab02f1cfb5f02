// Which objects an import is asked for: names and globs on the command line, held against what the workspace lists and
// what the files say already.
import picomatch from 'picomatch';
import { canAuthor, undeclarable } from '../config/author';
import type { LoadedProject } from '../config/load';
import { KINDS } from '../model/kinds';
import type { LiveResource } from '../model/resource';
import type { Survey } from '../reconcile/survey';
import { failure } from './failure';
import { alreadySaid, type PassedOver } from './importing';
import { nearest } from './nearest';

interface Named {
  readonly kind: string;
  readonly name: string;
}

const isGlob = (operand: string) => /[*?[\]{}!()]/.test(operand);

/** An operand is a name, or an address such as serving_endpoints.chat. */
export function nameGiven(operand: string, { kind, name }: Named): boolean {
  return operand === name || operand === `${kind}.${name}`;
}

function reaches(operand: string, one: Named): boolean {
  if (!isGlob(operand)) return nameGiven(operand, one);
  const matches = picomatch(operand, { dot: true });
  return matches(one.name) || matches(`${one.kind}.${one.name}`);
}

export function importAsked(operands: readonly string[], loaded: LoadedProject | undefined) {
  const kinds = KINDS.map(({ kind }) => kind).filter(canAuthor);
  const passedOver: PassedOver[] = [];
  const isAsked = (one: Named) => operands.length === 0 || operands.some((operand) => reaches(operand, one));
  return {
    kinds,
    /** Filled when the list has been read. */
    passedOver: passedOver as readonly PassedOver[],
    /** What may be there though it is not listed. */
    names: operands
      .filter((operand) => !isGlob(operand))
      .flatMap((operand) => kinds.map((kind) => ({ kind, name: withoutKind(operand, kind) })))
      .filter((one) => undeclarable(one) === undefined && alreadySaid(loaded, [])(one) === undefined),
    choose(listed: readonly LiveResource[]): LiveResource[] {
      const reasonFor = alreadySaid(loaded, listed);
      return listed.filter(isAsked).filter((live) => {
        const passed = reasonFor(live);
        if (passed !== undefined) passedOver.push(passed);
        return passed === undefined;
      });
    },
  };
}

function withoutKind(operand: string, kind: string): string {
  return operand.startsWith(`${kind}.`) ? operand.slice(kind.length + 1) : operand;
}

/** A name or glob that reaches nothing is a slip; nothing is imported, so that it can be seen. */
export function refuseUnmatched(operands: readonly string[], survey: Survey): void {
  const there: Named[] = [...survey.listed, ...survey.found.map(({ live }) => live), ...survey.unreadable];
  const lost = operands.filter((operand) => !there.some((one) => reaches(operand, one)));
  const [first] = lost;
  if (first === undefined) return;
  const meant = nearest(
    first,
    there.map(({ name }) => name),
  );
  throw failure(
    'not-found',
    `the workspace has nothing that is called ${lost.map((name) => `"${name}"`).join(', ')}`,
    {
      help: meant === undefined ? 'without names, all that is there is imported' : `did you mean "${meant}"?`,
    },
  );
}
