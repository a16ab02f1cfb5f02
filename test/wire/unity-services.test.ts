// Services of Unity Catalog on the wire: what an answer means, which lists are asked for, which masks and bodies make
// a set of assignments true.
import type { Json, JsonObject } from '../../src/model/json';
import { kindOf } from '../../src/model/kinds';
import type { Direction } from '../../src/model/resource';
import { mcpServices } from '../../src/wire/mcp-services';
import { modelProviderServices } from '../../src/wire/model-provider-services';
import { modelServices } from '../../src/wire/model-services';
import type { KindWire } from '../../src/wire/step';

const PATHS: Record<string, string> = {
  model_services: 'model-services',
  model_provider_services: 'model-provider-services',
  mcp_services: 'mcp-services',
};

function live(wire: KindWire, raw: JsonObject) {
  return wire.fromWire({ name: `${PATHS[wire.kind]}/main.ai.chat`, etag: 'ZQ==', ...raw }, true);
}

type Wish = [path: string, value: Json, direction?: Direction];

/** `[operation, phase, query, body]` of each request. */
function requests(wire: KindWire, raw: JsonObject, wishes: Wish[], declared: JsonObject = {}) {
  const now = live(wire, raw);
  const assignments = wishes.map(([path, value, direction = 'neutral']) => ({
    path: path.split(' '),
    value,
    direction,
  }));
  const { fields } = kindOf(wire.kind);
  return wire.update({ name: now.name, live: now, declared, assignments, fields }).map((draft) => {
    const step = { operation: draft.operation.id, ours: draft.ours };
    return [draft.operation.id, draft.phase, wire.query?.(step, now.name), wire.body(step, now.name, now)];
  });
}

const minute = { renewal_period: 'RATE_LIMIT_RENEWAL_PERIOD_MINUTE' };
const everybody = { key: 'RATE_LIMIT_KEY_SERVICE', ...minute, requests: 9 };

describe('an answer', () => {
  test('is read without what is only answered, with counts as numbers, and says what is not known', () => {
    const read = live(modelServices, {
      comment: '',
      create_time: '2026-01-01T00:00:00Z',
      config: {
        routing: {
          destinations: [
            {
              name: 'a',
              destination_type: 'x',
              provisioned_throughput_config: { model_serving_endpoint: 'e', model: 'm' },
            },
          ],
        },
        rate_limits: [{ ...everybody, requests: '9', burst: 1 }],
        inference_table: { parent: 'schemas/main.logs', table: 'tables/main.logs.chat_payload' },
        service_policies: [{ name: 'p' }],
      },
    });
    expect(read).toMatchObject({
      name: 'main.ai.chat',
      id: '2026-01-01T00:00:00Z',
      etag: 'ZQ==',
      unknownFields: ['grants'],
      unknownMembers: ['config.rate_limits[].burst', 'config.service_policies'],
      systemOwned: false,
      settling: 'settled',
    });
    expect(read.stamp).toBeUndefined();
    expect(read.fields).toEqual({
      config: {
        routing: {
          destinations: [
            {
              name: 'a',
              destination_type: 'x',
              traffic_percentage: 100,
              provisioned_throughput_config: { model_serving_endpoint: 'e' },
            },
          ],
        },
        rate_limits: [{ ...everybody, burst: 1 }],
        inference_table: { parent: 'schemas/main.logs' },
        service_policies: [{ name: 'p' }],
      },
    });
  });

  test('of a list may leave the services out, or say null; another shape is an error', () => {
    expect(mcpServices.items({})).toEqual([]);
    expect(mcpServices.items({ mcp_services: null })).toEqual([]);
    expect(() => mcpServices.items([])).toThrow('without "mcp_services"');
    expect(() => mcpServices.nameOf({ name: 'chat' })).toThrow('without the name of its MCP service');
  });

  test('in system.ai is the platform’s', () => {
    const read = modelServices.fromWire({ name: 'model-services/system.ai.gpt' }, false);
    expect([read.systemOwned, read.sort]).toEqual([true, 'system']);
  });
});

test('lists are asked for by schema, each once, patterns and names alike, in full', () => {
  const lists = modelServices.lists(['main.ai.chat', 'system.ai.*', 'main.ai.search']);
  expect(lists.map(({ of, query }) => [of, query])).toEqual([
    ['main.ai', { parent: 'schemas/main.ai', page_size: '100', view: 'FULL' }],
    ['system.ai', { parent: 'schemas/system.ai', page_size: '100', view: 'FULL' }],
  ]);
  expect(modelServices.lists([])).toEqual([]);
});

