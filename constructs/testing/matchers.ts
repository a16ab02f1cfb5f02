// Matchers for jest, and for whatever takes matchers of its form: `expect.extend(matchers)`. They look at the document
// that `Testing.synth` gives.
import { isList, isObject, type Json, type JsonObject } from '../../src/model/json';
import { apiSpelling } from '../spelling';

/** What jest hands a matcher as `this`, as far as these use it. */
interface MatcherContext {
  // A method, so that any framework's testers fit.
  equals(a: unknown, b: unknown, testers?: unknown[]): boolean;
  readonly utils: {
    readonly subsetEquality?: unknown;
    readonly iterableEquality?: unknown;
    printReceived(value: unknown): string;
    printExpected(value: unknown): string;
  };
}

interface Result {
  readonly pass: boolean;
  readonly message: () => string;
}

/** By section: the props by which names are spelt. */
const PROPS: Readonly<Record<string, string>> = {
  serving_endpoints: 'ServingEndpointProps',
  model_services: 'ModelServiceProps',
  model_provider_services: 'ModelProviderServiceProps',
  mcp_services: 'McpServiceProps',
};

export const matchers = {
  /**
   * Holds when the document has the resource, `serving_endpoints.chat`, and it says at least this, spelt as props are.
   * Values are those of the normalised document: shares stand under trafficConfig, a whole list has every default.
   */
  toHaveResource(this: MatcherContext, received: JsonObject, address: string, props: object = {}): Result {
    const resources = resourcesOf(received);
    const found = resources.find(({ kind, key }) => `${kind}.${key}` === address);
    const seen = found === undefined ? undefined : { ...found, ...(found.fields as JsonObject) };
    const expected = apiSpelling(props, PROPS[address.split('.', 1)[0]!] ?? '');
    const { subsetEquality, iterableEquality } = this.utils;
    const testers = [iterableEquality, subsetEquality].filter((tester) => tester !== undefined);
    const pass = seen !== undefined && this.equals(plain(seen), plain(expected), testers);
    const known = resources.map(({ kind, key }) => `${kind}.${key}`).join(', ') || 'none';
    const message =
      found === undefined
        ? `no ${address} is declared; there are: ${known}`
        : `${address}${pass ? ' says' : ' does not say'} ${this.utils.printExpected(expected)}\nit says ${this.utils.printReceived(plain(found.fields ?? null))}`;
    return { pass, message: () => message };
  },

  /** Holds when so many resources of a section are declared: `serving_endpoints`. */
  toHaveResourceCount(this: MatcherContext, received: JsonObject, section: string, count: number): Result {
    const keys = resourcesOf(received).flatMap(({ kind, key }) => (kind === section ? [String(key)] : []));
    const message = `${section} has ${keys.length} (${keys.join(', ')}), expected ${count}`;
    return { pass: keys.length === count, message: () => message };
  },
};

function resourcesOf(document: JsonObject): JsonObject[] {
  return isList(document.resources) ? document.resources.filter(isObject) : [];
}

/** With prototypes: jest tells objects without one from others. Matchers within stay what they are. */
function plain(value: Json): Json {
  if (isList(value)) return value.map(plain);
  if (!isObject(value) || typeof (value as { asymmetricMatch?: unknown }).asymmetricMatch === 'function')
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

declare global {
  namespace jest {
    interface Matchers<R, T> {
      toHaveResource(address: string, props?: object): R;
      toHaveResourceCount(section: string, count: number): R;
    }
  }
}
