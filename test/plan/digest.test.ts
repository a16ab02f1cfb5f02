// Digests: equal meaning gives equal text, another meaning another.
import type { JsonObject } from '../../src/model/json';
import { attached, entry, live, planOf, userLimit, withUserLimit } from './make';

const digestOf = (...args: Parameters<typeof planOf>) => planOf(...args).plan.digest;
const base = () => digestOf([entry('chat', userLimit(60))], { live: [live('chat', withUserLimit(5))] });

test('is canonical: sha256 and 64 hex digits', () => {
  expect(base()).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(base()).toBe(base());
});

describe('stands when only the telling changes', () => {
  const chat = live('chat', withUserLimit(5));
  test.each<[string, () => string]>([
    [
      'another place in the files',
      () => {
        const origins = { '': { file: 'b.yaml', line: 7, column: 1, layer: 'preset standard' } };
        return digestOf([entry('chat', userLimit(60), { origins })], { live: [chat] });
      },
    ],
    ['another time', () => digestOf([entry('chat', userLimit(60))], { live: [chat] }, { now: 1_000 })],
    ['another version', () => digestOf([entry('chat', userLimit(60))], { live: [chat] }, { tool: '9.9.9' })],
    ['labels', () => digestOf([entry('chat', userLimit(60), { labels: { tier: '1' } })], { live: [chat] })],
    [
      'something live that nobody manages',
      () => {
        const gateway = {
          ...(withUserLimit(5).ai_gateway as JsonObject),
          usage_tracking_config: { enabled: true },
        };
        return digestOf([entry('chat', userLimit(60))], { live: [live('chat', { ai_gateway: gateway })] });
      },
    ],
    [
      'another endpoint that does not change',
      () => digestOf([entry('chat', userLimit(60)), entry('same', {})], { live: [chat, live('same')] }),
    ],
    [
      'an allowance that was not needed',
      () => digestOf([entry('chat', userLimit(60))], { live: [chat] }, { allow: ['brake'] }),
    ],
  ])('%s', (_, make) => expect(make()).toBe(base()));
});

describe('falls when what is done changes', () => {
  const chat = live('chat', withUserLimit(5));
  test.each<[string, () => string]>([
    ['another value', () => digestOf([entry('chat', userLimit(61))], { live: [chat] })],
    [
      'another start',
      () => digestOf([entry('chat', userLimit(60))], { live: [live('chat', withUserLimit(6))] }),
    ],
    [
      'another id',
      () =>
        digestOf([entry('chat', userLimit(60))], { live: [live('chat', { ...withUserLimit(5), id: 'b' })] }),
    ],
    ['another host', () => digestOf([entry('chat', userLimit(60))], { live: [chat] }, { host: 'simulator' })],
    [
      'another owner',
      () => digestOf([entry('chat', userLimit(60))], { live: [live('chat', withUserLimit(5), null)] }),
    ],
    [
      'another field that is managed, though it is as asked',
      () => digestOf([entry('chat', { ...userLimit(60), tags: {} })], { live: [chat] }),
    ],
    ['another way to manage', () => digestOf([attached('chat', userLimit(60))], { live: [chat] })],
    ['nothing to do', () => digestOf([entry('chat', userLimit(5))], { live: [chat] })],
  ])('%s', (_, make) => expect(make()).not.toBe(base()));
});
