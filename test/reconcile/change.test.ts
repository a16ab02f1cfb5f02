// One change against a workspace that moves, answers late, answers wrongly, or not at all: what is written,
// what is said of it, and how long it takes.
import type { JsonObject } from '../../src/model/json';
import { entry, userLimit } from '../plan/make';
import { limited, ours, Stage } from './engine';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const PUT = 'serving-endpoints.put-ai-gateway';
const TAGS = 'serving-endpoints.patch-tags';
const GET = 'serving-endpoints.get';
const logging = { enabled: true, catalog_name: 'ml', schema_name: 'logs', table_name_prefix: 'chat' };
const moved = entry('chat', { ai_gateway: { inference_table_config: { ...logging, schema_name: 'audit' } } });
const NOT_LOGGED =
  'Requests are not logged while the table is being moved: the API moves it only while logging is off.';

/** A request as somebody else sends it. */
async function byHand(method: string, path: string, body?: unknown): Promise<void> {
  const answer = await fetch(`${stage.simulator.url}/api/2.0/serving-endpoints${path}`, {
    method,
    headers: { authorization: 'Bearer hand', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);
}

const gateway = (): JsonObject => (stage.endpoint('chat')?.ai_gateway ?? {}) as JsonObject;

test('is read, written and read back', async () => {
  stage.seed([limited('chat', 60)]);
  const plan = await stage.plan([entry('chat', userLimit(30))]);
  const { results, events, requests } = await stage.apply(plan);
  expect(results).toEqual([
    {
      subject: { address: 'serving_endpoints.chat', kind: 'serving_endpoints', name: 'chat' },
      outcome: 'applied',
    },
  ]);
  expect(requests).toEqual(['GET chat', 'PUT chat/ai-gateway', 'GET chat']);
  expect(events.map(({ type }) => type)).toEqual([
    'started',
    'change-started',
    'step-done',
    'change-done',
    'finished',
  ]);
  const again = await stage.apply(plan);
  expect(again.results).toMatchObject([{ outcome: 'already' }]);
  expect(stage.writes).toEqual([]);
});

describe('moved since the plan', () => {
  test.each<[string, unknown, { expected: string; found: string }]>([
    [
      'another value',
      { rate_limits: [{ calls: 9, key: 'user', renewal_period: 'minute' }] },
      { expected: '60', found: '9' },
    ],
    ['removed', {}, { expected: '60', found: '(none)' }],
  ])('a field: %s', async (_, body, field) => {
    stage.seed([limited('chat', 60)]);
    const plan = await stage.plan([entry('chat', userLimit(30))]);
    await byHand('PUT', '/chat/ai-gateway', body);
    const { results } = await stage.apply(plan);
    expect(results).toMatchObject([
      {
        outcome: 'stale',
        fields: [{ path: 'ai_gateway.rate_limits[user].calls', ...field }],
        help: 'Plan again.',
      },
    ]);
    expect(stage.writes).toEqual([]);
  });

  test('a field that was as desired when planned', async () => {
    const tracking = {
      ai_gateway: { ...(limited('', 60).ai_gateway as object), usage_tracking_config: { enabled: true } },
    };
    stage.seed([ours('chat', tracking)]);
    const desired = {
      ai_gateway: { rate_limits: { user: { calls: 30 } }, usage_tracking_config: { enabled: true } },
    };
    const plan = await stage.plan([entry('chat', desired)]);
    await byHand('PUT', '/chat/ai-gateway', limited('', 60).ai_gateway);
    const { results } = await stage.apply(plan);
    expect(results[0]).toMatchObject({
      outcome: 'stale',
      fields: [{ path: 'ai_gateway.usage_tracking_config.enabled', expected: 'true', found: '(none)' }],
    });
  });

  test('to where it was to be: nothing is left to do', async () => {
    stage.seed([limited('chat', 60)]);
    const plan = await stage.plan([entry('chat', userLimit(30))]);
    await byHand('PUT', '/chat/ai-gateway', limited('', 30).ai_gateway);
    expect((await stage.apply(plan)).results).toMatchObject([{ outcome: 'already' }]);
    expect(stage.writes).toEqual([]);
  });

  test('what nobody manages is carried', async () => {
    stage.seed([limited('chat', 60)]);
    const plan = await stage.plan([entry('chat', userLimit(30))]);
    await byHand('PUT', '/chat/ai-gateway', {
      rate_limits: [
        { calls: 60, key: 'user', renewal_period: 'minute' },
        { calls: 7, key: 'endpoint', renewal_period: 'minute' },
      ],
      guardrails: { input: { safety: true } },
    });
    expect((await stage.apply(plan)).results).toMatchObject([{ outcome: 'applied' }]);
    expect(gateway()).toEqual({
      rate_limits: [
        { key: 'user', renewal_period: 'minute', calls: 30 },
        { calls: 7, key: 'endpoint', renewal_period: 'minute' },
      ],
      guardrails: { input: { safety: true } },
    });
  });

  test.each<[string, () => Promise<void>, string]>([
    ['deleted', () => byHand('DELETE', '/chat'), 'it is gone since the plan'],
    [
      'made again',
      async () => {
        await byHand('DELETE', '/chat');
        await byHand('POST', '', { name: 'chat', ai_gateway: limited('', 60).ai_gateway });
      },
      'it was deleted and made again since the plan: another id',
    ],
    [
      'taken over',
      () =>
        byHand('PATCH', '/chat/tags', { add_tags: [{ key: 'gatewright_project', value: 'search-team' }] }),
      'project "search-team" took it over since the plan',
    ],
    [
      'released',
      () => byHand('PATCH', '/chat/tags', { delete_tags: ['gatewright_project'] }),
      'its stamp was taken away since the plan',
    ],
    [
      'given a member that nobody here knows',
      () =>
        byHand('PUT', '/chat/ai-gateway', { ...(limited('', 60).ai_gateway as object), later: { on: true } }),
      'it has ai_gateway.later since the plan, which this version does not know',
    ],
  ])('the endpoint: %s', async (_, edit, message) => {
    stage.seed([limited('chat', 60)], { settings: { keeps_unknown: true } });
    const plan = await stage.plan([entry('chat', userLimit(30))]);
    await edit();
    expect((await stage.apply(plan)).results).toMatchObject([{ outcome: 'stale', message }]);
    expect(stage.writes).toEqual([]);
  });

  test('in the middle: what was written is said', async () => {
    stage.seed([limited('chat', 60)]);
    const desired = { ...userLimit(600), tags: { team: 'support' } };
    const plan = await stage.plan([entry('chat', desired)]);
    expect(plan.changes[0]?.steps.map(({ operation }) => operation)).toEqual([TAGS, PUT]);
    // The answer to the first step hides an edit that somebody makes meanwhile.
    const body = { ...limited('chat', 1, { tags: [{ key: 'team', value: 'support' }] }) };
    stage.fault({
      operation: GET,
      nth: 2,
      status: 200,
      body: {
        ...body,
        tags: [...(body.tags as []), { key: 'gatewright_project', value: 'llm-platform' }],
      } as never,
    });
    expect((await stage.apply(plan)).results).toMatchObject([
      {
        outcome: 'partial',
        message: 'after 1 of 2 steps, a field moved since the plan',
        fields: [{ expected: '60', found: '1' }],
      },
    ]);
  });
});

describe('two steps', () => {
  test('the second refused: what holds in between is said, and a new run goes on', async () => {
    stage.seed([ours('chat', { ai_gateway: { inference_table_config: logging } })]);
    const plan = await stage.plan([moved]);
    stage.fault({ operation: PUT, nth: 2, status: 400 });
    const { results, requests } = await stage.apply(plan);
    expect(results).toMatchObject([
      { outcome: 'partial', message: expect.stringMatching(/400.*\. Requests are not/) },
    ]);
    expect(results[0]?.message).toContain(NOT_LOGGED);
    expect(requests).toEqual([
      'GET chat',
      'PUT chat/ai-gateway',
      'GET chat',
      'PUT chat/ai-gateway',
      'GET chat',
    ]);
    expect(gateway()).toEqual({ inference_table_config: { ...logging, enabled: false } });

    expect((await stage.apply(plan)).results).toMatchObject([{ outcome: 'applied' }]);
    expect(stage.writes).toEqual(['PUT chat/ai-gateway']);
    expect(gateway()).toEqual({ inference_table_config: { ...logging, schema_name: 'audit' } });
  });

  test('refused again when it goes on: what holds in between is still said', async () => {
    stage.seed([ours('chat', { ai_gateway: { inference_table_config: logging } })]);
    const plan = await stage.plan([moved]);
    await byHand('PUT', '/chat/ai-gateway', { inference_table_config: { ...logging, enabled: false } });
    stage.fault({ operation: PUT, status: 400 });
    const { results } = await stage.apply(plan);
    expect(results).toMatchObject([{ outcome: 'failed', message: expect.stringContaining(NOT_LOGGED) }]);
  });

  test('every answer to the second lost, though it was written: nothing is said of a gap', async () => {
    stage.seed([ours('chat', { ai_gateway: { inference_table_config: logging } })]);
    const plan = await stage.plan([moved]);
    stage.fault({ operation: PUT, nth: 2, when: 'after', status: 500, times: 0 });
    const { results } = await stage.apply(plan);
    expect(results).toEqual([{ subject: expect.anything(), outcome: 'applied' }]);
  });

  test('a third refused: the gap is over and not spoken of', async () => {
    stage.seed([ours('chat', { ai_gateway: { inference_table_config: logging } })]);
    const plan = await stage.plan([moved]);
    const [change] = plan.changes;
    const tags = { operation: TAGS, phase: 'open', method: 'PATCH', path: '', ours: [] } as const;
    const third = { ...tags, ours: [{ path: ['tags', '[team]'], value: 'support' }] };
    stage.fault({ operation: TAGS, status: 403 });
    const { results } = await stage.apply({ changes: [{ ...change!, steps: [...change!.steps, third] }] });
    expect(results).toMatchObject([{ outcome: 'partial', message: expect.stringContaining('403') }]);
    expect(results[0]?.message).not.toContain('logged');
  });

  test('reads that come too early do not mislead', async () => {
    stage.seed([ours('chat', { ai_gateway: { inference_table_config: logging } })], {
      settings: { stale_reads: 2 },
    });
    const plan = await stage.plan([moved]);
    expect((await stage.apply(plan)).results).toMatchObject([{ outcome: 'applied' }]);
    expect(gateway()).toEqual({ inference_table_config: { ...logging, schema_name: 'audit' } });
  });

  test('switched off and moved at once says nothing of a gap', async () => {
    stage.seed([ours('chat', { ai_gateway: { inference_table_config: logging } })]);
    const off = { ...logging, enabled: false, schema_name: 'audit' };
    const plan = await stage.plan([entry('chat', { ai_gateway: { inference_table_config: off } })]);
    expect(plan.changes[0]?.steps.flatMap(({ note }) => note ?? [])).toEqual([]);
    expect((await stage.apply(plan)).results).toMatchObject([{ outcome: 'applied' }]);
  });
});

describe('a busy workspace', () => {
  const planned = async (settings = {}) => {
    stage.seed([limited('chat', 60)], { settings });
    return stage.plan([entry('chat', userLimit(30))]);
  };

  test('429 is waited for as long as it asks', async () => {
    const plan = await planned();
    stage.fault({ operation: PUT, status: 429, retryAfter: 17 });
    expect((await stage.apply(plan)).results).toMatchObject([{ outcome: 'applied' }]);
    expect(stage.slept[0]).toBeGreaterThanOrEqual(17_000);
  });

  test('an update that shows is waited for, and what it did is looked at', async () => {
    stage.seed(
      [
        limited('chat', 60, {
          config: { served_entities: [{ name: 'own', entity_name: 'ml.a.b', entity_version: '1' }] },
          pending_config: { served_entities: [{ name: 'own', entity_name: 'ml.a.b', entity_version: '2' }] },
        }),
      ],
      { settings: { gateway_409_while_updating: true, update_duration_ms: 60_000 } },
    );
    const plan = await stage.plan([entry('chat', userLimit(30))]);
    const { results, events } = await stage.apply(plan);
    expect(results).toMatchObject([{ outcome: 'applied' }]);
    expect(stage.writes).toEqual(['PUT chat/ai-gateway', 'PUT chat/ai-gateway']);
    expect(events.some((event) => event.type === 'waiting')).toBe(true);
    const waited = stage.slept.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThanOrEqual(60_000);
    expect(waited).toBeLessThan(90_000);
  });

  test('a conflict that shows nowhere is tried again ever more rarely, and given up in the end', async () => {
    const plan = await planned();
    stage.fault({ operation: PUT, status: 409, times: 0 });
    const { results } = await stage.apply(plan, { settleMs: 120_000 });
    expect(results).toMatchObject([{ outcome: 'failed', message: expect.stringContaining('409') }]);
    expect(stage.slept.slice(0, 5)).toEqual([2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(stage.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(120_000);
    expect(stage.writes.length).toBeLessThan(15);
  });

  test('what moved while it was waited for is stale', async () => {
    const plan = await planned();
    stage.fault({ operation: PUT, status: 409 });
    stage.onSleep = () => byHand('PUT', '/chat/ai-gateway', limited('', 999).ai_gateway);
    const { results } = await stage.apply(plan);
    expect(results).toMatchObject([{ outcome: 'stale', fields: [{ expected: '60', found: '999' }] }]);
    expect(gateway()).toEqual(limited('', 999).ai_gateway);
  });
});

describe('answers that are lost', () => {
  const planned = async () => {
    stage.seed([limited('chat', 60)]);
    return stage.plan([entry('chat', userLimit(30))]);
  };

  test.each(['reset', 'cut-body'] as const)('%s after the write: repeated, applied', async (action) => {
    const plan = await planned();
    stage.fault({ operation: PUT, when: 'after', action });
    expect((await stage.apply(plan)).results).toMatchObject([{ outcome: 'applied' }]);
    expect(stage.writes).toHaveLength(2);
  });

  test('every time, though it was written: a look says so', async () => {
    const plan = await planned();
    stage.fault({ operation: PUT, when: 'after', status: 500, times: 0 });
    expect((await stage.apply(plan)).results).toMatchObject([{ outcome: 'applied' }]);
  });

  test('every time, and nothing was written: a look says so', async () => {
    const plan = await planned();
    stage.fault({ operation: PUT, status: 503, times: 0 });
    expect((await stage.apply(plan)).results).toMatchObject([
      {
        outcome: 'failed',
        message: expect.stringMatching(/503.*; reading it back shows that nothing came of it$/),
      },
    ]);
  });

  test('and the look fails too: nobody knows', async () => {
    const plan = await planned();
    stage.fault(
      { operation: PUT, action: 'reset', times: 0 },
      { operation: GET, nth: 2, status: 500, times: 0 },
    );
    expect((await stage.apply(plan)).results).toMatchObject([{ outcome: 'unknown' }]);
  });

  test('of the first of two steps, though it was written: it is said to be written in part', async () => {
    stage.seed([ours('chat', { ai_gateway: { inference_table_config: logging } })]);
    const plan = await stage.plan([moved]);
    stage.fault({ operation: PUT, when: 'after', status: 500, times: 4 });
    expect((await stage.apply(plan)).results).toMatchObject([
      { outcome: 'partial', message: expect.stringContaining('something came of it') },
    ]);
    expect(gateway()).toMatchObject({ inference_table_config: { enabled: false } });
    expect((await stage.apply(plan)).results).toMatchObject([{ outcome: 'applied' }]);
  });
});

describe('proof', () => {
  test('is looked for again until it shows', async () => {
    stage.seed([limited('chat', 60)], { settings: { stale_reads: 4 } });
    const plan = await stage.plan([entry('chat', userLimit(30))]);
    expect((await stage.apply(plan)).results).toMatchObject([{ outcome: 'applied' }]);
    expect(stage.slept).toEqual([250, 500, 1_000, 2_000]);
  });

  test('that never shows names the fields, the stamp too', async () => {
    stage.seed([{ name: 'chat' }]);
    const later = { ai_gateway: { later: { on: true } } };
    const plan = await stage.plan([entry('chat', userLimit(30), { preview: later })]);
    stage.fault({ operation: TAGS, status: 200, body: {} });
    expect((await stage.apply(plan)).results).toMatchObject([
      {
        outcome: 'unproved',
        fields: [
          { path: 'ai_gateway.later.on', expected: 'true', found: '(none)' },
          { path: 'tags[gatewright_project]', expected: 'llm-platform', found: '(none)' },
        ],
      },
    ]);
    expect(stage.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(60_000);
  });

  test('that cannot be read is none', async () => {
    stage.seed([limited('chat', 60)]);
    const plan = await stage.plan([entry('chat', userLimit(30))]);
    stage.fault({ operation: GET, nth: 2, status: 403, times: 0 });
    expect((await stage.apply(plan)).results).toMatchObject([
      { outcome: 'unproved', message: expect.stringMatching(/could not be read back: .*403/) },
    ]);
  });
});

describe('an interrupt', () => {
  const planned = async () => {
    stage.seed([ours('chat', { ai_gateway: { inference_table_config: logging } })]);
    return stage.plan([moved]);
  };

  test('before its turn', async () => {
    const plan = await planned();
    const interrupt = AbortSignal.abort();
    expect((await stage.apply(plan, { interrupt })).results).toMatchObject([{ outcome: 'not-started' }]);
    expect(stage.requests).toEqual([]);
  });

  test('while it waits for another update starts nothing', async () => {
    const plan = await planned();
    stage.fault({ operation: PUT, status: 409 });
    const stop = new AbortController();
    stage.onSleep = () => stop.abort();
    expect((await stage.apply(plan, { interrupt: stop.signal })).results).toMatchObject([
      { outcome: 'not-started', message: 'interrupted while another update of it is under way' },
    ]);
    expect(stage.writes).toEqual(['PUT chat/ai-gateway']);
  });

  test('while the second step waits: written in part, and the gap is said', async () => {
    const plan = await planned();
    stage.fault({ operation: PUT, nth: 2, status: 409 });
    const stop = new AbortController();
    stage.onSleep = () => stop.abort();
    const { results } = await stage.apply(plan, { interrupt: stop.signal });
    expect(results).toMatchObject([{ outcome: 'partial', message: expect.stringContaining(NOT_LOGGED) }]);
  });

  test('while another update holds up the second step: written in part, not accepted', async () => {
    const config = (version: string) => ({
      served_entities: [{ name: 'own', entity_name: 'ml.a.b', entity_version: version }],
    });
    const rolling = { config: config('1'), pending_config: config('2'), _simulator: { settles_at: null } };
    stage.seed([limited('chat', 60, rolling)], { settings: { gateway_409_while_updating: true } });
    const plan = await stage.plan([entry('chat', { ...userLimit(600), tags: { team: 'support' } })]);
    const stop = new AbortController();
    stage.onSleep = () => stop.abort();
    expect((await stage.apply(plan, { interrupt: stop.signal })).results).toMatchObject([
      { outcome: 'partial', message: 'interrupted while another update of it is under way' },
    ]);
    expect(stage.writes).toEqual(['PATCH chat/tags', 'PUT chat/ai-gateway']);
  });

  test('while a throttled request waits to be sent again: it was not written', async () => {
    const plan = await planned();
    stage.fault({ operation: PUT, status: 429, retryAfter: 30 });
    const stop = new AbortController();
    stage.onSleep = (ms) => {
      if (ms > 10_000) stop.abort();
    };
    const { results } = await stage.apply(plan, { interrupt: stop.signal, graceMs: 0 });
    expect(results).toMatchObject([
      { outcome: 'failed', message: 'the run was cut before the next request' },
    ]);
    expect(gateway()).toEqual({ inference_table_config: logging });
  });

  test('while a write is in flight for too long: nobody knows', async () => {
    const plan = await planned();
    stage.fault({ operation: PUT, when: 'after', action: 'stall' });
    const stop = new AbortController();
    const running = stage.apply(plan, { interrupt: stop.signal, graceMs: 0 });
    while (stage.writes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    expect((await running).results).toMatchObject([{ outcome: 'unknown' }]);
    stage.simulator.clearFaults();
    expect((await stage.apply(plan)).results).toMatchObject([{ outcome: 'applied' }]);
  });
});
