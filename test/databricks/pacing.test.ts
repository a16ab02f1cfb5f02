// Pacing in virtual time: the ideal duration, the order of asking, windows, and slowing down when refused.
import fc from 'fast-check';
import { Gate, PACES, type Slots } from '../../src/databricks/pacing';
import type { PaceClass } from '../../src/wire/operation';
import { VirtualClock } from './clocks';

const WIDE: Slots = { reads: 64, writes: 8 };

/** Starts `count` requests of one class, each taking `latency` ms; answers when each was sent. */
async function send(
  pace: PaceClass,
  count: number,
  options: { latency?: number; slots?: Slots; pacing?: boolean } = {},
) {
  const clock = new VirtualClock();
  const gate = new Gate(clock, options.slots ?? WIDE, options.pacing ?? true);
  const sent: { n: number; at: number }[] = [];
  let under = 0;
  let most = 0;
  const all = Array.from({ length: count }, async (_, n) => {
    const pass = await gate.pass(pace);
    sent.push({ n, at: clock.now() });
    under += 1;
    most = Math.max(most, under);
    await clock.sleep(options.latency ?? 30);
    under -= 1;
    gate.answered(pace);
    pass.release();
  });
  await clock.run();
  await Promise.all(all);
  return { sent, most, end: clock.now() };
}

function mostInWindow(times: readonly number[], ms: number): number {
  let most = 0;
  let from = 0;
  times.forEach((time, to) => {
    while (times[from]! <= time - ms) from += 1;
    most = Math.max(most, to - from + 1);
  });
  return most;
}

test('a thousand reads take no more than 1.1 times what 100 a second would, in the order of asking', async () => {
  const { sent, end } = await send('read', 1000);
  expect(sent.map(({ n }) => n)).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  expect(end).toBeGreaterThan(10_000);
  expect(end).toBeLessThanOrEqual(11_000);
});

test.each([
  ['permissions-read', 80, 8],
  ['permissions-write', 24, 4],
] as const)('%s keeps to %d a second', async (pace, rate, burst) => {
  const { sent, end } = await send(pace, 500);
  expect(
    mostInWindow(
      sent.map(({ at }) => at),
      1000,
    ),
  ).toBeLessThanOrEqual(rate + burst);
  expect(end / 1000).toBeCloseTo((500 - burst) / rate, 0);
});

test('creates and config updates: 45 at once, never more than 45 in any five minutes', async () => {
  const { sent, end } = await send('write', 1000, { latency: 1 });
  const times = sent.map(({ at }) => at);
  expect(times.filter((at) => at < 1000)).toHaveLength(45);
  expect(mostInWindow(times, 300_000)).toBe(45);
  expect(end / 60_000).toBeLessThan(5 * Math.ceil(1000 / 45) + 1);
});

test('slots bound what is under way, also without pacing', async () => {
  expect(
    (await send('read', 300, { latency: 1000, slots: { reads: 7, writes: 1 }, pacing: false })).most,
  ).toBe(7);
  expect(
    (await send('patch', 20, { latency: 1000, slots: { reads: 7, writes: 1 }, pacing: false })).most,
  ).toBe(1);
  expect((await send('read', 300, { latency: 5000 })).most).toBe(64);
});

test('without pacing nothing waits', async () => {
  const { end } = await send('write', 200, { pacing: false, latency: 0, slots: { reads: 500, writes: 500 } });
  expect(end).toBe(0);
});

test('classes do not hold each other up', async () => {
  const clock = new VirtualClock();
  const gate = new Gate(clock, WIDE, true);
  for (let n = 0; n < 500; n++) void gate.pass('permissions-read').then((pass) => pass.release());
  let read = -1;
  void gate.pass('read').then((pass) => {
    read = clock.now();
    pass.release();
  });
  await clock.run(100);
  expect(read).toBe(0);
  await clock.run();
});

test.each([
  ['a bucket of 100 a second', 100, 20],
  ['a bucket of 100 a second with hardly a burst', 100, 5],
])('against %s: at most 2 %% refused, at most 1.1 times the ideal', async (_, rate, burst) => {
  const { refused, end } = await limited(1000, rate, burst);
  expect(refused).toBeLessThanOrEqual(20);
  expect(end).toBeLessThanOrEqual(11_000);
});

