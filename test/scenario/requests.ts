// The three ways in which a story tells what was sent: everything, only writes, or how often what.
import { canonicalJson, type Json } from '../../src/model/json';
import type { RecordedRequest } from '../../src/simulator';

export type Telling = 'requests' | 'requests (writes)' | 'requests (counts)';

/** Bodies that fit stand on one line. */
const WIDE = 100;

function lineOf({ method, path, query }: RecordedRequest): string {
  const search = new URLSearchParams(query).toString();
  return `${method} ${path}${search === '' ? '' : `?${search}`}`;
}

export function tell(requests: readonly RecordedRequest[], telling: Telling): string[] {
  if (telling === 'requests (counts)') {
    const counts = new Map<string, number>();
    for (const { method, path } of requests)
      counts.set(`${method} ${path}`, (counts.get(`${method} ${path}`) ?? 0) + 1);
    return [...counts].map(([what, times]) => `${times} ${what}`).sort(byRequest);
  }
  return requests
    .filter((request) => telling === 'requests' || request.method !== 'GET')
    .flatMap((request) => [lineOf(request), ...bodyLines(request.body as Json | undefined)]);
}

function byRequest(a: string, b: string): number {
  const key = (line: string) => line.slice(line.indexOf(' '));
  return key(a) < key(b) ? -1 : 1;
}

function bodyLines(body: Json | undefined): string[] {
  if (body === undefined) return [];
  const short = JSON.stringify(body);
  const text = short.length <= WIDE ? short : JSON.stringify(body, null, 2);
  return text.split('\n').map((line) => `  ${line}`);
}

/** Spacing and the order of members inside a body mean nothing; the order of requests does. */
export function sameRequests(expected: readonly string[], seen: readonly string[]): boolean {
  return canonicalLines(expected).join('\n') === canonicalLines(seen).join('\n');
}

function canonicalLines(lines: readonly string[]): string[] {
  const out: string[] = [];
  let body: string[] = [];
  const flush = () => {
    if (body.length > 0) out.push(`  ${canonicalBody(body.join('\n'))}`);
    body = [];
  };
  for (const line of lines) {
    if (line.startsWith(' ')) body.push(line);
    else {
      flush();
      out.push(line);
    }
  }
  flush();
  return out;
}

function canonicalBody(text: string): string {
  try {
    return canonicalJson(JSON.parse(text));
  } catch {
    return text;
  }
}