describe('an update', () => {
  test('names the masks of what is ours and no other', () => {
    const raw = { comment: 'a', config: { rate_limits: [everybody], some_future: 1 } };
    expect(requests(modelServices, raw, [['config rate_limits [service] requests', 0, 'tightens']])).toEqual([
      [
        'model-services.patch',
        'config',
        { update_mask: 'config.rate_limits' },
        { config: { rate_limits: [{ ...everybody, requests: 0 }] } },
      ],
    ]);
  });

  test('clears a list with an empty one, a block and a text by leaving them out', () => {
    const raw = {
      comment: 'a',
      config: { rate_limits: [everybody], inference_table: { parent: 'schemas/m.l' } },
    };
    expect(
      requests(modelServices, raw, [
        ['comment', null],
        ['config rate_limits [service] requests', null, 'loosens'],
        ['config inference_table parent', null, 'loosens'],
      ]),
    ).toEqual([
      [
        'model-services.patch',
        'config',
        { update_mask: 'comment,config.rate_limits,config.inference_table' },
        { config: { rate_limits: [] } },
      ],
    ]);
  });

  test('puts grants around itself: what is taken first, what is given last', () => {
    const grants = [{ principal: 'ops', privileges: ['EXECUTE', 'MANAGE'] }];
    const now = live(modelServices, { config: {} });
    const held = { ...now, fields: { ...now.fields, grants } };
    const steps = modelServices.update({
      name: now.name,
      live: held,
      declared: {},
      assignments: [
        { path: ['grants', '[dev]'], value: ['EXECUTE'], direction: 'loosens' },
        { path: ['comment'], value: 'a', direction: 'neutral' },
        { path: ['grants', '[ops]'], value: ['EXECUTE'], direction: 'tightens' },
      ],
      fields: kindOf('model_services').fields,
    });
    expect(
      steps.map(({ operation, phase, ours }) => [
        phase,
        modelServices.body({ operation: operation.id, ours }, now.name, held),
      ]),
    ).toEqual([
      ['tighten', { changes: [{ principal: 'ops', remove: ['MANAGE'] }] }],
      ['open', { changes: [{ principal: 'dev', add: ['EXECUTE'] }] }],
      ['config', { comment: 'a' }],
    ]);
  });

  test('of a provider says config.provider for whatever block it has, and leaves a stored secret out', () => {
    const config = {
      provider_type: 'EXTERNAL_MODEL_PROVIDER_TYPE_AZURE_OPENAI',
      azure_openai: {
        direct: {
          base_url: 'https://a.example.com',
          entra_service_principal: { tenant_id: 't', client_id: 'c', client_secret: {} },
        },
      },
    };
    expect(
      requests(modelProviderServices, { config }, [
        ['config azure_openai direct base_url', 'https://b.example.com'],
      ]),
    ).toEqual([
      [
        'model-provider-services.patch',
        'config',
        { update_mask: 'config.provider' },
        { config: { azure_openai: { direct: { base_url: 'https://b.example.com' } } } },
      ],
    ]);
  });

  test('of a secret alone sends it: that is how one is replaced', () => {
    const config = { provider_type: 'x', openai: { direct: { api_key: {}, organization: 'o' } } };
    expect(
      requests(modelProviderServices, { config }, [['config openai direct api_key plaintext', '${env.KEY}']]),
    ).toMatchObject([
      [
        'model-provider-services.patch',
        'config',
        { update_mask: 'config.provider' },
        { config: { openai: { direct: { api_key: { plaintext: '${env.KEY}' }, organization: 'o' } } } },
      ],
    ]);
  });

  test('of a discount says the one path that there is for it', () => {
    const path = 'config pricing default_discount_basis_points';
    const config = { pricing: { default_discount_basis_points: 5 } };
    const sent = (value: Json) => requests(modelProviderServices, { config }, [[path, value]])[0]?.slice(2);
    const query = { update_mask: 'config.pricing.default_discount_basis_points' };
    expect(sent(7)).toEqual([query, { config: { pricing: { default_discount_basis_points: 7 } } }]);
    expect(sent(null)).toEqual([query, { config: {} }]);
  });
});

test('what a model service needs, in either form of its lists', () => {
  const external = {
    external_model_config: { model_provider_service: 'model-provider-services/main.ai.openai' },
  };
  const provisioned = { provisioned_throughput_config: { model_serving_endpoint: 'serving-endpoints/pt' } };
  const config = {
    routing: {
      destinations: { a: external, b: { pay_per_token_config: { model: 'models/system.ai.x' } } },
      fallback: { destinations: [{ name: 'c', ...provisioned }] },
    },
  };
  expect(modelServices.needs({ config })).toEqual([
    { kind: 'model_provider_services', name: 'main.ai.openai' },
    { kind: 'serving_endpoints', name: 'pt' },
  ]);
  expect(modelServices.needs({})).toEqual([]);
});

test('what is carried over to a new one is what could be sent: no outputs, no policies, no half of a credential', () => {
  const read = live(modelProviderServices, {
    comment: 'a',
    config: {
      openai: { direct: { api_key: {}, base_url: 'https://a.example.com' } },
      inference_table: { parent: 'schemas/main.logs', table: 'tables/x' },
      service_policies: [{ name: 'p' }],
    },
  });
  expect(modelProviderServices.carried(read)).toEqual({
    comment: 'a',
    config: {
      openai: { direct: { base_url: 'https://a.example.com' } },
      inference_table: { parent: 'schemas/main.logs' },
    },
  });
});
