// One register of secrets for every sink: what was added never leaves again, neither as it is nor in the
// encodings in which programs tend to print it. Each text is masked whole; keeps no text it has seen.
import { manyLines, oneLine, safeJson } from './sanitise';

export const MASK = '[secret]';

/** Shorter texts are too common in ordinary words to be masked everywhere. */
export const SHORTEST_SECRET = 6;

export interface Redactor {
  /** Texts under `SHORTEST_SECRET` characters are ignored. */
  add(secret: string): void;
  redact(text: string): string;
}

function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function asciiOnly(text: string): string {
  return text.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function percentEncoded(text: string): string {
  // Buffer replaces a lone surrogate, on which encodeURIComponent would throw.
  return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));
}

/**
 * The base64 of the text wherever it may stand inside a longer one (`user:secret` of Basic
 * authentication): three alignments, each without the characters that depend on its neighbours.
 */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const forms = [bytes.toString('base64'), bytes.toString('base64').replace(/=+$/, '')];
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const bits = (before + bytes.length) * 8;
    forms.push(encoded.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6)));
  }
  return forms.flatMap((form) => [form, form.replace(/\+/g, '-').replace(/\//g, '_')]);
}

function formsOf(secret: string): string[] {
  const percent = percentEncoded(secret);
  const json = jsonEscaped(secret);
  return [
    secret,
    oneLine(secret),
    manyLines(secret),
    json,
    jsonEscaped(json),
    asciiOnly(json),
    safeJson(secret).slice(1, -1),
    percent,
    percent.replace(/%20/g, '+'),
    percent.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()),
    percent.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`),
    ...base64Forms(secret),
  ];
}

export function createRedactor(): Redactor {
  const forms = new Set<string>();
  let pattern: RegExp | undefined;
  return {
    add(secret) {
      // A key of several lines is also printed line by line.
      const parts = [secret, secret.trim(), ...secret.split(/\r?\n/)];
      for (const part of parts.filter((text) => text.length >= SHORTEST_SECRET)) {
        for (const form of formsOf(part)) if (form.length >= SHORTEST_SECRET) forms.add(form);
      }
      pattern = undefined;
    },
    redact(text) {
      if (forms.size === 0) return text;
      // Longest first: a form that contains another must not leave its rest behind.
      pattern ??= new RegExp(
        [...forms]
          .sort((a, b) => b.length - a.length)
          .map((form) => form.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))
          .join('|'),
        'g',
      );
      return text.replace(pattern, MASK);
    },
  };
}
