// Credentials in files are found, and shown nowhere.
import { hide } from '../../src/config/credentials';
import { endpoint, load, said } from './project';

// Put together here, so that no scanner takes this file for a leak.
const TOKENS = {
  'a Databricks token': `dapi${'0123456789abcdef'.repeat(2)}`,
  'an API key': `sk-${'Ab1_-'.repeat(60)}`,
  'an AWS access key id': `AKIA${'ABCDEFGH01234567'}`,
  'a GitHub token': `ghp_${'a1B2'.repeat(9)}`,
  'a signed token': `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`,
  'a private key': '-----BEGIN RSA PRIVATE KEY-----',
};

test.each(Object.entries(TOKENS))('%s is found wherever it stands, and hidden', (what, token) => {
  for (const text of [
    endpoint(`labels: { a: "${token}" }`),
    `project: p # ${token}\n`,
    `project: "${token}"`,
    `${token}: 1\nproject: p\n`,
    `project: "${token}`,
  ]) {
    const loaded = load(text);
    const everything = JSON.stringify([loaded.diagnostics, [...loaded.texts]]);
    expect(
      loaded.diagnostics.some(({ code, message }) => code === 'literal-credential' && message.includes(what)),
    ).toBe(true);
    expect(everything).not.toContain(token.slice(4, 30));
    expect(loaded.desired).toBeUndefined();
  }
});

test('a field that holds credentials takes references only', () => {
  const refused = load(
    endpoint('preview: { openai_config: { openai_api_key: hunter2, api_token_plaintext: "x" } }'),
  );
  expect(said(refused)).toEqual(['literal-credential <*******>', 'literal-credential <***>']);
  const reference = '"{{secrets/llm/openai}}"';
  expect(
    said(load(endpoint(`preview: { openai_config: { openai_api_key: ${reference} }, max_token: 5 }`))),
  ).toEqual([]);
});

test('hiding keeps lines and columns', () => {
  expect(
    hide('ab\ncd\nef', [
      { start: 1, end: 4 },
      { start: 3, end: 5 },
    ]),
  ).toBe('a*\n**\nef');
  expect(hide('abc', [])).toBe('abc');
});
