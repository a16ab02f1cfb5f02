// Bytes → text, strictly: UTF-8 or an error, and no character that makes a file look other than it is.
import type { Findings } from './findings';
import { SourceText } from './source-text';

/** C0 (but tab and newlines), DEL, C1, marks that reorder text, and a byte order mark inside the text. */
const FORBIDDEN =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]|\r(?!\n)/;

/** The first forbidden character, by name and offset. A value may hold newlines; it may not hold a carriage return. */
export function forbiddenCharacter(text: string): { readonly at: number; readonly name: string } | undefined {
  const at = text.search(FORBIDDEN);
  if (at < 0) return undefined;
  const code = text.charCodeAt(at);
  if (code === 13) return { at, name: 'a carriage return without a newline' };
  return { at, name: `the invisible character U+${code.toString(16).toUpperCase().padStart(4, '0')}` };
}

export interface Decoded {
  /** Without its byte order mark; what is not UTF-8 is replaced, so that the place can be shown. */
  readonly source: SourceText;
  /** False when it was refused, with an error. */
  readonly sound: boolean;
}

export function decode(file: string, bytes: Uint8Array, findings: Findings): Decoded {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return notUtf8(file, new TextDecoder('utf-8').decode(bytes), findings);
  }
  const source = new SourceText(file, text);
  const forbidden = forbiddenCharacter(text);
  if (forbidden === undefined) return { source, sound: true };
  findings.error({
    code: 'forbidden-character',
    message: `${file} holds ${forbidden.name}`,
    at: source.location({ start: forbidden.at, end: forbidden.at + 1 }),
    help: 'Remove it: it can make a file look other than it is.',
  });
  return { source, sound: false };
}

function notUtf8(file: string, readable: string, findings: Findings): Decoded {
  const source = new SourceText(file, readable);
  const at = Math.max(0, readable.indexOf('\uFFFD'));
  findings.error({
    code: 'not-utf8',
    message: `${file} is not UTF-8 text`,
    at: source.location({ start: at, end: at + 1 }),
    help: 'Save the file with UTF-8 encoding.',
  });
  return { source, sound: false };
}
