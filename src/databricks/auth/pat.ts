// A personal access token, or any bearer token handed in ready: it is sent as it is and cannot be renewed.
import { type Method, printable } from './method';

export const pat: Method = {
  authType: 'pat',
  async configure({ settings }) {
    const missing = settings.missing('token');
    if (missing !== undefined) return { passedOver: missing };
    const token = printable(settings.get('token')!, settings.nameOf('token'));
    return {
      authType: 'pat',
      headers: async () => ({ authorization: `Bearer ${token}` }),
      refresh: async () => false,
      secrets: () => [token],
    };
  },
};
