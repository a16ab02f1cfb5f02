// Which proxy stands between us and a workspace, as the environment says it in the usual variables. Its address may
// hold a password and is never shown.
import { DatabricksError } from './errors';

export interface Proxies {
  readonly http: string | undefined;
  readonly https: string | undefined;
  /** Hosts to reach directly, comma-separated. */
  readonly bypass: string | undefined;
}

export class ProxyError extends DatabricksError {
  readonly code = 'bad-proxy';
  readonly help = 'Write it as http://proxy.example.com:3128, or unset it.';

  constructor(variable: string) {
    super(`${variable} is not the URL of an http or https proxy`);
    this.name = 'ProxyError';
  }
}

/**
 * `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, in lower case first, as curl and the official SDKs read them; undefined
 * when no proxy is set. Loopback is never proxied, whatever they say.
 * @throws ProxyError
 */
export function proxiesOf(env: Readonly<Record<string, string | undefined>>): Proxies | undefined {
  const [http, https, bypass] = ['http_proxy', 'https_proxy', 'no_proxy'].map((name) => {
    const variable = [name, name.toUpperCase()].find((candidate) => (env[candidate]?.trim() ?? '') !== '');
    const value = variable === undefined ? undefined : env[variable]?.trim();
    if (variable === undefined || value === undefined || name === 'no_proxy') return value;
    const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
    if (!/^https?:/i.test(url) || !URL.canParse(url)) throw new ProxyError(variable);
    return url;
  });
  return http === undefined && https === undefined ? undefined : { http, https, bypass };
}
