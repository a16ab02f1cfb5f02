// A bearer token that has to be fetched: fetched once for all who wait, again before it expires and after a 401.
// Knows no method; the method hands in how to fetch.
import type { Clock } from '../clock';
import type { Credentials } from '../credentials';

export interface Token {
  readonly value: string;
  /** Milliseconds since 1970; undefined when nobody said. */
  readonly expiresAt: number | undefined;
  /** Sent beside it. Their values are secrets too. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What it was got with, where that was fetched too. */
  readonly secrets?: readonly string[];
}

/** Part of a token's life after which a new one is fetched: an hour's token after 48 minutes. */
const LIFE_USED = 0.8;
/** What must be left of it: workspaces refuse a token 30 s before its end. https://github.com/databricks/databricks-vscode/issues/583 */
const LEFT_MS = 60_000;
/** Shortest time between two fetches, however short the life: some logins hand out a token that is nearly over. */
const LEAST_MS = 5_000;
/** After a fetch that failed: who asks meanwhile gets the old token while it holds, else the same error. Milliseconds. */
const PAUSE_MS = 30_000;

export interface BearerOptions {
  readonly authType: string;
  readonly clock: Clock;
  readonly fetch: () => Promise<Token>;
  /** What the method itself holds: a client secret. */
  readonly secrets: readonly string[];
  /** When the method has already fetched one, to see whether it works. */
  readonly first?: Token | undefined;
}

export function bearerCredentials(options: BearerOptions): Credentials {
  return new BearerCredentials(options);
}

class BearerCredentials implements Credentials {
  readonly authType: string;
  readonly #options: BearerOptions;
  readonly #secrets: Set<string>;
  #token: Token | undefined;
  #renewAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<Token> | undefined;
  #failure: { readonly error: unknown; readonly until: number } | undefined;

  constructor(options: BearerOptions) {
    this.authType = options.authType;
    this.#options = options;
    this.#secrets = new Set(options.secrets);
    if (options.first !== undefined) this.#keep(options.first);
  }

  async headers(): Promise<Record<string, string>> {
    const token = await this.#valid();
    return { ...token.headers, authorization: bearer(token) };
  }

  async refresh(refused: string | undefined): Promise<boolean> {
    if (this.#fetching === undefined) {
      // Of many calls whose token ends at once, the first fetches for all.
      if (this.#token !== undefined && bearer(this.#token) !== refused) return true;
      this.#rest();
    }
    return bearer(await this.#fetch()) !== refused;
  }

  secrets(): readonly string[] {
    return [...this.#secrets];
  }

  async #valid(): Promise<Token> {
    const { clock } = this.#options;
    if (this.#token !== undefined && clock.now() < this.#renewAt) return this.#token;
    try {
      this.#rest();
      return await this.#fetch();
    } catch (error) {
      const holds = this.#token?.expiresAt !== undefined && clock.now() < this.#token.expiresAt;
      if (this.#token !== undefined && holds) return this.#token;
      throw error;
    }
  }

  /** Nobody who refuses a credential is asked again at once, by none of the calls that wait for it. */
  #rest(): void {
    if (this.#failure !== undefined && this.#options.clock.now() < this.#failure.until)
      throw this.#failure.error;
  }

  #fetch(): Promise<Token> {
    this.#fetching ??= this.#options
      .fetch()
      .then(
        (token) => this.#keep(token),
        (error: unknown) => {
          this.#failure = { error, until: this.#options.clock.now() + PAUSE_MS };
          throw error;
        },
      )
      .finally(() => {
        this.#fetching = undefined;
      });
    return this.#fetching;
  }

  #keep(token: Token): Token {
    const now = this.#options.clock.now();
    this.#token = token;
    this.#failure = undefined;
    this.#renewAt = renewAt(token.expiresAt ?? Number.POSITIVE_INFINITY, now);
    const secrets = [token.value, ...Object.values(token.headers ?? {}), ...(token.secrets ?? [])];
    for (const secret of secrets) this.#secrets.add(secret);
    return token;
  }
}

function bearer({ value }: Token): string {
  return `Bearer ${value}`;
}

function renewAt(expiresAt: number, now: number): number {
  const due = Math.min(now + (expiresAt - now) * LIFE_USED, expiresAt - LEFT_MS);
  return Math.max(due, now + LEAST_MS);
}
