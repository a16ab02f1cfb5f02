// Takes known secrets out of a text before anything keeps it. Knows nothing of where the text goes.

/**
 * The text with each secret replaced by `***`, also where it stands base64-, URL- or JSON-encoded. Secrets
 * shorter than 4 characters are ignored: replacing them would only shred the text.
 */
export function redact(text: string, secrets: readonly string[]): string {
  let result = text;
  const forms = new Set(secrets.filter((secret) => secret.length >= 4).flatMap(formsOf));
  for (const form of [...forms].sort((a, b) => b.length - a.length)) result = result.replaceAll(form, '***');
  return result;
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [
    secret,
    encodeURIComponent(secret.replace(/\p{Cs}/gu, '\ufffd')),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ];
}
