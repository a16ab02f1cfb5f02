// Strings that came from a file or an API, made harmless before they reach a terminal or a CI log: whatever
// can move a cursor, turn text around or vanish is shown as its escape. Knows no format of output.
// Threats: https://trojansource.codes/ and
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

/** Controls (C0, C1), format characters (bidi, zero width, tags), separators, lone surrogates, and blank letters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115F\u1160\u3164\uFFA0]/gu;

/** A runner obeys `::command::` at the start of a line and `##[command]` anywhere in one. */
const COMMAND_AT_START = /^(\s*):(?=:)/;
const COMMAND_ANYWHERE = /##(?=\[)/g;

/** `\u001b`; beyond the basic plane `\u{e0041}`. */
export function escapeCharacter(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const hex = point.toString(16);
  return point > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

function withoutCommands(line: string): string {
  return line.replace(COMMAND_AT_START, '$1\\u003a').replace(COMMAND_ANYWHERE, '#\\u0023');
}

/** Text for one line: line ends and tabs are escaped too. */
export function oneLine(text: string): string {
  return withoutCommands(text.replace(UNSEEN, escapeCharacter));
}

/** Text of several lines: `\n` and tabs stay, `\r\n` becomes `\n`. */
export function manyLines(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .split('\n')
    .map((line) => line.split('\t').map(oneLine).join('\t'))
    .join('\n');
}

/** Pretty JSON, two spaces, that reads back to the same value and holds nothing unseen: JSON has escapes of its own. */
export function safeJson(value: unknown): string {
  return escapedJson(JSON.stringify(value, null, 2) ?? 'null');
}

/** The same on one line. */
export function safeJsonLine(value: unknown): string {
  return escapedJson(JSON.stringify(value) ?? 'null');
}

function escapedJson(text: string): string {
  return text
    .replace(UNSEEN, (character) =>
      character === '\n'
        ? character
        : [...Array(character.length).keys()]
            .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
            .join(''),
    )
    .replace(COMMAND_ANYWHERE, '#\\u0023');
}
