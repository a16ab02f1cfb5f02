// Who may sign in, by the knob `sign_in`: clients with a secret, identity tokens that a federation policy accepts, and
// tokens that end on the clock. Without the knob every machine that asks is believed. Knows no operation of a workspace.
//
// RFC 6749 §4.4 and §5.2 (client credentials, errors), RFC 8693 §2.1 (token exchange),
// https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m, https://docs.databricks.com/aws/en/dev-tools/auth/oauth-federation
import { ApiError } from './errors';
import type { Json } from './json';
import type { Settings } from './types';

type Rules = NonNullable<Settings['sign_in']>;

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const JWT = 'urn:ietf:params:oauth:token-type:jwt';
/** About an hour, says the documentation. */
const LIFETIME_S = 3600;

export interface TokenRequest {
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: Json;
}

/** The tokens that this process has given out. A restart forgets them, and their holders ask again. */
export class SignIns {
  readonly #ends = new Map<string, number>();
  #given = 0;

  answer(rules: Rules, request: TokenRequest, now: number): TokenAnswer {
    const fault = faultOf(rules, request);
    if (fault !== undefined) return fault;
    const lifetime = rules.token_lifetime_s ?? LIFETIME_S;
    this.#given += 1;
    const token = `simulated-token-${this.#given}`;
    this.#ends.set(token, now + lifetime * 1000);
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: lifetime } };
  }

  /** @throws ApiError 401: never given out, or over */
  check(token: string, now: number): void {
    const end = this.#ends.get(token);
    if (end !== undefined && now < end) return;
    const message = end === undefined ? 'Invalid access token.' : 'The access token expired.';
    throw new ApiError(401, 'UNAUTHENTICATED', message);
  }
}

function faultOf(rules: Rules, { form, authorization }: TokenRequest): TokenAnswer | undefined {
  if (form.get('scope') !== 'all-apis') return refusal(400, 'invalid_scope', 'The scope must be all-apis.');
  switch (form.get('grant_type')) {
    case 'client_credentials': {
      const [id, secret] = basic(authorization);
      const known = rules.clients?.some((client) => client.id === id && client.secret === secret);
      return known === true ? undefined : refusal(401, 'invalid_client', 'Client authentication failed.');
    }
    case EXCHANGE: {
      if (form.get('subject_token_type') !== JWT)
        return refusal(400, 'invalid_request', 'subject_token_type must be that of a JWT.');
      const id = form.get('client_id');
      const principal = id === null || rules.clients?.some((client) => client.id === id) === true;
      const trusted = rules.identity_tokens?.includes(form.get('subject_token') ?? '') === true;
      if (principal && trusted) return undefined;
      return refusal(400, 'invalid_grant', 'No federation policy accepts the identity token.');
    }
    default:
      return refusal(400, 'unsupported_grant_type', 'Neither client credentials nor a token exchange.');
  }
}

function refusal(status: number, error: string, text: string): TokenAnswer {
  return { status, body: { error, error_description: text } };
}

function basic(header: string | undefined): string[] {
  const pair = /^Basic (.+)$/i.exec(header ?? '')?.[1];
  if (pair === undefined) return [];
  return Buffer.from(pair, 'base64').toString('utf8').split(':').map(decodeURIComponent);
}
