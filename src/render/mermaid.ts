// Where calls go, before and after a change, as a Mermaid flowchart. Labels hold no character that Mermaid reads.
// https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
import type { Change } from '../plan/types';
import { oneLine } from './sanitise';

type Routing = NonNullable<Change['routing']>['before'];

const LONGEST_LABEL = 60;

export function routingChart({ before, after }: NonNullable<Change['routing']>): string[] {
  // Without the unseen link the second may be drawn above the first.
  return ['flowchart TB', ...side('before', before), ...side('after', after), '  before ~~~ after'];
}

function side(name: string, { answers, fallback }: Routing): string[] {
  const letter = name.slice(0, 1);
  return [
    `  subgraph ${name} ["${name}${fallback ? ', with fallback' : ''}"]`,
    '    direction LR',
    `    ${letter}(["calls"])`,
    ...byShare(answers).flatMap(({ label, points }, index) => {
      const node = `${letter}${index}["${escaped(label)}"]`;
      if (points === null) return [`    ${letter} --> ${node}`];
      if (points > 0) return [`    ${letter} -->|"${points} #37;"| ${node}`];
      return [fallback ? `    ${letter} -.->|"when others fail"| ${node}` : `    ${node}`];
    }),
    '  end',
  ];
}

function byShare(answers: Routing['answers']): Routing['answers'] {
  return [...answers].sort((a, b) => (b.points ?? 0) - (a.points ?? 0));
}

function escaped(label: string): string {
  const text = oneLine(label);
  const short = text.length <= LONGEST_LABEL ? text : `${text.slice(0, LONGEST_LABEL - 1)}…`;
  return short.replace(
    /[^A-Za-z0-9 ._/\u{a1}-\u{d7ff}\u{e000}-\u{10ffff}-]/gu,
    (mark) => `#${mark.codePointAt(0)};`,
  );
}
