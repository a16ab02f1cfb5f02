// The bounds of a comment on a code host, and what all our comments share: the line by which a bot finds its own
// comment again, and parts that go in whole or not at all. Pure.

/** GitHub takes 65,536 characters in a comment; what a caller adds around ours must fit too. */
export const MARKDOWN_LIMIT = 60_000;
/** A name in a heading; longer ones are cut, so that nothing can push the rest out. */
const LONGEST = 80;

/** `<!-- gatewright plan prod -->`, with nothing in it that could end it. */
export function marker(what: string, target: string): string {
  const key = short(target).replace(/[^A-Za-z0-9._]/g, '_');
  return `<!-- gatewright ${what}${key === '' ? '' : ` ${key}`} -->`;
}

export function short(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

/** As many as fit into `room` characters, whole, `gap` between them; one that is too long lets the next ones pass. */
export function fitting(texts: readonly string[], room: number, gap: number): string[] {
  let left = room;
  return texts.filter((text) => {
    if (text.length + gap > left) return false;
    left -= text.length + gap;
    return true;
  });
}
