// A put of a config replaces it whole: what it must carry, in which order, and what it must not.
import { isList, isObject, type JsonObject } from '../../src/model/json';
import { changeOf, planFor, stepsOf } from '../plan/whole';

const entity = (name: string, version: string, more: JsonObject = {}): JsonObject => ({
  name,
  entity_name: `ml.models.${name}`,
  entity_version: version,
  ...more,
});
const routes = (shares: Record<string, number>): JsonObject => ({
  routes: Object.entries(shares).map(([name, share]) => ({
    served_model_name: name,
    served_entity_name: name,
    traffic_percentage: share,
  })),
});

function sent(body: string, live: JsonObject): JsonObject {
  const steps = stepsOf(planFor(body, live));
  const put = steps.find(([operation]) => operation === 'put-config');
  if (put === undefined) throw new Error(`no put of a config among ${steps.map(([name]) => name)}`);
  return put[1];
}

function namesIn(body: JsonObject): unknown[] {
  const list = body.served_entities;
  return isList(list) ? list.map((one) => isObject(one) && one.name) : [];
}

describe('the order of entities, which is the order of fallback', () => {
  const config = {
    served_entities: [entity('c', '1'), entity('a', '1'), entity('b', '1')],
    traffic_config: routes({ c: 100, a: 0, b: 0 }),
  };
  const list = (...names: string[]) =>
    `config: { served_entities: [${names
      .map(
        (name) =>
          `{ name: ${name}, entity_name: ml.models.${name}, entity_version: 2, traffic_percentage: ${name === 'c' ? 100 : 0} }`,
      )
      .join(', ')}] }`;

  test('of a list is the declared one', () => {
    expect(namesIn(sent(list('b', 'c', 'a'), { config }))).toEqual(['b', 'c', 'a']);
  });

  test('of a map that names some is the live one, new ones last', () => {
    const body =
      'config: { served_entities: { b: { entity_version: 2 }, 0new: { entity_name: ml.models.n, entity_version: 1, traffic_percentage: 0 } } }';
    expect(namesIn(sent(body, { config }))).toEqual(['c', 'a', 'b', '0new']);
  });

  test('of a map that names all is the live one too', () => {
    const body =
      'config: { served_entities: { a: { entity_version: 2 }, b: { entity_version: 2 }, c: { entity_version: 2 } } }';
    expect(namesIn(sent(body, { config }))).toEqual(['c', 'a', 'b']);
  });
});

const bump = 'config: { served_entities: { a: { entity_version: 2 } } }';

test('legacy inference tables go back as they can be sent, without their state', () => {
  const capture = { catalog_name: 'ml', schema_name: 'logs', table_name_prefix: 'a', enabled: true };
  const config = {
    served_entities: [entity('a', '1')],
    auto_capture_config: { ...capture, state: { payload_table: { name: 'a_payload' } } },
  };
  expect(sent(bump, { config }).auto_capture_config).toEqual(capture);
});

describe('members that are not known refuse a put', () => {
  const refusalOf = (config: JsonObject, preview = '') =>
    planFor(`${bump}\n${preview}`, { config }).refused.map(({ guard, measured }) => [guard, measured]);
  const plain = { served_entities: [entity('a', '1')], traffic_config: routes({ a: 100 }) };

  test.each<[string, JsonObject]>([
    ['config.shadow_config', { ...plain, shadow_config: {} }],
    [
      'config.served_entities[].autoscaling',
      { ...plain, served_entities: [entity('a', '1', { autoscaling: 3 })] },
    ],
    [
      'config.traffic_config.mirror_to',
      { ...plain, traffic_config: { ...routes({ a: 100 }), mirror_to: 'b' } },
    ],
    [
      'config.traffic_config.routes[].sticky_by',
      {
        ...plain,
        traffic_config: { routes: [{ served_entity_name: 'a', traffic_percentage: 100, sticky_by: 'user' }] },
      },
    ],
    [
      'config.auto_capture_config.format',
      { ...plain, auto_capture_config: { enabled: true, format: 'delta' } },
    ],
  ])('%s', (path, config) => {
    expect(refusalOf(config)).toEqual([['unknown-member', path]]);
  });

  test('in the config of an update that is under way too', () => {
    const live = {
      config: plain,
      pending_config: { ...plain, shadow_config: {} },
      state: { config_update: 'IN_PROGRESS' },
    };
    expect(planFor(bump, live).refused.map(({ measured }) => measured)).toEqual(['config.shadow_config']);
  });

  test('but for those that preview says', () => {
    const config = {
      ...plain,
      shadow_config: { percentage: 5 },
      served_entities: [entity('a', '1', { autoscaling: 3 })],
    };
    expect(refusalOf(config, 'preview: { config: { shadow_config: { percentage: 9 } } }')).toEqual([
      ['unknown-member', 'config.served_entities[].autoscaling'],
    ]);
    const both =
      'preview: { config: { shadow_config: { percentage: 9 }, served_entities: { a: { autoscaling: 4 } } } }';
    expect(sent(`${bump}\n${both}`, { config })).toMatchObject({
      shadow_config: { percentage: 9 },
      served_entities: [{ autoscaling: 4 }],
    });
  });
});

