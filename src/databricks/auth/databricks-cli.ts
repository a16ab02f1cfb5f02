// The login of the Databricks CLI (0.100 or newer): `databricks auth token` hands out its token and renews it.
// https://docs.databricks.com/aws/en/dev-tools/auth/oauth-u2m
import { bearerCredentials, type Token } from './bearer';
import { type Method, type PassedOver, printable, type Surroundings } from './method';
import { askProgram, loginLost } from './program';

export const databricksCli: Method = {
  authType: 'databricks-cli',
  login: true,
  async configure(surroundings) {
    const first = await fetch(surroundings);
    if ('passedOver' in first) return first;
    return bearerCredentials({
      authType: 'databricks-cli',
      clock: surroundings.clock,
      secrets: [],
      first,
      fetch: async () => {
        const token = await fetch(surroundings);
        if ('passedOver' in token) throw loginLost('databricks-cli', token);
        return token;
      },
    });
  },
};

async function fetch({ run, settings, origin }: Surroundings): Promise<Token | PassedOver> {
  const which = settings.profile === undefined ? ['--host', origin] : ['--profile', settings.profile];
  const command = settings.get('databricks_cli_path') ?? 'databricks';
  const printed = await askProgram(run, command, ['auth', 'token', ...which]);
  if ('passedOver' in printed) return printed;
  const { access_token: value, expiry } = printed.answer;
  if (typeof value !== 'string') return { passedOver: `"${command}" printed no access_token` };
  const expiresAt = typeof expiry === 'string' ? Date.parse(expiry) : Number.NaN;
  return {
    value: printable(value, 'the token of the Databricks CLI'),
    expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt,
  };
}
