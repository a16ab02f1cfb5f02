// What several entries have in common, said once; and how entries are brought to stand.
import type { Authored } from '../../src/config/author';
import { foldGlobs } from '../../src/config/author-fold';
import { loadAuthored } from '../../src/config/author-judge';
import { liftPresets } from '../../src/config/author-presets';
import { type Judge, settle } from '../../src/config/author-settle';
import type { Json, JsonObject } from '../../src/model/json';
import { servingEndpoints as wire } from '../../src/wire/serving-endpoints';

function entry(key: string, value: JsonObject, more: Partial<Authored> = {}): Authored {
  return {
    kind: 'serving_endpoints',
    key,
    manage: 'full',
    value,
    notes: [],
    todos: [],
    isEmpty: false,
    ...more,
  };
}

const user = (calls: number): JsonObject => ({ rate_limits: { user: { calls } } });
const tracked: JsonObject = { usage_tracking_config: { enabled: true } };

describe('presets', () => {
  const lift = (values: readonly JsonObject[], taken: readonly string[] = []) => {
    const entries = values.map((value, index) => entry(`e${index}`, value));
    const { presets, entries: lifted } = liftPresets(entries, new Set(taken));
    return {
      presets: presets.map(({ key, value }) => [key, value]),
      values: lifted.map(({ value }) => value),
    };
  };

  test('take what three entries share, and leave the rest where it is', () => {
    const values = [1, 2, 3].map((calls) => ({
      manage: 'observe',
      ai_gateway: { ...user(calls), ...tracked },
    }));
    expect(lift(values)).toEqual({
      presets: [['standard', { ai_gateway: tracked }]],
      values: [1, 2, 3].map((calls) => ({ preset: 'standard', manage: 'observe', ai_gateway: user(calls) })),
    });
  });

  test('an entry whose whole gateway is shared says only the preset', () => {
    expect(lift([1, 1, 1].map((calls) => ({ ai_gateway: user(calls) }))).values).toEqual(
      [1, 1, 1].map(() => ({ preset: 'standard' })),
    );
  });

  test('two are not enough, and what only two share is not taken along', () => {
    expect(lift([user(1), user(1), user(2)].map((ai_gateway) => ({ ai_gateway }))).presets).toEqual([]);
  });

  test('different common parts are different presets, with names that are free', () => {
    const groups = [user(1), { ...user(2), ...tracked }].flatMap((ai_gateway) =>
      [1, 2, 3].map(() => ({ ai_gateway })),
    );
    expect(lift(groups, ['standard', 'standard-3']).presets).toEqual([
      ['standard-2', { ai_gateway: user(1) }],
      ['standard-4', { ai_gateway: { ...user(2), ...tracked } }],
    ]);
  });

  test('the order of members is no difference, and a list is', () => {
    const a: Json = { input: { safety: true, pii: { behavior: 'BLOCK' } } };
    const b: Json = { input: { pii: { behavior: 'BLOCK' }, safety: true } };
    expect(lift([a, b, a].map((guardrails) => ({ ai_gateway: { guardrails } }))).presets).toHaveLength(1);
  });

  test('a block that a comment stands in stays with its comment', () => {
    const entries = [0, 1, 2].map((index) =>
      entry(
        `e${index}`,
        { ai_gateway: user(1) },
        index === 0 ? { notes: [{ at: ['ai_gateway', 'rate_limits'], text: 'x' }] } : {},
      ),
    );
    expect(liftPresets(entries, new Set()).presets).toEqual([]);
  });
});

describe('globs', () => {
  const system = (key: string, calls = 30) =>
    entry(key, { manage: 'attach', kind: 'pay_per_token', ai_gateway: user(calls) }, { manage: 'attach' });
  const listed = (...names: string[]) =>
    names.map((name) => ({
      kind: 'serving_endpoints',
      name,
      sort: name.startsWith('databricks-app') ? 'custom' : 'pay_per_token',
    }));
  const fold = (entries: Authored[], names: string[]) =>
    foldGlobs(entries, listed(...names)).entries.map(({ key }) => key);

  test('stand for what they reach, exactly', () => {
    const entries = [system('databricks-a'), system('databricks-b')];
    expect(fold(entries, ['databricks-a', 'databricks-b', 'databricks-app', 'other'])).toEqual([
      'databricks-*',
    ]);
  });

  test.each<[string, Authored[], string[]]>([
    [
      'would reach another',
      [system('databricks-a'), system('databricks-b')],
      ['databricks-a', 'databricks-b', 'databricks-c'],
    ],
    [
      'say different things',
      [system('databricks-a'), system('databricks-b', 31)],
      ['databricks-a', 'databricks-b'],
    ],
    ['is alone', [system('databricks-a')], ['databricks-a']],
    [
      'carries a comment',
      [system('databricks-a'), { ...system('databricks-b'), notes: [{ at: [], text: 'x' }] }],
      ['databricks-a', 'databricks-b'],
    ],
    ['is ours', ['a', 'b'].map((key) => entry(key, { kind: 'custom' })), ['a', 'b']],
  ])('not where one %s', (_, entries, names) => {
    expect(fold(entries, names)).toEqual(entries.map(({ key }) => key));
  });

  test('two groups of one beginning are not folded into the same glob', () => {
    const entries = [system('a1'), system('a2'), system('b1', 9), system('b2', 9)];
    expect(fold(entries, ['a1', 'a2', 'b1', 'b2'])).toEqual(['a*', 'b*']);
  });
});

