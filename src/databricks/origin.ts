// Hosts: which ones may be spoken to, and when two of them are the same. Knows no credentials.

export class HostError extends Error {
  readonly code = 'bad-host';
  readonly help =
    'Write the workspace URL as its address bar shows it, e.g. https://adb-12.azuredatabricks.net.';

  constructor(problem: string) {
    super(`the host ${problem}`);
    this.name = 'HostError';
  }
}

/**
 * A host as an origin: `https://adb-12.azuredatabricks.net`. Lower-cased, international names in punycode, the
 * default port dropped; a missing scheme is https. Only loopback may use http.
 * The message never repeats the text, which may carry a password.
 * @throws HostError
 */
export function normaliseHost(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new HostError('is empty');
  if (/[\u0000-\u0020\u007f\\]/.test(trimmed))
    throw new HostError('holds a blank, a backslash or a control character');
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  } catch {
    throw new HostError('is not a URL');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new HostError(`uses ${url.protocol} instead of https:`);
  if (url.username !== '' || url.password !== '' || trimmed.includes('@'))
    throw new HostError('carries a user name or password');
  if (url.pathname !== '/') throw new HostError('carries a path');
  if (url.search !== '' || trimmed.includes('?')) throw new HostError('carries a query');
  if (url.hash !== '' || trimmed.includes('#')) throw new HostError('carries a fragment');
  if (url.protocol === 'http:' && !isLoopback(url.origin))
    throw new HostError('uses http, which only loopback may');
  return url.origin;
}

/** Whether an origin is this machine: 127.0.0.0/8, ::1, localhost. */
export function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
