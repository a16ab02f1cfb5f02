// Between two puts of one change an endpoint is never less governed than before and after: not in any guardrail, nor
// for anybody whom a limit reaches. The one exception is a logging table that moves, and its gap is stated.
import fc from 'fast-check';
import { isList, isObject, type Json, type JsonObject } from '../../src/model/json';
import { KEY_CODECS, keyed } from '../../src/model/keys';
import { aiGatewayConfig, aiGatewayLive } from '../generators/gateway';
import { entry, live, planOf } from '../plan/make';

const CASES = Number(process.env.GATEWRIGHT_CASES ?? 2_000);
const SEED = Number(process.env.GATEWRIGHT_SEED ?? Math.floor(Math.random() * 2 ** 31));
const GROUPS = ['analysts', 'x:y'];

/** Those whom limits of the generator tell apart: by name, and by the groups that they are in. */
const SOMEBODY: readonly { readonly own?: string; readonly groups: readonly string[] }[] = [
  undefined,
  ...['ana@example.com', 'bo@example.com', 'a:b', 'data science'].map((name) => `user:${name}`),
  ...['3f1c', '9a2b'].map((id) => `service_principal:${id}`),
].flatMap((own) =>
  [[], GROUPS.slice(0, 1), GROUPS.slice(1), GROUPS].map((groups) => ({
    ...(own === undefined ? {} : { own }),
    groups,
  })),
);

function at(root: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>((node, name) => (isObject(node) ? node[name] : undefined), root);
}

/**
 * What somebody may do under a gateway block: the greater, the less governed. A limit of one's own goes before those of
 * groups, which one is held by only after exceeding all of them, and those before the default.
 * https://docs.databricks.com/aws/en/ai-gateway/configure-ai-gateway-endpoints
 */
function freedoms(gateway: JsonObject): Map<string, number> {
  const found = new Map<string, number>();
  const { items } = keyed(KEY_CODECS.limit, gateway.rate_limits);
  for (const unit of ['calls', 'tokens']) {
    const limit = (key: string) => {
      const count = at(items.get(key), unit);
      return typeof count === 'number' ? count : undefined;
    };
    found.set(`endpoint ${unit}`, limit('endpoint') ?? Number.POSITIVE_INFINITY);
    for (const { own, groups } of SOMEBODY) {
      const shared = groups.flatMap((group) => limit(`user_group:${group}`) ?? []);
      const ofGroups = shared.length === 0 ? undefined : Math.max(...shared);
      const mine = own === undefined ? undefined : limit(own);
      const allowed = mine ?? ofGroups ?? limit('user') ?? Number.POSITIVE_INFINITY;
      found.set(`${unit} of ${own ?? 'anybody'} in ${groups.join(' and ') || 'no group'}`, allowed);
    }
  }
  for (const side of ['input', 'output']) {
    const guard = (name: string) => at(gateway, 'guardrails', side, name);
    const behavior = at(guard('pii'), 'behavior') ?? 'NONE';
    found.set(`${side} pii`, -['NONE', 'MASK', 'BLOCK'].indexOf(String(behavior)));
    found.set(`${side} safety`, guard('safety') === true ? -1 : 0);
    const words = guard('invalid_keywords');
    for (const word of isList(words) ? words : []) found.set(`${side} word ${String(word)}`, -1);
  }
  for (const block of ['inference_table_config', 'usage_tracking_config'])
    found.set(block, at(gateway, block, 'enabled') === true ? -1 : 0);
  return found;
}

test(`between two puts nobody is freer than at both ends (${CASES} cases)`, () => {
  let between = 0;
  fc.assert(
    fc.property(aiGatewayLive(), aiGatewayConfig(), (now, wanted) => {
      const { plan } = planOf([entry('chat', { ai_gateway: wanted })], {
        live: [live('chat', { ai_gateway: now })],
      });
      const puts = plan.changes.flatMap(({ steps }) => steps).filter(({ method }) => method === 'PUT');
      if (puts.length < 2) return;
      between += 1;
      const states = [now, ...puts.map(({ body }) => body as JsonObject)].map(freedoms);
      const [first, last] = [states[0]!, states.at(-1)!];
      const freer = states.slice(1, -1).flatMap((state, index) =>
        [...new Set([first, last, state].flatMap((one) => [...one.keys()]))].filter((word) => {
          if (word === 'inference_table_config' && puts[index]?.note !== undefined) return false;
          return (state.get(word) ?? 0) > Math.max(first.get(word) ?? 0, last.get(word) ?? 0);
        }),
      );
      expect(freer).toEqual([]);
    }),
    { numRuns: CASES, seed: SEED },
  );
  // Seldom enough to be overlooked, were it to vanish.
  expect(between).toBeGreaterThan(CASES / 20);
});
