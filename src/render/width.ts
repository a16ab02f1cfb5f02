// How many terminal cells a text takes, and its words broken into lines. Good for text that went through
// the sanitiser: no control characters are left in it.

// The wide and fullwidth blocks of https://www.unicode.org/reports/tr11/; emoji that show as pictures are wide too.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{17000}-\u{18d08}\u{1b000}-\u{1b2fb}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NARROWEST = /\p{M}/u;

export function characterCells(character: string): number {
  if (character <= '\u02ff') return 1;
  if (NARROWEST.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

export function cells(text: string): number {
  let sum = 0;
  for (const character of text) sum += characterCells(character);
  return sum;
}

/** Words in lines of at most `width` cells; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && cells(line) + 1 + cells(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}
