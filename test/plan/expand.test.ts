// From entries to objects: exact names over globs, and globs that cannot both be right.
import type { JsonObject } from '../../src/model/json';
import type { DesiredResource } from '../../src/model/resource';
import { expand } from '../../src/plan/expand';
import { attached, entry, PROJECT, userLimit } from './make';

function expanded(resources: readonly DesiredResource[], ...names: string[]) {
  return expand(
    { project: PROJECT, target: '', protect: false, resources, removed: [] },
    names.map((name) => ({ kind: 'serving_endpoints', name, sort: 'external' })),
  );
}

const gateway = (rate_limits: JsonObject | readonly JsonObject[] | null): JsonObject => ({
  ai_gateway: { rate_limits },
});
const list = (...limits: JsonObject[]) => gateway(limits);

/** What "a*" and "*b" disagree about, both matching "ab". */
function conflict(one: JsonObject, two: JsonObject, more: Partial<DesiredResource> = {}): string[] {
  const { diagnostics } = expanded([attached('a*', one), attached('*b', two, more)], 'ab', 'a', 'b');
  for (const { code, severity } of diagnostics) expect([code, severity]).toEqual(['globs-disagree', 'error']);
  return diagnostics.map(({ message }) =>
    message.replace('"*b" and "a*" both match ab and ask for different ', ''),
  );
}

describe('globs', () => {
  test('agree when they say the same, or speak of different things', () => {
    expect(conflict(userLimit(5), userLimit(5))).toEqual([]);
    expect(conflict(userLimit(5), { tags: { team: 'a' } })).toEqual([]);
    expect(conflict(userLimit(5), gateway({ endpoint: { calls: 9 } }))).toEqual([]);
    expect(conflict(userLimit(5), gateway({ user: { tokens: 9 } }))).toEqual([]);
    expect(conflict(list({ key: 'user', calls: 5 }), userLimit(5))).toEqual([]);
  });

  test('disagree about a value, zero and null included', () => {
    expect(conflict(userLimit(5), userLimit(0))).toEqual(['ai_gateway.rate_limits[user].calls']);
    expect(conflict(userLimit(5), userLimit(null))).toEqual(['ai_gateway.rate_limits[user].calls']);
  });

  test('disagree when one removes what the other sets', () => {
    expect(conflict(userLimit(5), gateway(null))).toEqual(['ai_gateway.rate_limits']);
    expect(conflict({ ai_gateway: null }, userLimit(5))).toEqual(['ai_gateway']);
    expect(conflict(userLimit(5), gateway({ user: null }))).toEqual(['ai_gateway.rate_limits[user]']);
  });

  test('disagree when one has the whole list and the other wants more', () => {
    const [user, endpoint] = [
      { key: 'user', calls: 5 },
      { key: 'endpoint', calls: 5 },
    ];
    expect(conflict(list(user), list(endpoint))).toEqual([
      'ai_gateway.rate_limits[user]',
      'ai_gateway.rate_limits[endpoint]',
    ]);
    expect(conflict(list(user), gateway({ endpoint: { calls: 5 } }))).toEqual([
      'ai_gateway.rate_limits[endpoint]',
    ]);
    expect(conflict(list(user), gateway({ user: { tokens: 5 } }))).toEqual([
      'ai_gateway.rate_limits[user].tokens',
    ]);
    expect(conflict(list(user), gateway({ endpoint: null }))).toEqual([]);
  });

  test('disagree about how to manage, and about what is sent beyond the schema', () => {
    expect(conflict({}, {}, { manage: 'observe' })).toEqual(['manage']);
    const later = (on: boolean) => ({ ai_gateway: { later: { on } } });
    expect(conflict(later(true), {}, { preview: later(false) })).toEqual(['ai_gateway.later.on']);
  });

  test('are told with both places, each path once, however many disagree', () => {
    const at = (line: number) => ({
      'ai_gateway.rate_limits': { file: 'a.yaml', line, column: 3, layer: 'file' },
    });
    const { diagnostics } = expanded(
      [
        attached('a*', userLimit(1), { origins: at(1) }),
        attached('*b', userLimit(2), { origins: at(2) }),
        attached('?b', userLimit(3), { origins: at(3) }),
      ],
      'ab',
    );
    expect(diagnostics).toMatchObject([
      {
        at: { line: 2 },
        because: { at: { line: 1 } },
        help: expect.stringContaining('ab by its exact name'),
      },
    ]);
  });

  test('that match nothing are said; what the filter leaves out too', () => {
    const { notices } = expanded([attached('a*', {}, { only: 'custom' }), attached('c*', {})], 'ab');
    expect(notices.map(({ code, address }) => [code, address])).toEqual([
      ['no-match', 'serving_endpoints.a*'],
      ['passed-over', 'serving_endpoints.a*'],
      ['no-match', 'serving_endpoints.c*'],
    ]);
  });
});

test('an exact name goes before globs, value by value, and settles what they disagree about', () => {
  const { governed, diagnostics } = expanded(
    [
      attached('a*', gateway({ user: { calls: 1, tokens: 10 } })),
      attached('*b', userLimit(2)),
      entry('ab', userLimit(3)),
    ],
    'ab',
  );
  expect(diagnostics).toEqual([]);
  expect(governed).toMatchObject([
    {
      resource: { key: 'ab', manage: 'full', fields: gateway({ user: { calls: 3, tokens: 10 } }) },
      via: ['serving_endpoints.a*', 'serving_endpoints.*b'],
    },
  ]);
});

test('an exact name that says nothing about what globs disagree about does not settle it', () => {
  const conflicts = (exact: JsonObject) =>
    expanded(
      [
        attached('a*', gateway({ user: { calls: 1, tokens: 10 } })),
        attached('*b', gateway({ user: { calls: 2, tokens: 20 } }), { manage: 'observe' }),
        attached('ab', exact),
      ],
      'ab',
    ).diagnostics.map(({ message }) => message.split(' ').at(-1));
  const [calls, tokens] = ['ai_gateway.rate_limits[user].calls', 'ai_gateway.rate_limits[user].tokens'];
  expect(conflicts({})).toEqual([calls, tokens]);
  expect(conflicts(userLimit(3))).toEqual([tokens]);
  expect(conflicts(gateway({ user: { calls: 3, tokens: null } }))).toEqual([]);
  expect(conflicts(gateway({ user: null }))).toEqual([]);
  expect(conflicts(gateway(null))).toEqual([]);
  expect(conflicts({ ai_gateway: null })).toEqual([]);
  expect(conflicts(list({ key: 'user', calls: 3 }))).toEqual([tokens]);
});

test('an exact name removes what a glob sets, and makes a whole list of what it lists', () => {
  const fieldsOf = (...resources: DesiredResource[]) =>
    expanded(resources, 'ab').governed[0]?.resource.fields;
  expect(fieldsOf(attached('a*', userLimit(1)), entry('ab', gateway(null)))).toEqual(gateway(null));
  expect(fieldsOf(attached('a*', userLimit(1)), entry('ab', gateway({ user: null })))).toEqual(
    gateway({ user: null }),
  );
  expect(fieldsOf(attached('a*', userLimit(1)), entry('ab', list({ key: 'endpoint', calls: 2 })))).toEqual(
    list(
      { key: 'user', renewal_period: 'minute', calls: 1 },
      { key: 'endpoint', renewal_period: 'minute', calls: 2 },
    ),
  );
});

test('an exact name stands for itself, listed or not', () => {
  expect(expanded([entry('chat', {})]).governed.map(({ resource }) => resource.name)).toEqual(['chat']);
});
