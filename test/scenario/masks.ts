// What differs from run to run gets a name in brackets; what must never be seen is looked for.

/** Stands in DATABRICKS_TOKEN of every story. */
export const CANARY = 'dapi-canary-5f1c9d27e4';

export interface Places {
  readonly host: string;
  readonly directory: string;
}

export function mask(text: string, { host, directory }: Places): string {
  return text
    .replaceAll(host, '[HOST]')
    .replaceAll(host.replace('http://', ''), '[HOST]')
    .replaceAll(directory, '[DIR]')
    .replace(/\bsha256:[0-9a-f]{12,64}\b/g, '[DIGEST]')
    .replace(/\b[0-9a-f]{40}\b|(?<= \()[0-9a-f]{12}(?=\))/g, '[COMMIT]')
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '[WHEN]')
    .replace(/\b\d+(\.\d+)? ?ms\b|\b\d+\.\d+ ?s\b/g, '[TIME]')
    .replace(/^gatewright \d+\.\d+\.\d+$/gm, 'gatewright [VERSION]');
}

/** In what a story writes: `[HOST]` and `[DIR]` stand for what they mask. */
export function unmask(text: string, { host, directory }: Places): string {
  return text.replaceAll('[HOST]', host).replaceAll('[DIR]', directory);
}

/** The first of the secrets that stands in the text, plain or base64. */
export function leaked(text: string, secrets: readonly string[]): string | undefined {
  return secrets.find(
    (secret) =>
      text.includes(secret) || text.includes(Buffer.from(secret).toString('base64').replace(/=+$/, '')),
  );
}
