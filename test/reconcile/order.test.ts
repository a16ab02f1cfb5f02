// Many resources at once: what needs what, what may go before what, and that nobody waits for a roll-out of another.
import { STAMP, Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const PATH = '/api/2.0/serving-endpoints';
const entity = (version: string) => ({ name: 'm', entity_name: 'ml.models.m', entity_version: version });
const gpt = {
  name: 'gpt',
  external_model: {
    name: 'gpt-5',
    provider: 'openai',
    task: 'llm/v1/chat',
    openai_config: { openai_api_key: '{{secrets/s/k}}' },
  },
};
const names = Array.from({ length: 12 }, (_, index) => `e${index}`);
const file = (entries: Record<string, unknown>, removed: unknown[] = []) =>
  `serving_endpoints: ${JSON.stringify(entries)}\n${removed.length > 0 ? `removed: ${JSON.stringify(removed)}\n` : ''}`;

test('limits are tightened everywhere before the first config has been rolled out', async () => {
  const wanted = {
    config: { served_entities: [entity('2')] },
    ai_gateway: { rate_limits: { user: { calls: 5 } } },
  };
  stage.set(file(Object.fromEntries(names.map((name) => [name, wanted]))), {
    settings: { update_duration_ms: 600_000 },
    serving_endpoints: names.map((name) => ({
      name,
      config: { served_entities: [entity('1')] },
      tags: [STAMP],
    })),
  });
  const ran = await stage.gatewright(['apply', '--yes', '--allow', 'brake']);
  expect(ran.code).toBe(0);
  const gateways = ran.requests.filter(
    ({ path, method }) => method === 'PUT' && path.endsWith('/ai-gateway'),
  );
  const configs = ran.requests.filter(({ path, method }) => method === 'PUT' && path.endsWith('/config'));
  expect([gateways.length, configs.length]).toEqual([12, 12]);
  const first = Math.min(...configs.map(({ at }) => at));
  for (const { at } of [...gateways, ...configs]) expect(at - first).toBeLessThan(600_000);
});

test('one of five that fails does not stop the others, and the next run does what is left', async () => {
  const five = names.slice(0, 5);
  stage.set(file(Object.fromEntries(five.map((name) => [name, { tags: { team: 'x' } }]))), {
    serving_endpoints: five.map((name) => ({ name, tags: [STAMP] })),
  });
  const ran = await stage.gatewright(['apply', '--yes'], {
    faults: [{ operation: 'serving-endpoints.patch-tags', path: `${PATH}/e2/tags`, status: 403 }],
  });
  expect(ran.code).toBe(1);
  expect(ran.out).toContain('Apply: 4 applied, 1 failed.');
  const next = await stage.gatewright(['apply', '--yes']);
  expect(next).toMatchObject({ code: 0, writes: [`PATCH ${PATH}/e2/tags`] });
});

describe('an endpoint that calls another one of the same project', () => {
  const front = {
    name: 'back',
    external_model: {
      name: 'back',
      provider: 'databricks-model-serving',
      task: 'llm/v1/chat',
      databricks_model_serving_config: {
        databricks_workspace_url: 'https://w.example.com',
        databricks_api_token: '{{secrets/s/t}}',
      },
    },
  };
  const entries = {
    'a-front': { config: { served_entities: [front] } },
    'z-back': { config: { served_entities: [entity('1')] } },
  };
  const both = file(JSON.parse(JSON.stringify(entries).replaceAll('"name":"back"', '"name":"z-back"')));

  test('is made after it, once that serves', async () => {
    stage.set(both, { settings: { update_duration_ms: 30_000 } });
    const ran = await stage.gatewright(['apply', '--yes']);
    expect(ran.code).toBe(0);
    const made = ran.requests.filter(({ method }) => method === 'POST');
    expect(made.map(({ body }) => (body as { name: string }).name)).toEqual(['z-back', 'a-front']);
    expect((made[1]?.at ?? 0) - (made[0]?.at ?? 0)).toBeGreaterThanOrEqual(30_000);
  });

  test('is not begun when that fails', async () => {
    stage.set(both, {
      settings: { update_outcomes: [{ entity: 'm', outcome: 'UPDATE_FAILED', message: 'no capacity' }] },
    });
    const ran = await stage.gatewright(['apply', '--yes']);
    expect(ran.code).toBe(7);
    expect(ran.writes).toEqual([`POST ${PATH}`]);
    expect(ran.out).toContain('a-front: not started\n    it needs z-back, which is partial');
  });
});

describe('a delete', () => {
  const removed = [{ serving_endpoint: 'old', reason: 'replaced by new', since: '2026-01-05' }];
  const state = {
    settings: { update_duration_ms: 60_000 },
    serving_endpoints: [{ name: 'old', tags: [STAMP] }],
  };
  const made = file({ new: { config: { served_entities: [gpt] } } }, removed);

  test('goes last, when what takes its place serves', async () => {
    stage.set(made, state);
    const ran = await stage.gatewright(['apply', '--yes']);
    expect(ran).toMatchObject({ code: 0, writes: [`POST ${PATH}`, `DELETE ${PATH}/old`] });
    const [post, gone] = ran.requests.filter(({ method }) => method !== 'GET');
    expect((gone?.at ?? 0) - (post?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
  });

  test('does not go while that is only accepted, nor before the next run has seen it serve', async () => {
    stage.set(made, state);
    const ran = await stage.gatewright(['apply', '--yes', '--no-wait']);
    expect(ran).toMatchObject({ code: 0, writes: [`POST ${PATH}`] });
    expect(ran.out).toContain('nothing is deleted while something else is not done: new is accepted');
    const next = await stage.gatewright(['apply', '--yes']);
    expect(next).toMatchObject({ code: 0, writes: [`DELETE ${PATH}/old`] });
    expect(stage.endpoint('new')).toMatchObject({ state: { config_update: 'NOT_UPDATING' } });
  });

  test('does not go when what was pending fails', async () => {
    stage.set(made, {
      ...state,
      settings: {
        ...state.settings,
        update_outcomes: [{ entity: 'gpt', outcome: 'UPDATE_FAILED' as const }],
      },
    });
    await stage.gatewright(['apply', '--yes', '--no-wait']);
    const next = await stage.gatewright(['apply', '--yes']);
    expect(next).toMatchObject({ code: 7, writes: [] });
  });

  test('does not go when what takes its place is refused, but alone', async () => {
    const unowned = {
      name: 'new',
      config: { served_entities: [gpt] },
      ai_gateway: { rate_limits: [{ calls: 5, key: 'endpoint', renewal_period: 'minute' }] },
    };
    stage.set(file({ new: { ai_gateway: { rate_limits: [] } } }, removed), {
      serving_endpoints: [...state.serving_endpoints, unowned],
    });
    const ran = await stage.gatewright(['apply', '--yes']);
    expect(ran).toMatchObject({ code: 5, writes: [] });
    expect(ran.out).toContain('removed.old  refused: delete-waits');
    const alone = await stage.gatewright(['apply', '--yes', '--select', 'removed.old']);
    expect(alone).toMatchObject({ code: 0, writes: [`DELETE ${PATH}/old`] });
  });

  test('whose answer is lost is found to have happened', async () => {
    stage.set(file({}, removed), state);
    const ran = await stage.gatewright(['apply', '--yes'], {
      faults: [{ operation: 'serving-endpoints.delete', when: 'after', action: 'reset' }],
    });
    expect(ran).toMatchObject({ code: 0, writes: [`DELETE ${PATH}/old`] });
    expect(ran.out).toContain('Apply: 1 applied.');
  });

  test('of an endpoint that was made again since the plan is stale', async () => {
    stage.set(file({}, removed), state);
    await stage.gatewright(['plan', '--out', 'plan.json']);
    await stage.byHand('DELETE', `${PATH}/old`);
    await stage.byHand('POST', PATH, { name: 'old' });
    expect(await stage.gatewright(['apply', 'plan.json'])).toMatchObject({ code: 6, writes: [] });
  });
});
