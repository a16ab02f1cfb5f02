// Workload identity federation: an identity token that the machine already has is exchanged for a workspace token, so
// that no secret is kept anywhere. The three OIDC methods differ only in where the identity token comes from.
// https://docs.databricks.com/aws/en/dev-tools/auth/oauth-federation
import type { Credentials } from '../credentials';
import { bearerCredentials } from './bearer';
import { printable, type Surroundings } from './method';
import { tokenEndpoint } from './oauth-m2m';
import { tokenOf } from './token-client';

/** @param identity fetches the identity token for an audience; asked again for each exchange, since it is short-lived. */
export function exchangeCredentials(
  authType: string,
  { settings, origin, clock, tokens }: Surroundings,
  identity: (audience: string) => Promise<string>,
): Credentials {
  const url = tokenEndpoint(origin);
  const audience = settings.get('audience') ?? settings.get('account_id') ?? url;
  const clientId = settings.get('client_id');
  return bearerCredentials({
    authType,
    clock,
    secrets: settings.secrets(),
    fetch: async () => {
      const subject = printable(await identity(audience), 'the identity token');
      const answer = await tokens.ask({
        url,
        form: {
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
          subject_token: subject,
          scope: 'all-apis',
          ...(clientId === undefined ? {} : { client_id: clientId }),
        },
        secrets: [subject, ...settings.secrets()],
        help: `Check the federation policy: it must allow this issuer and subject with the audience ${audience}${
          clientId === undefined ? '' : `, for the service principal ${settings.nameOf('client_id')} names`
        }.`,
      });
      return { ...tokenOf(answer, url, clock.now()), secrets: [subject] };
    },
  });
}
