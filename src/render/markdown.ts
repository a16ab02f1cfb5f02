// Text from files and workspaces as Markdown that cannot become markup: no table cell, code block or fold can be
// closed from within, nobody is mentioned, nothing turns into a link. For GitHub's dialect and those close to it.
// https://github.github.com/gfm/ · https://docs.github.com/en/get-started/writing-on-github
import { oneLine } from './sanitise';

/** No text that went through the sanitiser has one, so it can stand for itself until the end. */
const ZERO_WIDTH = /\u200b/g;

/** What could mean something, by character; what is not here is escaped with a backslash. */
const SHOWN: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '|': '&#124;',
  $: '&#36;',
};

/** Words of a sentence, for a paragraph, a list item or a table cell. */
export function plain(text: string): string {
  return apart(oneLine(text).trim())
    .replace(/[\\`*_{}[\]~!&<>|$]/g, (mark) => SHOWN[mark] ?? `\\${mark}`)
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(ZERO_WIDTH, '&#8203;');
}

/** A zero-width space where hosts look for mentions, references and links, some of them in what is rendered. */
function apart(text: string): string {
  return text.replace(/[@#]|:(?=\/\/)|www(?=\.)|gh-(?=\d)/gi, '$&\u200b');
}

/** Longer than any name that the API takes: three parts of 255. What is longer is cut, since somebody means harm. */
const LONGEST_NAME = 800;

/** A name in a code span, wherever it stands. */
export function code(name: string): string {
  const text = bounded(name);
  // A pipe splits cells also inside a code span, and a backslash before it does not always help.
  if (/[`|\\]/.test(text) || text.trim() !== text || text === '') return htmlCode(name);
  return `\`${text}\``;
}

/** The same as HTML, where Markdown is not read: a summary. */
export function htmlCode(name: string): string {
  return `<code>${entities(bounded(name))}</code>`;
}

function bounded(name: string): string {
  return oneLine(name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}…`);
}

/** Every character that could mean anything, to either reader, as a numeric entity. */
function entities(text: string): string {
  return apart(text)
    .replace(/[^A-Za-z0-9 \u{a1}-\u{10ffff}-]/gu, (mark) => `&#${mark.codePointAt(0)};`)
    .replace(ZERO_WIDTH, '&#8203;');
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

/** Sentences in one cell: the first few, and how many there are besides. */
export function cellOf(sentences: readonly string[], most: number): string {
  const shown = sentences.slice(0, most).map(plain);
  const more = sentences.length - shown.length;
  if (shown.length === 1 && more === 0) return shown[0] ?? '';
  return [...shown.map((text) => `• ${text}`), ...(more > 0 ? [`and ${more} more`] : [])].join('<br>');
}

/** A fold. The empty lines are what makes Markdown be read inside. */
export function fold(summary: string, body: readonly string[]): string {
  return ['<details>', `<summary>${summary}</summary>`, '', ...body, '', '</details>'].join('\n');
}
