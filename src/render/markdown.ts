// Text from files and workspaces as Markdown that cannot become markup: no table cell, code block or fold can be
// closed from within, nobody is mentioned, nothing turns into a link. For GitHub's dialect and those close to it.
// https://github.github.com/gfm/ · https://docs.github.com/en/get-started/writing-on-github
import { oneLine } from './sanitise';

/** After these a reader sees what was written, and no mention, reference or autolink is found. A zero-width space as an entity. */
const BREAK = '&#8203;';

/** What could mean something, by character; what is not here is escaped with a backslash. */
const SHOWN: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '|': '&#124;',
  $: '&#36;',
  '#': `#${BREAK}`,
  '@': `@${BREAK}`,
};

/** Words of a sentence, for a paragraph, a list item or a table cell. */
export function plain(text: string): string {
  return oneLine(text)
    .trim()
    .replace(/[\\`*_{}[\]~!&<>|$#@]/g, (mark) => SHOWN[mark] ?? `\\${mark}`)
    .replace(/:(?=\/\/)/g, `:${BREAK}`)
    .replace(/\b(www)(?=\.)/gi, `$1${BREAK}`)
    .replace(/\b(gh-)(?=\d)/gi, `$1${BREAK}`)
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** A name in a code span, wherever it stands. */
export function code(name: string): string {
  const text = oneLine(name);
  // A pipe splits cells also inside a code span, and a backslash before it does not always help.
  if (/[`|\\]/.test(text) || text.trim() !== text || text === '') return htmlCode(name);
  return `\`${text}\``;
}

/** The same as HTML, where Markdown is not read: a summary. */
export function htmlCode(name: string): string {
  return `<code>${entities(oneLine(name))}</code>`;
}

/** Every character that could mean anything, to either reader, as a numeric entity. */
function entities(text: string): string {
  return text.replace(/[^A-Za-z0-9 \u{a1}-\u{10ffff}-]/gu, (mark) => {
    const entity = `&#${mark.codePointAt(0)};`;
    return mark === '@' ? `${entity}${BREAK}` : entity;
  });
}

/** A code block whose fence is longer than any run of backticks inside. `lines` are sanitised one by one. */
export function fence(lines: readonly string[], language = ''): string[] {
  const safe = lines.map(oneLine);
  const longest = Math.max(2, ...safe.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const marks = '`'.repeat(longest + 1);
  return [`${marks}${language}`, ...safe, marks];
}

export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A fold. The empty lines are what makes Markdown be read inside. */
export function fold(summary: string, body: readonly string[]): string {
  return ['<details>', `<summary>${summary}</summary>`, '', ...body, '', '</details>'].join('\n');
}
