// What every operation gets and gives, and how a path finds its operation. Knows no operation.
import type { Endpoint } from './endpoint';
import { denied } from './errors';
import type { Json } from './json';
import type { Shuffle } from './shuffle';
import type { Workspace } from './state';

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Default application/json. */
  readonly type?: string;
}

export class Call {
  constructor(
    readonly method: string,
    readonly path: string,
    readonly params: Readonly<Record<string, string>>,
    readonly query: URLSearchParams,
    /** Parsed JSON; undefined without a body. */
    readonly body: Json | undefined,
    /** This read answers what stood before the last write. */
    readonly stale: boolean,
    /** Where this simulator is reached: http://127.0.0.1:8080. */
    readonly origin: string,
    /** The only token accepted, when there is one. */
    readonly token?: string,
    /** The body as it came: a form is no JSON. */
    readonly text = '',
    /** The header, for those who sign in with it. */
    readonly authorization?: string,
  ) {}

  /** The endpoint that the path names. @throws ApiError 404, 403 */
  endpoint(workspace: Workspace): Endpoint {
    return workspace.endpoint(this.params.name!);
  }

  /** The same, for a write. @throws ApiError 404; 403 without CAN_MANAGE */
  writable(workspace: Workspace): Endpoint {
    const endpoint = this.endpoint(workspace);
    if (endpoint.level(workspace.me) === 'CAN_MANAGE') return endpoint;
    throw denied(`You do not have CAN_MANAGE permission on the endpoint '${endpoint.name}'.`);
  }
}

export type Handler = (workspace: Workspace, call: Call) => Answer;

export interface Route {
  /** The name that faults and the request log use. */
  readonly operation: string;
  readonly method: string;
  /** Parameters in braces: /api/2.0/serving-endpoints/{name}. */
  readonly path: string;
  /** Answers without a token, and whatever the body. */
  readonly open?: true;
  readonly handler: Handler;
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export function json(body: Json, shuffle?: Shuffle): Answer {
  return { status: 200, text: JSON.stringify(shuffle === undefined ? body : shuffle.value(body)) };
}

export class Router {
  readonly #rows: readonly { readonly route: Route; readonly segments: readonly string[] }[];

  constructor(routes: readonly Route[]) {
    this.#rows = routes.map((route) => ({ route, segments: route.path.split('/') }));
  }

  /** undefined when no route fits. A segment that cannot be decoded fits nothing. */
  match(method: string, path: string): Match | undefined {
    const given = path.split('/');
    for (const { route, segments } of this.#rows) {
      if (route.method !== method || segments.length !== given.length) continue;
      const params = paramsOf(segments, given);
      if (params !== undefined) return { route, params };
    }
    return undefined;
  }
}

function paramsOf(segments: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const text = given[index]!;
    if (!segment.startsWith('{')) {
      if (segment !== text) return undefined;
      continue;
    }
    if (text === '') return undefined;
    try {
      params[segment.slice(1, -1)] = decodeURIComponent(text);
    } catch {
      return undefined;
    }
  }
  return params;
}
