// References in a file: how they are written, where they may stand, and whether what they name is declared. Looks at
// values as they were written; filling them in is for variables.
import { CREDENTIALS } from '../model/endpoint-config-fields';
import { AUTH_WAYS } from '../model/provider-service-fields';
import type { Finding, Findings } from './findings';
import { locate, locateKey, type Node } from './node';
import { FROM_ENVIRONMENT, REFERENCE, undeclared, VARIABLE, type Variable } from './variables';

/** Where `${env.NAME}` may stand. */
const PLAINTEXT: ReadonlySet<string> = new Set(
  CREDENTIALS.map((path) => `${path.slice(path.lastIndexOf('.') + 1)}_plaintext`),
);

/** What holds `plaintext` in a service. */
const SECRET_HOLDERS: ReadonlySet<string> = new Set(
  Object.entries(AUTH_WAYS).flatMap(([way, inner]) => (inner === undefined ? [] : [inner || way])),
);

/** Where a value stands: under which name, in what, and whether credentials are resolved there. */
interface Standing {
  readonly field: string;
  readonly holder: string;
  readonly credentials: boolean;
}

const NOWHERE: Standing = { field: '', holder: '', credentials: true };

/** Every reference in a value, whatever the target: how it is written, and whether its variable is declared. */
export function checkReferences(
  node: Node,
  declared: ReadonlyMap<string, Variable>,
  findings: Findings,
  at: Standing = NOWHERE,
): void {
  if (!node.refers) return;
  if (node.kind === 'list')
    for (const item of node.items) checkReferences(item, declared, findings, { ...at, field: '' });
  if (node.kind === 'map') {
    for (const [key, { value }] of node.entries) {
      if (key.includes('${')) findings.error({ ...referenceInKey, at: locateKey(node, key) });
      const inside = { field: key, holder: at.field, credentials: at.credentials && key !== 'preview' };
      checkReferences(value, declared, findings, inside);
    }
  }
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return;
  if (isResolved(at) && FROM_ENVIRONMENT.test(node.value)) return;
  for (const match of node.value.matchAll(REFERENCE)) {
    if (!hasProblem(match, declared)) continue;
    // One a value: they all have its place.
    findings.error(() => ({ ...referenceProblem(match, declared, at), at: locate(node) }));
    return;
  }
}

function isResolved({ field, holder, credentials }: Standing): boolean {
  if (!credentials) return false;
  return PLAINTEXT.has(field) || (field === 'plaintext' && SECRET_HOLDERS.has(holder));
}

function hasProblem([whole, inner]: RegExpMatchArray, declared: ReadonlyMap<string, Variable>): boolean {
  const name = inner === undefined ? undefined : VARIABLE.exec(inner)?.[1];
  return whole !== '$${' && (name === undefined || !declared.has(name));
}

const referenceInKey: Finding = {
  code: 'bad-reference',
  message: 'variables stand in values, not in keys',
  help: 'Use the list form, where what the key says is a value.',
};

function referenceProblem(
  match: RegExpMatchArray,
  declared: ReadonlyMap<string, Variable>,
  at: Standing,
): Finding {
  const [whole, inner] = match;
  if (inner?.startsWith('env.'))
    return {
      code: 'env-not-allowed',
      message: 'the environment cannot be read here',
      help: environmentHelp(at),
    };
  const name = inner === undefined ? undefined : VARIABLE.exec(inner)?.[1];
  if (name === undefined) {
    return {
      code: 'bad-reference',
      message: inner === undefined ? '"${" is not closed' : `"${whole.slice(0, 80)}" is not a reference`,
      help: 'Write ${var.NAME}, or $${ for the two characters themselves.',
    };
  }
  return undeclared(name, [...declared.keys()]);
}

function environmentHelp(at: Standing): string {
  const { field } = at;
  if (isResolved({ ...at, credentials: true }))
    return at.credentials ? 'Write ${env.NAME} and nothing else.' : 'Nothing is resolved in preview.';
  if (PLAINTEXT.has(`${field}_plaintext`))
    return `Write it under ${field}_plaintext; ${field} takes {{secrets/SCOPE/KEY}}.`;
  if (SECRET_HOLDERS.has(field)) return 'Write { plaintext: "${env.NAME}" } here.';
  return '${env.NAME} is for credentials alone; declare a variable and give it with --var.';
}

/** References where none may stand: the frame of the project, which is read before any variable has a value. */
export function refuseReferences(node: Node | undefined, findings: Findings): void {
  if (node === undefined || !node.refers) return;
  if (node.kind === 'scalar') {
    findings.error({
      code: 'bad-reference',
      message: 'variables cannot be used here',
      at: locate(node),
      help: 'They can be used in resources, presets and target overlays.',
    });
  } else if (node.kind === 'list') {
    for (const item of node.items) refuseReferences(item, findings);
  } else {
    for (const [key, { value }] of node.entries) {
      if (key.includes('${')) findings.error({ ...referenceInKey, at: locateKey(node, key) });
      refuseReferences(value, findings);
    }
  }
}
