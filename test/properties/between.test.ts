// The puts of one change, as a plan shows them: between two of them an endpoint is never less governed than before and
// after. Every run of the other properties and of the stories is held to the same; here are more limits, and rarer ones.
import fc from 'fast-check';
import type { JsonObject } from '../../src/model/json';
import { aiGatewayConfig, aiGatewayLive } from '../generators/gateway';
import { lessGoverned } from '../governed/watch';
import { entry, live, planOf } from '../plan/make';

const CASES = Number(process.env.GATEWRIGHT_CASES ?? 2_000);
const SEED = Number(process.env.GATEWRIGHT_SEED ?? Math.floor(Math.random() * 2 ** 31));

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
      const states = [now, ...puts.map(({ body }) => body as JsonObject)];
      expect(
        lessGoverned(states.map((ai_gateway, index) => ({ after: `put ${index}`, state: { ai_gateway } }))),
      ).toEqual([]);
    }),
    { numRuns: CASES, seed: SEED },
  );
  // Seldom enough to be overlooked, were it to vanish.
  expect(between).toBeGreaterThan(CASES / 20);
});
