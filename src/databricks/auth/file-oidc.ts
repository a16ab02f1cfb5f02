// An identity token in a file that the platform keeps fresh (Kubernetes, say), exchanged at the workspace. Read anew for
// each exchange.
import { AuthError } from './error';
import { exchangeCredentials } from './exchange';
import type { Method } from './method';
import { given } from './settings';

export const fileOidc: Method = {
  authType: 'file-oidc',
  async configure(surroundings) {
    const { settings, fileText } = surroundings;
    const missing = settings.missing('databricks_id_token_filepath');
    if (missing !== undefined) return { passedOver: missing };
    const path = settings.get('databricks_id_token_filepath')!;
    return exchangeCredentials('file-oidc', surroundings, async () => {
      const token = given(fileText(path));
      if (token !== undefined) return token;
      throw new AuthError(
        'bad-credential',
        `there is no identity token in ${path}`,
        `Check ${settings.nameOf('databricks_id_token_filepath')} and what writes that file.`,
      );
    });
  },
};