describe('settling', () => {
  const live = wire.fromWire(
    {
      name: 'chat',
      id: 'e1',
      description: 'x',
      config: { served_entities: [{ name: 'own', entity_name: 'ml.models.own', entity_version: '1' }] },
      tags: [{ key: 'a', value: 'b' }],
    },
    true,
  );
  const requests = [{ live, manage: 'full' as const }];
  const objecting = (...rounds: [at: string[], isLeaf: boolean][]): Judge => {
    let round = 0;
    return () => {
      const [at, isLeaf] = rounds[round++] ?? [];
      return at === undefined
        ? []
        : [{ kind: 'serving_endpoints', key: 'chat', at, isLeaf: isLeaf ?? false, message: 'no' }];
    };
  };
  const settled = (...rounds: [string[], boolean][]) => settle(requests, objecting(...rounds));

  test('without objection the entry stands', () => {
    expect(settled().entries[0]?.value).toEqual({
      description: 'x',
      config: { served_entities: [{ name: 'own', entity_name: 'ml.models.own', entity_version: '1' }] },
      tags: { a: 'b' },
    });
  });

  test('a leaf is left out, then what holds it, then nothing can be said', () => {
    expect(settled([['tags', 'a'], true]).entries[0]?.value).not.toHaveProperty('tags');
    const twice = settled([['description'], true], [['description'], true]);
    expect(twice).toEqual({ entries: [], refused: [{ live, reason: 'no' }] });
  });

  test('entities as a list become a map, and then the config is left out', () => {
    expect(settled([['config', 'served_entities'], false]).entries[0]?.value.config).toEqual({
      served_entities: { own: { entity_name: 'ml.models.own', entity_version: '1' } },
    });
    const { entries } = settled(
      [['config', 'served_entities'], false],
      [['config', 'served_entities', 'own'], false],
    );
    expect(entries[0]?.value).not.toHaveProperty('config');
    expect(entries[0]?.todos).toEqual(['config.served_entities is left out']);
  });

  test('an objection to the entry itself refuses it', () => {
    expect(settled([[], false]).refused).toEqual([{ live, reason: 'no' }]);
  });

  test('it ends, whatever is objected', () => {
    const judge: Judge = () => [
      {
        kind: 'serving_endpoints',
        key: 'chat',
        at: ['config', 'served_entities', String(Math.random()), 'x'],
        isLeaf: true,
        message: 'no',
      },
    ];
    expect(settle(requests, judge).refused).toHaveLength(1);
  });
});

describe('what the language objects to, and where', () => {
  test.each<[string, JsonObject, string[], boolean, string]>([
    [
      'a value',
      { ai_gateway: { rate_limits: { user: { calls: -1 } } } },
      ['ai_gateway', 'rate_limits', 'user', 'calls'],
      true,
      'calls must not be negative',
    ],
    ['a key', { tags: { __proto__x: 'y', prototype: 'z' } }, ['tags', 'prototype'], true, 'cannot be a key'],
    [
      'a block',
      {
        config: {
          served_entities: [
            { name: 'a', external_model: { name: 'm', provider: 'cohere', task: 'llm/v1/chat' } },
          ],
        },
      },
      ['config', 'served_entities', '0', 'external_model'],
      false,
      'cohere_config',
    ],
    [
      'a flow list',
      { config: { served_entities: [] } },
      ['config', 'served_entities'],
      false,
      'at least one',
    ],
  ])('%s', (_, value, at, isLeaf, message) => {
    const good = entry('good', { tags: { a: 'b' } });
    const { objections } = loadAuthored([good, entry('chat', value)], { project: 'p', target: 't' });
    expect(objections).toEqual([
      { kind: 'serving_endpoints', key: 'chat', at, isLeaf, message: expect.stringContaining(message) },
    ]);
  });
});

describe('names that YAML or JavaScript would take for something else', () => {
  test.each(['no', '123', 'null', '1e3', '0x1f', 'true', '-', '--', '_', 'NaN', 'y'])(
    '%s is declared as it is',
    (name) => {
      const { loaded, objections } = loadAuthored([entry(name, { tags: { [name]: name } })], {
        project: 'p',
        target: '',
      });
      expect(objections).toEqual([]);
      expect(loaded.desired?.resources[0]).toMatchObject({
        key: name,
        name,
        fields: { tags: { [name]: name } },
      });
    },
  );

  test.each(['__proto__', 'constructor', 'prototype'])('%s is refused as a name', (name) => {
    const { objections } = loadAuthored([entry(name, {})], { project: 'p', target: '' });
    expect(objections).toMatchObject([
      { key: name, at: [], message: expect.stringContaining('cannot be a key') },
    ]);
  });
});
