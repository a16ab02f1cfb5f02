// Updates that take their time: waited for, cancelled meanwhile, given up on, interrupted, found under way.
import { STAMP, Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const entity = (version: string) => ({
  name: 'fraud',
  entity_name: 'ml.models.fraud',
  entity_version: version,
});
const live = (more: object = {}) => ({
  name: 'fraud',
  config: { served_entities: [entity('7')] },
  tags: [STAMP],
  ...more,
});
const FILE = `serving_endpoints:
  fraud:
    config: { served_entities: [{ name: fraud, entity_name: ml.models.fraud, entity_version: 8 }] }
`;
const GET = '/api/2.0/serving-endpoints/fraud';

test('waits at growing distances until it has settled', async () => {
  stage.set(FILE, { settings: { update_duration_ms: 20 * 60_000 }, serving_endpoints: [live()] });
  const pauses: number[] = [];
  const ran = await stage.gatewright(['apply', '--yes'], { asleep: (ms) => void pauses.push(ms) });
  expect(ran.code).toBe(0);
  expect(pauses.slice(0, 5)).toEqual([2_000, 4_000, 8_000, 15_000, 15_000]);
  const told = ran.out.split('\n').filter((line) => line.startsWith('fraud: waiting'));
  expect(told).toHaveLength(20);
  expect(told[0]).toBe('fraud: waiting, its config is being rolled out (fraud: creating (Deploying))');
  expect(told.at(-1)).toMatch(/^fraud: waiting for 19 min, /);
});

test('gives up at the deadline, on which its last look falls', async () => {
  stage.set(FILE, { settings: { update_duration_ms: 100_000 }, serving_endpoints: [live()] });
  const late = await stage.gatewright(['apply', '--yes', '--timeout', '99s']);
  expect(late.code).toBe(7);
  expect(late.out).toContain('still being updated after 99 s');
  stage.set(FILE, { settings: { update_duration_ms: 100_000 }, serving_endpoints: [live()] });
  expect((await stage.gatewright(['apply', '--yes', '--timeout', '100s'])).code).toBe(0);
});

test('an update that fails or is cancelled while it is waited for ends with exit 7', async () => {
  for (const outcome of ['UPDATE_FAILED', 'UPDATE_CANCELED'] as const) {
    stage.set(FILE, {
      settings: { update_outcomes: [{ entity: 'fraud', outcome, message: 'no capacity in this region' }] },
      serving_endpoints: [live()],
    });
    const ran = await stage.gatewright(['apply', '--yes']);
    expect(ran.code).toBe(7);
    expect(ran.out).toMatch(
      /the config update (failed|was cancelled): fraud: (failed|aborted) \(no capacity in this\s+region\)/,
    );
    expect(ran.writes).toEqual([`PUT ${GET}/config`]);
    expect(stage.endpoint('fraud')).toMatchObject({ config: { served_entities: [{ entity_version: '7' }] } });
    const again = await stage.gatewright(['plan', '--detailed-exitcode']);
    expect(again.code).toBe(2);
  }
});

test('an endpoint that somebody deletes while its config is rolled out is told as gone', async () => {
  stage.set(FILE, { serving_endpoints: [live()] });
  const ran = await stage.gatewright(['apply', '--yes'], {
    asleep: async (_ms, passed) => {
      if (passed === 0) await stage.byHand('DELETE', GET);
    },
  });
  expect(ran.code).toBe(7);
  expect(ran.out).toContain('it is gone while its config was rolled out');
});

test('an interrupt ends a wait at once; what was accepted is said to be, and the next run waits on', async () => {
  stage.set(FILE, { settings: { update_duration_ms: 600_000 }, serving_endpoints: [live()] });
  const ran = await stage.gatewright(['apply', '--yes'], {
    asleep: (_ms, passed, context) => {
      if (passed === 14_000) context.interrupt();
    },
  });
  expect(ran.code).toBe(130);
  expect(ran.out).toContain('interrupted while its config is being rolled out');
  expect(ran.out).toContain('Apply: 1 accepted.');
  const next = await stage.gatewright(['apply', '--yes']);
  expect(next).toMatchObject({ code: 0, writes: [] });
  expect(stage.endpoint('fraud')).toMatchObject({ config: { served_entities: [{ entity_version: '8' }] } });
});

test('what opens waits for the config, and for nothing else of somebody else', async () => {
  const gateway = '    ai_gateway: { rate_limits: { user: { calls: 90 } } }\n';
  const limited = live({
    ai_gateway: { rate_limits: [{ key: 'user', calls: 60, renewal_period: 'minute' }] },
  });
  stage.set(FILE + gateway, { serving_endpoints: [limited] });
  const ran = await stage.gatewright(['apply', '--yes']);
  expect(ran.writes).toEqual([`PUT ${GET}/config`, `PUT ${GET}/ai-gateway`]);
  const [config, open] = ran.requests.filter(({ method }) => method === 'PUT');
  expect((open?.at ?? 0) - (config?.at ?? 0)).toBeGreaterThanOrEqual(120_000);
  // The gateway alone is managed: an update of the config that somebody else began is none of ours.
  const pending = { pending_config: { served_entities: [entity('9')] }, _simulator: { settles_at: null } };
  stage.set(`serving_endpoints:\n  fraud:\n${gateway}`, { serving_endpoints: [{ ...limited, ...pending }] });
  const other = await stage.gatewright(['apply', '--yes']);
  expect(other).toMatchObject({ code: 0, writes: [`PUT ${GET}/ai-gateway`] });
});

test('a change of the gateway while our own config is still being rolled out is applied, and the config waited for', async () => {
  const gateway = '    ai_gateway: { rate_limits: { user: { calls: 90 } } }\n';
  const state = { settings: { update_duration_ms: 60_000 }, serving_endpoints: [live()] };
  stage.set(FILE, state);
  expect((await stage.gatewright(['apply', '--yes', '--no-wait'])).out).toContain('accepted, not waited for');
  stage.file('gatewright.yaml', `project: p\n${FILE}${gateway}`);
  const ran = await stage.gatewright(['apply', '--yes']);
  expect(ran).toMatchObject({ code: 0, writes: [`PUT ${GET}/ai-gateway`] });
  expect(stage.endpoint('fraud')).toMatchObject({ state: { config_update: 'NOT_UPDATING' } });
});

test('--no-wait neither waits nor looks at an update that is under way', async () => {
  stage.set(FILE, {
    serving_endpoints: [
      live({ pending_config: { served_entities: [entity('8')] }, _simulator: { settles_at: null } }),
    ],
  });
  const ran = await stage.gatewright(['apply', '--yes', '--no-wait']);
  expect(ran.code).toBe(0);
  expect(ran.out).toContain('nothing to change, 1 unchanged');
});

test('any refusal of a write while an update is under way counts as being busy', async () => {
  const tags = 'serving_endpoints:\n  fraud:\n    tags: { team: risk }\n';
  stage.set(tags, {
    settings: { update_duration_ms: 30_000 },
    serving_endpoints: [live({ pending_config: { served_entities: [entity('8')] } })],
  });
  const refusal = { operation: 'serving-endpoints.patch-tags', status: 400 };
  const ran = await stage.gatewright(['apply', '--yes'], { faults: [refusal] });
  expect(ran).toMatchObject({ code: 0, writes: [`PATCH ${GET}/tags`, `PATCH ${GET}/tags`] });
  stage.set(tags, { serving_endpoints: [live()] });
  expect((await stage.gatewright(['apply', '--yes'], { faults: [refusal] })).code).toBe(1);
});
