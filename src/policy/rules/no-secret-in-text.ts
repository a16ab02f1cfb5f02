// Texts that are no credential hold none: addresses with a password in them, and long random words. Known shapes of keys
// are refused already when files are read; this also looks at what the workspace has.
import { GPT } from '../examples';
import { defineRule } from '../rule';

const USER_INFO = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s@]+@/i;
const WORD = /[A-Za-z0-9+/_=-]{28,}/g;
/** Bits a character; hexadecimal digests have at most 4, words of a language about 3. */
const RANDOM = 4.2;

function entropy(word: string): number {
  const counts = new Map<string, number>();
  for (const letter of word) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / word.length) * Math.log2(count / word.length);
  return bits;
}

/** Random words mix small letters, capitals and digits; names and paths seldom do. */
const looksRandom = (word: string) =>
  /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word) && entropy(word) >= RANDOM;

export const rule = defineRule({
  id: 'no-secret-in-text',
  alias: 'AIG-SEC-003',
  title: 'No secret stands in a description, a tag, a variable or an address',
  why: 'Everybody who may view the endpoint, or the repository, reads it.',
  fix: 'Put it into a secret scope and refer to it. Consider the written one leaked.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: [],
  controls: ['dasf:33', 'owasp-llm-2026:LLM02'],
  params: {},
  *check({ self }) {
    for (const { text, at } of self.texts) {
      if (text.includes('{{secrets/')) continue;
      if (USER_INFO.test(text))
        yield { path: at, finding: at, message: `${at} is an address with a password in it` };
      else if ((text.match(WORD) ?? []).some(looksRandom))
        yield { path: at, finding: at, message: `${at} holds a long random word, as a key would be` };
    }
  },
  flagged: [
    {
      files: `
  chat:
    ${GPT}
    tags:
      proxy: "https://gw:Passw0rd@proxy.example.com" # expect: no-secret-in-text
      note: "f3Kd9QzX1mVb7TgYp2LsWc8RnHjA" # expect: no-secret-in-text`,
    },
  ],
  clean: [
    {
      files: `
  chat:
    ${GPT}
    description: Answers for support, see https://example.com/runbooks/llm-gateway-support-chat
    tags: { build: 9b74c9897bac770ffc029102a200c5de9b74c989, team: support-and-customer-happiness-emea }`,
    },
  ],
});
