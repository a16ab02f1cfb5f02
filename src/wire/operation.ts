// One request that the API offers, as a row: how it is addressed, how it may be repeated, how it is paced.
// Pure data and path building; knows no host, no socket, no resource kind.

/**
 * What may be done after a failure. read: repeat · desired-state: the same body gives the same result, repeat ·
 * read-back, create, delete: after an unclear outcome read the resource first, never repeat blindly.
 */
export type RetryClass = 'read' | 'desired-state' | 'read-back' | 'create' | 'delete';

/**
 * Which limit an operation counts against. `write` is the documented 50 creates and updates per 5 minutes and
 * workspace: creates and config updates of serving endpoints. `patch` is every smaller write (gateway block, tags,
 * notifications, telemetry, Unity Catalog services, deletes), for which no figure is documented.
 * https://docs.databricks.com/aws/en/machine-learning/model-serving/model-serving-limits
 */
export type PaceClass = 'read' | 'permissions-read' | 'permissions-write' | 'write' | 'patch';

export interface Operation {
  /** `serving-endpoints.get`: for events, reports and fault rules. */
  readonly id: string;
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** A template: `/api/2.0/serving-endpoints/{name}`. A template without parameters answers a collection. */
  readonly path: string;
  readonly retry: RetryClass;
  readonly pace: PaceClass;
  /** Its query takes the etag of what was read before; when that has changed it is refused, and nothing is written. */
  readonly conditional?: true;
}

/** Values of a query, unencoded. */
export type Query = Readonly<Record<string, string>>;

export type PathParams = Readonly<Record<string, string>>;

/** A value that may not stand in a path. Names come from files and from the workspace: neither is trusted here. */
export class PathError extends Error {
  readonly code = 'bad-path-parameter';

  constructor(operation: Operation, parameter: string, problem: string) {
    super(`${operation.id}: the path parameter "${parameter}" ${problem}`);
    this.name = 'PathError';
  }
}

/**
 * The path with its parameters filled in, each percent-encoded. A value that a server or proxy could read as
 * another path is refused: empty, `.`, `..`, a slash, a backslash, a control character, half a surrogate pair.
 * @throws PathError
 */
export function pathOf(operation: Operation, params: PathParams = {}): string {
  const used = new Set<string>();
  const path = operation.path.replace(/\{([^{}]+)\}/g, (_, parameter: string) => {
    used.add(parameter);
    const value = Object.hasOwn(params, parameter) ? params[parameter] : undefined;
    const problem = problemOf(value);
    if (value === undefined || problem !== undefined) {
      throw new PathError(operation, parameter, problem ?? 'is missing');
    }
    return encodeURIComponent(value);
  });
  for (const parameter of Object.keys(params)) {
    if (!used.has(parameter))
      throw new PathError(operation, parameter, `does not stand in ${operation.path}`);
  }
  return path;
}

function problemOf(value: string | undefined): string | undefined {
  if (value === undefined) return 'is missing';
  if (value === '') return 'is empty';
  if (value === '.' || value === '..') return `is "${value}", which names another path`;
  if (/[/\\]/.test(value)) return 'holds a slash';
  if (/[\u0000-\u001f\u007f]/.test(value)) return 'holds a control character';
  if (/\p{Cs}/u.test(value)) return 'is not well-formed Unicode';
  return undefined;
}
