// A personal access token, or any bearer token handed in ready: it is sent as it is and cannot be renewed.
import type { Credentials } from '../credentials';

/** @param token printable ASCII without blanks; the caller has checked it. */
export function patCredentials(token: string): Credentials {
  return {
    authType: 'pat',
    headers: async () => ({ authorization: `Bearer ${token}` }),
    refresh: async () => false,
    secrets: () => [token],
  };
}
