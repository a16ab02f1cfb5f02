// Finds credentials that were written into a file, by their shape or by the name they stand under, and hides them
// from every text that may be shown. Says where, never what.
import { CREDENTIALS } from '../model/endpoint-config-fields';
import { AUTH_WAYS } from '../model/provider-service-fields';
import type { Findings } from './findings';
import type { Node, Scalar } from './node';
import type { SourceText, Span } from './source-text';

interface Shape {
  readonly what: string;
  /** Linear, and begins with fixed text, so that looking costs little. */
  readonly pattern: string;
}

/** Published prefixes: https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns */
const SHAPES: readonly Shape[] = [
  { what: 'a Databricks token', pattern: 'dapi[0-9a-f]{32}(?:-\\d+)?' },
  { what: 'a Databricks OAuth secret', pattern: 'dose[0-9a-f]{32}' },
  { what: 'an API key', pattern: 'sk-[A-Za-z0-9_-]{20,}' },
  { what: 'an AWS access key id', pattern: '(?:AKIA|ASIA)[A-Z0-9]{16}' },
  { what: 'a GitHub token', pattern: '(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})' },
  { what: 'a Google API key', pattern: 'AIza[0-9A-Za-z_-]{35}' },
  { what: 'a Slack token', pattern: 'xox[abposr]-[A-Za-z0-9-]{10,}' },
  { what: 'a signed token', pattern: 'eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}(?:\\.[A-Za-z0-9_-]*)?' },
  { what: 'a private key', pattern: '-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[^-]{0,5000}-----END)?' },
];
const ANY_SHAPE = new RegExp(
  `(?<![A-Za-z0-9_-])(?:${SHAPES.map(({ pattern }) => `(${pattern})`).join('|')})`,
  'g',
);

/** Fields that hold a credential unless they hold a reference. */
const SECRET_FIELD =
  /(?:^|_)(?:api_key|access_key|access_key_id|secret|secret_access_key|password|(?<!page_)token|api_token|private_key|plaintext)$/;
/** Credentials whose own name says nothing: `api_key_auth.value`. */
const SECRET_PAIRS: ReadonlySet<string> = new Set(
  CREDENTIALS.map((path) => path.split('.').slice(-2).join('.')),
);
/** `{{secrets/SCOPE/KEY}}`, with variables in it or not, or one reference and nothing else. Whether it is well made is for the schema. */
const REFERENCE = /^\{\{(?:[^{}$]|\$\{[^{}]*\})*\}\}$|^\$\{[^{}]*\}$/;
/** Environment variables are named in capitals, and many hold no secret though their name ends like one. */
const HARMLESS = /^(?:true|false|yes|no|on|off|none|[\d.]*|.{0,5})$/i;
const MOST_REPORTED = 50;

const HELP =
  'Put it into a secret scope and write {{secrets/SCOPE/KEY}} here. Consider the written one leaked.';
const HELP_ON_SERVICES =
  'Put it into a secret of Unity Catalog and write secret_reference: { name: secrets/CATALOG.SCHEMA.NAME } instead. Consider the written one leaked.';

/** What holds the credentials of a service. */
const SIGN_IN: ReadonlySet<string> = new Set(['direct', ...Object.keys(AUTH_WAYS)]);

/** Named like a credential, and answered to everybody who may see the service. */
const isIdentifier = (holder: string, name: string) =>
  holder === 'aws_access_key' && name === 'access_key_id';

/** Reports what it finds; the spans are to be hidden wherever the file's text is shown. */
export function findCredentials(
  source: SourceText,
  root: Node | undefined,
  findings: Findings,
): readonly Span[] {
  const named: NamedSpan[] = [];
  if (root !== undefined) bySecretField(root, '', source, named, findings);
  named.sort((a, b) => a.start - b.start);
  const shaped: Span[] = [];
  let next = 0;
  for (const match of source.text.matchAll(ANY_SHAPE)) {
    const span = { start: match.index, end: match.index + match[0].length };
    while (next < named.length && named[next]!.end <= span.start) next += 1;
    const around = named[next];
    const isInside = around !== undefined && around.start <= span.start;
    if (isInside && around.harmless) continue;
    shaped.push(span);
    // Told by the name of its field already.
    if (isInside || shaped.length > MOST_REPORTED) continue;
    const shape = SHAPES[match.slice(1).findIndex((group) => group !== undefined)];
    report(`${shape?.what ?? 'a credential'} stands in this file`, source, span, findings);
  }
  return [...named.filter(({ harmless }) => !harmless), ...shaped];
}

interface NamedSpan extends Span {
  /** Not a credential, whatever it looks like. */
  readonly harmless: boolean;
}

function bySecretField(
  node: Node,
  holder: string,
  source: SourceText,
  spans: NamedSpan[],
  findings: Findings,
): void {
  if (node.kind === 'list')
    for (const item of node.items) bySecretField(item, holder, source, spans, findings);
  if (node.kind !== 'map') return;
  for (const [name, { value }] of node.entries) {
    if (value.kind !== 'scalar') {
      bySecretField(value, name, source, spans, findings);
      continue;
    }
    const { start, end } = value;
    const harmless = isIdentifier(holder, name);
    if (harmless) spans.push({ start, end, harmless });
    if (harmless || !isLiteralSecret(holder, name, value.value)) continue;
    spans.push({ start, end, harmless });
    const help = name === 'plaintext' || SIGN_IN.has(holder) ? HELP_ON_SERVICES : HELP;
    report(`${name} holds a literal credential`, source, value, findings, help);
  }
}

/** Whether a value is a credential, by the name that it stands under and the name of what that stands in. */
export function isLiteralSecret(holder: string, name: string, value: Scalar): boolean {
  if (value === null || value === '' || typeof value === 'boolean' || isIdentifier(holder, name))
    return false;
  if (typeof value === 'number' && !isCredential(holder, name)) return false;
  if (typeof value === 'string' && REFERENCE.test(value)) return false;
  if (holder === 'environment_vars')
    return SECRET_FIELD.test(name.toLowerCase()) && !HARMLESS.test(String(value));
  return SECRET_FIELD.test(name) || isCredential(holder, name);
}

/** Whether it is a credential of an external model, in either form. */
function isCredential(holder: string, name: string): boolean {
  return SECRET_PAIRS.has(`${holder}.${name.replace(/_plaintext$/, '')}`);
}

/** What a credential by its shape is, if the text holds one. */
export function shapeOf(text: string): string | undefined {
  const match = [...text.matchAll(ANY_SHAPE)][0];
  return match && SHAPES[match.slice(1).findIndex((group) => group !== undefined)]?.what;
}

/** Text that quotes a file, without what looks like a credential. */
export function redact(text: string): string {
  return text.replace(ANY_SHAPE, '***');
}

function report(message: string, source: SourceText, span: Span, findings: Findings, help = HELP): void {
  findings.error({ code: 'literal-credential', message, at: source.location(span), help });
}

/** The text with the spans starred out: same lines, same columns. */
export function hide(text: string, spans: readonly Span[]): string {
  let shown = '';
  let at = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    shown += text.slice(at, from) + text.slice(from, end).replace(/[^\n]/g, '*');
    at = end;
  }
  return shown + text.slice(at);
}
