// A service principal with a client secret, at the workspace's own token endpoint.
// https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m
import { bearerCredentials } from './bearer';
import { type Method, printable } from './method';
import { tokenOf } from './token-client';

/** Not discovered: an answer could name another host. */
export function tokenEndpoint(origin: string): string {
  return `${origin}/oidc/v1/token`;
}

export const oauthM2m: Method = {
  authType: 'oauth-m2m',
  async configure({ settings, origin, clock, tokens }) {
    const missing = settings.missing('client_id', 'client_secret');
    if (missing !== undefined) return { passedOver: missing };
    const id = printable(settings.get('client_id')!, settings.nameOf('client_id'));
    const secret = printable(settings.get('client_secret')!, settings.nameOf('client_secret'));
    const pair = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
    const url = tokenEndpoint(origin);
    return bearerCredentials({
      authType: 'oauth-m2m',
      clock,
      secrets: [secret, pair],
      fetch: async () => {
        const answer = await tokens.ask({
          url,
          form: { grant_type: 'client_credentials', scope: 'all-apis' },
          authorization: `Basic ${pair}`,
          secrets: [secret, pair],
          help: `Check ${settings.nameOf('client_id')} and ${settings.nameOf('client_secret')}: the secret may have expired or belong to another account.`,
        });
        return tokenOf(answer, url, clock.now());
      },
    });
  },
};
