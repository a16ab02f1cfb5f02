// Words of the services' API, which are long there (RATE_LIMIT_KEY_USER_DEFAULT) and may be short in a file
// (user_default): what is known of each, and either spelling as the long one. A long word that nobody knows may be
// newer than this and is sent; a short one is misspelt.
import { DESTINATION_BLOCKS } from '../model/model-service-fields';
import { PROVIDERS } from '../model/provider-service-fields';
import { SERVICE_LIMIT_KEYS, SERVICE_LIMIT_PERIODS } from '../model/service-limits';
import type { Findings } from './findings';
import { locate, type Node, scalarAt } from './node';
import { didYouMean, meant } from './suggest';

export interface Words {
  /** What a long word begins with. */
  readonly beginning: string;
  /** Short ones, in small letters. */
  readonly known: readonly string[];
  /** What else a short one may leave out at its end. */
  readonly ending?: string;
}

/** Came after the release that the schema follows: known on the wire, and declared under `preview`. */
const LATER = ['bedrock_mantle'];

/** Which block of a model provider service belongs to which type. */
export const PROVIDER_BLOCKS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(PROVIDERS).flatMap(([type, { block }]) => (LATER.includes(block) ? [] : [[type, block]])),
);

const shortened = (words: readonly string[], beginning: string) =>
  words.map((word) => word.slice(beginning.length).toLowerCase());

export const LIMIT_KEY: Words = { beginning: 'RATE_LIMIT_KEY_', known: SERVICE_LIMIT_KEYS };
export const LIMIT_PERIOD: Words = {
  beginning: 'RATE_LIMIT_RENEWAL_PERIOD_',
  known: SERVICE_LIMIT_PERIODS,
};
export const DESTINATION_TYPE: Words = {
  beginning: 'DESTINATION_TYPE_',
  known: shortened(Object.keys(DESTINATION_BLOCKS), 'DESTINATION_TYPE_'),
  ending: '_foundation_model',
};
export const PROVIDER_TYPE: Words = {
  beginning: 'EXTERNAL_MODEL_PROVIDER_TYPE_',
  known: shortened(Object.keys(PROVIDER_BLOCKS), 'EXTERNAL_MODEL_PROVIDER_TYPE_'),
};

export function longWord(short: string, { beginning }: Words): string {
  return `${beginning}${short.toUpperCase()}`;
}

/** The value with its long word; what is no text is left to the schema. `field` is the name that it stands under. */
export function spelled(node: Node, words: Words, field: string, findings: Findings): Node {
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.value === '') return node;
  const { beginning, known, ending = '' } = words;
  const written = node.value;
  if (written.startsWith(beginning)) {
    const short = written.slice(beginning.length).toLowerCase();
    if (!known.includes(short)) unknownLong(node, words, findings);
    return node;
  }
  const lower = written.toLowerCase();
  const short = known.find((word) => word === lower || word === `${lower}${ending}`);
  if (short !== undefined) return scalarAt(longWord(short, words), node);
  const shown = known.map((word) =>
    word.endsWith(ending) ? word.slice(0, word.length - ending.length) : word,
  );
  findings.error(() => ({
    code: 'unknown-value',
    message: `"${written.slice(0, 80)}" is not a value of ${field}`,
    at: locate(node),
    ...didYouMean(written, shown, `service ${field}`),
    because: { text: `the values are ${shown.join(', ')}` },
    help: `A value that is newer than this is written in full, with ${beginning} before it.`,
  }));
  return node;
}

function unknownLong(node: Node & { readonly value: unknown }, words: Words, findings: Findings): void {
  const known = words.known.map((word) => longWord(word, words));
  const written = String(node.value);
  // Without what they all begin with, which would make any two of them alike.
  const near = meant(written.slice(words.beginning.length), words.known);
  findings.warning(() => ({
    code: 'unknown-value',
    message: `"${written.slice(0, 80)}" is not among the known values`,
    at: locate(node),
    ...(near === undefined ? {} : { label: `did you mean "${longWord(near, words)}"?` }),
    because: { text: `known are ${known.join(', ')}; others are sent as they are` },
  }));
}
