// A plan that comes from a file: whole, of this format, unaltered in anything that apply acts on or that an
// approval was given for.
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/model/json';
import { checkPlan } from '../../src/plan/file';
import type { Plan } from '../../src/plan/types';
import { planText } from '../../src/render/plan-text';
import { entry, live, planOf, userLimit, withUserLimit } from './make';

const logging = { enabled: true, catalog_name: 'ml', schema_name: 'logs', table_name_prefix: 'chat' };

function saved(): Plan {
  const { plan } = planOf(
    [
      entry('chat', {
        ai_gateway: {
          rate_limits: { user: { calls: 60 } },
          inference_table_config: { ...logging, schema_name: 'audit' },
        },
        tags: { team: 'support' },
      }),
      entry('new', {
        config: { served_entities: [{ name: 'own', entity_name: 'ml.m.own', entity_version: '1' }] },
      }),
      entry('theirs', userLimit(5)),
      entry('seen', userLimit(5), { manage: 'observe' }),
      entry('same', {}),
    ],
    {
      live: [
        live(
          'chat',
          {
            ai_gateway: { ...(withUserLimit(5).ai_gateway as JsonObject), inference_table_config: logging },
          } as JsonObject,
          null,
        ),
        live('theirs', {}, 'search-team'),
        live('seen'),
        live('same'),
        live('forgotten'),
      ],
    },
    { allow: ['brake'] },
  );
  return JSON.parse(JSON.stringify(plan));
}

const codeOf = (value: unknown) => checkPlan(value)?.code;

test('what plan wrote is taken', () => {
  const plan = saved();
  expect(plan.changes.map(({ action }) => action)).toEqual(['adopt', 'create']);
  expect(checkPlan(plan)).toBeUndefined();
});

test.each<[unknown, string]>([
  [undefined, 'not-a-plan'],
  [null, 'not-a-plan'],
  [[], 'not-a-plan'],
  ['gatewright/plan/1', 'not-a-plan'],
  [{}, 'not-a-plan'],
  [{ format: 'gatewright/desired/1' }, 'not-a-plan'],
  [{ format: 'gatewright/plan/2' }, 'foreign-plan'],
  [{ format: 'gatewright/plan/1' }, 'not-a-plan'],
])('%j is none', (value, code) => {
  expect(codeOf(value)).toBe(code);
});

test('an operation or a kind that this version does not know is no plan of it', () => {
  const rename = (plan: Plan, from: string, to: string) =>
    JSON.parse(JSON.stringify(plan).replaceAll(from, to));
  expect(codeOf(rename(saved(), 'serving-endpoints.put-ai-gateway', 'serving-endpoints.put-later'))).toBe(
    'not-a-plan',
  );
  expect(codeOf(rename(saved(), '"serving_endpoints"', '"later_things"'))).toBe('not-a-plan');
});

// biome-ignore lint/suspicious/noExplicitAny: plans are spoilt freely here
type Any = any;
type Edit = (plan: { changes: Record<string, Any>[]; [member: string]: Any }) => void;

describe('altered', () => {
  const altered = (edit: Edit) => {
    const plan = JSON.parse(JSON.stringify(saved()));
    edit(plan);
    return codeOf(plan);
  };

  test.each<[string, Edit]>([
    ['the host', (plan) => (plan.host = 'https://elsewhere.example.com')],
    ['the project', (plan) => (plan.project = 'search-team')],
    ['the name', (plan) => (plan.changes[0]!.name = 'other')],
    ['the id', (plan) => (plan.changes[0]!.id = 'other')],
    ['the action', (plan) => (plan.changes[0]!.action = 'update')],
    ['what was live', (plan) => (plan.changes[0]!.differences[0].live = 7)],
    ['what is shown as asked', (plan) => (plan.changes[0]!.differences[0].desired = 7)],
    ['a difference left out', (plan) => plan.changes[0]!.differences.pop()],
    ['what is sent', (plan) => (plan.changes[0]!.steps[0].ours[0].value = 7)],
    ['a step left out', (plan) => plan.changes[0]!.steps.pop()],
    ['steps in another order', (plan) => plan.changes[0]!.steps.reverse()],
    ['the operation', (plan) => (plan.changes[0]!.steps[0].operation = 'serving-endpoints.delete')],
    ['the desired state', (plan) => (plan.changes[0]!.desired = {})],
    ['the stamp', (plan) => (plan.changes[0]!.stamp.live = 'search-team')],
    ['the fingerprint', (plan) => (plan.changes[0]!.fingerprint = plan.changes[1]!.fingerprint)],
    [
      'what must go before',
      (plan) => (plan.changes[0]!.after = [{ kind: 'serving_endpoints', name: 'new' }]),
    ],
    ['what is waited for', (plan) => delete plan.changes[1]!.steps[0].settles],
    ['a change left out', (plan) => plan.changes.pop()],
  ])('%s', (_, edit) => expect(altered(edit)).toBe('altered-plan'));

  test.each<[string, Edit]>([
    [
      'a moved line',
      (plan) =>
        (plan.changes[0]!.differences[0].provenance = { file: 'b.yaml', line: 9, column: 1, layer: 'file' }),
    ],
    ['a note', (plan) => (plan.changes[0]!.steps[0].note = 'x')],
    ['the time', (plan) => (plan.created_at = '2030-01-01T00:00:00.000Z')],
    ['what is left alone', (plan) => (plan.preserved = [])],
    ['changes in another order', (plan) => plan.changes.reverse()],
    ['differences in another order', (plan) => plan.changes[0]!.differences.reverse()],
  ])('an approval survives %s', (_, edit) => expect(altered(edit)).toBeUndefined());
});

test('damage anywhere is refused in words, never thrown', () => {
  const whole = saved();
  const places = pathsOf(whole as unknown as Json);
  const junk = fc.constantFrom<Json>(null, 0, '', 'x', true, [], [null], {}, { a: null });
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.option(junk, { nil: undefined }), (path, value) => {
      const damaged = replaced(whole as unknown as Json, path, value);
      const problem = checkPlan(damaged);
      if (problem !== undefined) expect(problem.help).toContain('gatewright plan --out');
      // What is only altered is still shown.
      if (problem === undefined || problem.code === 'altered-plan')
        expect(planText(damaged as unknown as Plan, { verbose: true })).toContain('Plan (');
    }),
    { numRuns: 2_000 },
  );
});

function pathsOf(value: Json, path: readonly string[] = []): string[][] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [
    ...(path.length === 0 ? [] : [[...path]]),
    ...inner.flatMap(([key, one]) => pathsOf(one, [...path, key])),
  ];
}

/** With another value at the path, or with nothing there. */
function replaced(root: Json, path: readonly string[], value: Json | undefined): Json {
  const copy = JSON.parse(JSON.stringify(root));
  const holder = path.slice(0, -1).reduce((node, key) => node[key], copy);
  const last = path.at(-1) ?? '';
  if (value !== undefined) holder[last] = value;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return copy;
}
