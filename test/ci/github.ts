// GitHub as far as the pipelines ask it: pull requests, comments, issues, identity tokens. Tokens carry permissions, and
// what they may not do is refused as GitHub refuses it.
// https://docs.github.com/en/rest
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const REPOSITORY = 'example/platform';
export const BOT = 'github-actions[bot]';

export interface Comment {
  readonly id: number;
  readonly user: { readonly login: string };
  body: string;
}

export interface Issue extends Comment {
  readonly number: number;
  readonly title: string;
  readonly labels: readonly string[];
  state: string;
  state_reason: string | null;
}

export interface Pull {
  readonly number: number;
  head: { sha: string; ref: string; repo: { full_name: string; owner: { login: string } } };
}

export interface Fault {
  readonly when: RegExp;
  readonly status: number;
  readonly headers?: Record<string, string>;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies are whatever was sent
type Body = any;

export class GitHub {
  readonly pulls: Pull[] = [];
  readonly comments = new Map<number, Comment[]>();
  readonly issues: Issue[] = [];
  /** `METHOD path`, writes only. */
  readonly writes: string[] = [];
  readonly asked: string[] = [];
  readonly faults: Fault[] = [];
  readonly #tokens = new Map<string, Readonly<Record<string, string>>>();
  #server: Server | undefined;
  #last = 100;

  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      this.#answer(request).then(([status, body, headers = {}]) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(body === undefined ? '' : JSON.stringify(body));
      });
    });
    await new Promise<void>((go) => this.#server?.listen(0, '127.0.0.1', go));
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((go) => this.#server?.close(go));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}`;
  }

  /** A token for one job. */
  grant(permissions: Readonly<Record<string, string>>): string {
    const token = `ghs_${++this.#last}`;
    this.#tokens.set(token, permissions);
    return token;
  }

  say(number: number, login: string, body: string): Comment {
    const comment = { id: ++this.#last, user: { login }, body };
    this.comments.set(number, [...(this.comments.get(number) ?? []), comment]);
    return comment;
  }

  async #answer(request: IncomingMessage): Promise<[number, Body?, Record<string, string>?]> {
    const { method = 'GET' } = request;
    const url = new URL(request.url ?? '/', this.url);
    const said = `${method} ${url.pathname}`;
    this.asked.push(`${said}${url.search}`);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body: Body = parts.length === 0 ? undefined : JSON.parse(Buffer.concat(parts).toString() || 'null');
    const fault = this.faults.findIndex(({ when }) => when.test(said));
    if (fault >= 0) {
      const [{ status, headers }] = this.faults.splice(fault, 1) as [Fault];
      return [status, { message: 'injected' }, headers ?? {}];
    }
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const permissions = this.#tokens.get(token);
    if (permissions === undefined) return [401, { message: 'Bad credentials' }];
    if (url.pathname === '/identity') {
      if (permissions['id-token'] !== 'write') return [403, { message: 'no id-token' }];
      return [200, { value: `identity.${url.searchParams.get('audience')}` }];
    }
    const [, rest] = new RegExp(`^/repos/${REPOSITORY}/(.*)$`).exec(url.pathname) ?? [];
    if (rest === undefined) return [404, { message: 'Not Found' }];
    if (method !== 'GET') this.writes.push(`${method} ${rest}`);
    const [, on] = /^issues\/(\d+)/.exec(rest) ?? [];
    const may = (permission: string) => permissions[permission] === 'write';
    const isPull =
      this.pulls.some(({ number }) => number === Number(on)) || rest.startsWith('issues/comments');
    if (method !== 'GET' && !may('issues') && !(isPull && may('pull-requests')))
      return [403, { message: 'Resource not accessible by integration' }];
    return this.#of(method, rest, url.searchParams, body);
  }

  #of(method: string, path: string, query: URLSearchParams, body: Body): [number, Body?] {
    const page = <T>(items: readonly T[]): [number, T[]] => {
      const [size, at] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)];
      return [200, items.slice(size * (at - 1), size * at)];
    };
    const [, number, rest] = /^(?:pulls|issues)\/(\d+)(.*)$/.exec(path) ?? [];
    if (path === 'pulls') {
      const wanted = query.get('head');
      return page(
        this.pulls.filter(({ head }) => wanted === null || `${head.repo.owner.login}:${head.ref}` === wanted),
      );
    }
    if (path.startsWith('pulls/')) {
      const pull = this.pulls.find((one) => one.number === Number(number));
      return pull === undefined ? [404, { message: 'Not Found' }] : [200, pull];
    }
    if (path.startsWith('issues/comments/')) {
      const id = Number(path.split('/').at(-1));
      const comment = [...this.comments.values()].flat().find((one) => one.id === id);
      if (comment === undefined) return [404, { message: 'Not Found' }];
      comment.body = checked(body.body);
      return [200, comment];
    }
    if (rest === '/comments') {
      if (method === 'GET') return page(this.comments.get(Number(number)) ?? []);
      return [201, this.say(Number(number), BOT, checked(body.body))];
    }
    if (path === 'issues' && method === 'GET') {
      const [labels, creator] = [query.get('labels'), query.get('creator')];
      return page(
        this.issues.filter(
          (one) => (labels === null || one.labels.includes(labels)) && (creator ?? BOT) === one.user.login,
        ),
      );
    }
    if (path === 'issues') {
      const id = ++this.#last;
      const issue: Issue = {
        id,
        number: id,
        user: { login: BOT },
        title: body.title,
        body: checked(body.body),
        labels: body.labels,
        state: 'open',
        state_reason: null,
      };
      this.issues.push(issue);
      return [201, issue];
    }
    const issue = this.issues.find((one) => one.number === Number(number));
    if (issue === undefined) return [404, { message: 'Not Found' }];
    Object.assign(issue, body);
    return [200, issue];
  }
}

function checked(body: string): string {
  if (body.length > 65_536) throw new Error('body is too long');
  return body;
}