describe('a credential that a put would lose', () => {
  const model = (provider: string, block: string, settings: JsonObject): JsonObject => ({
    config: {
      served_entities: [
        { name: 'a', external_model: { name: 'm', provider, task: 'llm/v1/chat', [block]: settings } },
      ],
    },
  });
  const rename = 'config: { served_entities: { a: { external_model: { name: n } } } }';
  const guards = (live: JsonObject) => planFor(rename, live).refused.map(({ guard }) => guard);

  test('is one that is missing from the answer', () => {
    expect(guards(model('openai', 'openai_config', { openai_api_base: 'https://eu.example.com' }))).toEqual([
      'credential-lost',
    ]);
    expect(
      guards(
        model('amazon-bedrock', 'amazon_bedrock_config', {
          aws_region: 'eu-west-1',
          aws_access_key_id: '{{secrets/s/k}}',
        }),
      ),
    ).toEqual(['credential-lost']);
  });

  test('is none where the answer has it, or a way to log in that is newer than this version', () => {
    expect(guards(model('openai', 'openai_config', { openai_api_key: '{{secrets/s/k}}' }))).toEqual([]);
    expect(
      guards(
        model('amazon-bedrock', 'amazon_bedrock_config', {
          aws_region: 'eu-west-1',
          instance_profile_arn: 'arn:aws:iam::1:instance-profile/x',
        }),
      ),
    ).toEqual([]);
    expect(
      guards(
        model('amazon-bedrock', 'amazon_bedrock_config', {
          aws_region: 'eu-west-1',
          uc_service_credential_name: 'bedrock',
        }),
      ),
    ).toEqual([]);
  });
});

test('an external model goes back without the sizes that the workspace answers', () => {
  const external_model = {
    name: 'm',
    provider: 'openai',
    task: 'llm/v1/chat',
    openai_config: { openai_api_key: '{{secrets/s/k}}' },
  };
  const sizes = { workload_size: 'Small', workload_type: 'CPU', scale_to_zero_enabled: false };
  const config = { served_entities: [{ name: 'a', external_model, ...sizes }] };
  const body = sent('config: { served_entities: { a: { external_model: { name: n } } } }', { config });
  expect(body.served_entities).toEqual([{ name: 'a', external_model: { ...external_model, name: 'n' } }]);
});

describe('the only entity of a list', () => {
  const config = { served_entities: [entity('a', '1')], traffic_config: routes({ a: 100 }) };
  const one = (name: string) =>
    `config: { served_entities: [{ name: ${name}, entity_name: ml.models.${name}, entity_version: 2 }] }`;

  test('takes the traffic over from the one before it', () => {
    expect(sent(one('b'), { config })).toMatchObject({
      served_entities: [{ name: 'b' }],
      traffic_config: { routes: [{ served_entity_name: 'b', traffic_percentage: 100 }] },
    });
  });

  test('changes no split that leads to it', () => {
    const { differences } = changeOf(planFor(one('a'), { config }));
    expect(differences.map(({ path }) => path)).toEqual(['config.served_entities[a].entity_version']);
  });

  test('has no say where the file has one', () => {
    const said = one('b').replace('entity_version: 2', 'entity_version: 2, traffic_percentage: 0');
    expect(() => planFor(said, { config })).toThrow('bad-traffic');
  });
});

test('a removed entity takes its route along, and a split that no longer adds up is refused', () => {
  const config = {
    served_entities: [entity('a', '1'), entity('b', '1')],
    traffic_config: routes({ a: 90, b: 10 }),
  };
  const without = 'config: { served_entities: { b: null } }';
  expect(planFor(without, { config }).refused.map(({ guard }) => guard)).toEqual(['split-sum']);
  const moved = 'config: { served_entities: { b: null, a: { traffic_percentage: 100 } } }';
  expect(sent(moved, { config })).toMatchObject({
    served_entities: [{ name: 'a' }],
    traffic_config: { routes: [{ served_entity_name: 'a', traffic_percentage: 100 }] },
  });
});
