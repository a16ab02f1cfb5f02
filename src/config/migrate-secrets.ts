// What the secrets of Unity Catalog are called that credentials are to be put into: one for each credential, whatever
// the characters that a name may not hold. Two credentials never share a secret. Knows no provider.

/** What the name of a secret may not hold. */
const UNNAMEABLE = /[^A-Za-z0-9_-]/g;

export class SecretNames {
  readonly #credentials = new Map<string, string>();

  constructor(readonly schema: string) {}

  /** `credential` tells it from all others; `text` is what it would be called. Letter case means nothing in Unity Catalog. */
  leafOf(credential: string, text: string): string {
    const wanted = text.replace(UNNAMEABLE, '_');
    for (let number = 1; ; number += 1) {
      const leaf = number === 1 ? wanted : `${wanted}_${number}`;
      const holder = this.#credentials.get(leaf.toLowerCase()) ?? credential;
      if (holder !== credential) continue;
      this.#credentials.set(leaf.toLowerCase(), credential);
      return leaf;
    }
  }
}
