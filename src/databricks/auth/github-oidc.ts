// The identity token of a GitHub Actions job, exchanged at the workspace.
// https://docs.databricks.com/aws/en/dev-tools/auth/provider-github
import { AuthError } from './error';
import { exchangeCredentials } from './exchange';
import type { Method, Surroundings } from './method';

export const githubOidc: Method = {
  authType: 'github-oidc',
  async configure(surroundings) {
    const { settings } = surroundings;
    const missing = settings.missing('actions_id_token_request_url', 'actions_id_token_request_token');
    if (missing !== undefined) return { passedOver: `${missing} (not a GitHub job with "id-token: write")` };
    // Without a client id the account's own federation policy would have to fit: only for who asks for it.
    if (settings.get('auth_type') !== 'github-oidc') {
      const id = settings.missing('client_id');
      if (id !== undefined) return { passedOver: id };
    }
    return exchangeCredentials('github-oidc', surroundings, (audience) => identity(surroundings, audience));
  },
};

async function identity({ settings, tokens }: Surroundings, audience: string): Promise<string> {
  const text = settings.get('actions_id_token_request_url')!;
  if (!URL.canParse(text)) {
    throw new AuthError(
      'bad-host',
      'ACTIONS_ID_TOKEN_REQUEST_URL is not a URL',
      'GitHub sets it: do not change it.',
    );
  }
  const url = new URL(text);
  url.searchParams.set('audience', audience);
  const answer = await tokens.ask({
    url: url.href,
    authorization: `Bearer ${settings.get('actions_id_token_request_token')!}`,
    secrets: settings.secrets(),
    help: 'Give the job the permission "id-token: write".',
  });
  if (typeof answer.value === 'string') return answer.value;
  throw new AuthError(
    'token-unreachable',
    `${url.host} answered without an identity token`,
    'Run the job again.',
  );
}