test.each([60, 30, 10])(
  'against an unexpected limit of %d a second it settles just under it',
  async (rate) => {
    const { refused, end } = await limited(1000, rate, 10);
    expect(refused).toBeLessThanOrEqual(40);
    expect(end).toBeLessThanOrEqual((1.1 * 1000 * 1000) / rate);
  },
);

/** A server with a token bucket answers 429 beyond it; a refused request is made again. */
async function limited(count: number, rate: number, burst: number) {
  const clock = new VirtualClock();
  const gate = new Gate(clock, WIDE, true);
  let tokens = burst;
  let filled = 0;
  let refused = 0;
  const all = Array.from({ length: count }, async () => {
    for (;;) {
      const pass = await gate.pass('read');
      await clock.sleep(15);
      tokens = Math.min(burst, tokens + ((clock.now() - filled) * rate) / 1000);
      filled = clock.now();
      const taken = tokens >= 1;
      if (taken) tokens -= 1;
      await clock.sleep(15);
      pass.release();
      if (taken) return gate.answered('read');
      refused += 1;
      gate.throttled('read', pass, undefined);
      await clock.sleep(250);
    }
  });
  await clock.run();
  await Promise.all(all);
  return { refused, end: clock.now() };
}

test('Retry-After holds the whole class, not only the request that was refused', async () => {
  const clock = new VirtualClock();
  const gate = new Gate(clock, WIDE, true);
  const first = await gate.pass('read');
  gate.throttled('read', first, 4000);
  first.release();
  let at = -1;
  void gate.pass('read').then((pass) => {
    at = clock.now();
    pass.release();
  });
  await clock.run();
  expect(at).toBeGreaterThanOrEqual(4000);
});

test('who gives up leaves the queue at once, and no sleeper behind', async () => {
  const clock = new VirtualClock();
  const gate = new Gate(clock, { reads: 1, writes: 1 }, true);
  const held = await gate.pass('write');
  const stop = new AbortController();
  const left = gate.pass('write', stop.signal).catch((error: Error) => error.message);
  const stays = gate.pass('patch');
  stop.abort(new Error('interrupted'));
  expect(await left).toBe('interrupted');
  await expect(gate.pass('write', stop.signal)).rejects.toThrow('interrupted');
  held.release();
  held.release();
  (await stays).release();

  const burst = PACES['permissions-write'] as { burst: number };
  for (let n = 0; n < burst.burst; n++) (await gate.pass('permissions-write')).release();
  const late = new AbortController();
  const waiting = gate.pass('permissions-write', late.signal).catch((error: Error) => error.message);
  await clock.run(0);
  expect(clock.sleeping).toBe(1);
  late.abort(new Error('stopped'));
  expect(await waiting).toBe('stopped');
  expect(clock.sleeping).toBe(0);
  (await gate.pass('patch')).release();
});

test('property: with any mix of giving up, everybody else gets through in order and no slot is lost', async () => {
  const request = fc.record({
    pace: fc.constantFrom<PaceClass>('read', 'permissions-read', 'permissions-write', 'write', 'patch'),
    latency: fc.integer({ min: 0, max: 400 }),
    leaves: fc.option(fc.integer({ min: 0, max: 2000 })),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      async (requests, size) => {
        const clock = new VirtualClock();
        const gate = new Gate(clock, { reads: size, writes: size }, true);
        const through: Record<string, number[]> = {};
        const under = { reads: 0, writes: 0 };
        const all = requests.map(async ({ pace, latency, leaves }, n) => {
          const stop = new AbortController();
          if (leaves !== null) void clock.sleep(leaves).then(() => stop.abort());
          const kind = pace === 'read' || pace === 'permissions-read' ? 'reads' : 'writes';
          try {
            const pass = await gate.pass(pace, stop.signal);
            through[pace] = [...(through[pace] ?? []), n];
            under[kind] += 1;
            expect(under[kind]).toBeLessThanOrEqual(size);
            await clock.sleep(latency);
            under[kind] -= 1;
            pass.release();
          } catch (error) {
            if (!stop.signal.aborted) throw error;
          }
        });
        await clock.run();
        await Promise.all(all);
        for (const order of Object.values(through)) expect(order).toEqual([...order].sort((a, b) => a - b));
        const free = await Promise.all([
          ...Array.from({ length: size }, () => gate.pass('read')),
          ...Array.from({ length: size }, () => gate.pass('patch')),
          clock.run(),
        ]);
        expect(free).toHaveLength(2 * size + 1);
      },
    ),
    { numRuns: 60 },
  );
});
