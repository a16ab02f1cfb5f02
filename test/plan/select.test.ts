// A selection leaves out of the plan, never out of the estate: what is not selected is still named.
import type { Subject } from '../../src/plan/types';
import { attached, entry, live, planOf, userLimit } from './make';

const only = (text: string) => (subject: Subject) => subject.address.endsWith(text) || subject.name === text;

test('what is not selected is no orphan', () => {
  const { plan } = planOf(
    [entry('chat', userLimit(60)), entry('search', userLimit(60))],
    { live: [live('chat'), live('search'), live('forgotten')] },
    { select: only('chat') },
  );
  expect(plan.changes.map(({ name }) => name)).toEqual(['chat']);
  expect(plan.orphans).toEqual([]);
  const { plan: whole } = planOf([entry('chat', {}), entry('search', {})], { live: [live('forgotten')] });
  expect(whole.orphans.map(({ name }) => name)).toEqual(['forgotten']);
});

test('an exact entry that is not selected still goes before the glob that is', () => {
  const { plan } = planOf(
    [attached('databricks-*', userLimit(30)), attached('databricks-gpt', userLimit(5))],
    { live: [live('databricks-gpt', {}, null), live('databricks-llama', {}, null)] },
    { select: only('databricks-*') },
  );
  expect(plan.changes.map(({ name }) => name)).toEqual(['databricks-llama']);
});

test('what is said of a glob that is not selected is left out', () => {
  const resources = [attached('none-*', userLimit(30)), entry('chat', {})];
  const codes = (select?: (subject: Subject) => boolean) =>
    planOf(resources, { live: [live('chat')] }, select === undefined ? {} : { select }).plan.notices.map(
      ({ code }) => code,
    );
  expect(codes()).toEqual(['no-match']);
  expect(codes(only('chat'))).toEqual([]);
});
