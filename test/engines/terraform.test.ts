// Terraform JSON from declarations: what it says, what it leaves to warnings, and that nothing is lost between the two.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { diskSource, loadProject } from '../../src/config';
import { bundleForm, terraformForm, terraformJson } from '../../src/engines';
import { leavesOf, valueAt } from '../../src/model/assign';
import type { JsonObject } from '../../src/model/json';
import { kindOf } from '../../src/model/kinds';
import { isItem, pathText } from '../../src/model/path';
import { addressOf, type Desired } from '../../src/model/resource';
import { endpoint, load, ref, said, textAt } from '../config/project';
import { wholeEstates } from '../generators/config';
import { faults, templatesIn } from './provider-schema';

const RUNS = Number(process.env.GATEWRIGHT_CASES ?? 200);

function form(text: string) {
  const loaded = load(text);
  if (loaded.desired === undefined) throw new Error(said(loaded).join('\n'));
  const made = terraformForm(loaded.desired);
  const document = terraformJson(made) as unknown as {
    resource: Record<string, Record<string, Record<string, unknown>>>;
    [member: string]: unknown;
  };
  const warned = made.diagnostics.map(
    ({ code, at, message }) => `${code} <${textAt(loaded.texts, at)}> ${message}`,
  );
  return { document, warned, faults: faults(document) };
}

const EXTERNAL = `
  config:
    served_entities:
      - name: gpt
        external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/llm/openai}}" } }
`;

test('an endpoint that is declared whole is a resource with its grants', () => {
  const made = form(
    endpoint(`
      protect: true
      ai_gateway: { rate_limits: [{ calls: 60, key: user }], guardrails: null }
      permissions: [{ group_name: support, permission_level: CAN_QUERY }]
      tags: [{ key: team, value: support }]
      description: answers
      config:
        served_entities:
          - name: gpt
            external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/llm/openai}}" } }
    `),
  );
  expect(made.warned).toEqual([]);
  expect(made.faults).toEqual([]);
  expect(made.document).toEqual({
    terraform: {
      required_version: '>= 1.5.0',
      required_providers: { databricks: { source: 'databricks/databricks', version: '>= 1.99.0, < 2.0.0' } },
      backend: { local: { path: 'terraform.tfstate' } },
    },
    provider: { databricks: {} },
    resource: {
      databricks_model_serving: {
        chat: {
          name: 'chat',
          ai_gateway: { rate_limits: [{ key: 'user', renewal_period: 'minute', calls: 60 }] },
          tags: [{ key: 'team', value: 'support' }],
          description: 'answers',
          config: {
            served_entities: [
              {
                name: 'gpt',
                external_model: {
                  name: 'gpt-5',
                  provider: 'openai',
                  task: 'llm/v1/chat',
                  openai_config: { openai_api_key: '{{secrets/llm/openai}}' },
                },
              },
            ],
            traffic_config: { routes: [{ served_entity_name: 'gpt', traffic_percentage: 100 }] },
          },
          lifecycle: {
            prevent_destroy: true,
            // The guardrails are not among them: they are to go.
            ignore_changes: [
              'ai_gateway[0].fallback_config',
              'ai_gateway[0].inference_table_config',
              'ai_gateway[0].usage_tracking_config',
              'config[0].auto_capture_config',
              'budget_policy_id',
              'route_optimized',
              'email_notifications',
            ],
          },
        },
      },
      databricks_permissions: {
        chat: {
          serving_endpoint_id: '${databricks_model_serving.chat.serving_endpoint_id}',
          access_control: [{ group_name: 'support', permission_level: 'CAN_QUERY' }],
        },
      },
    },
  });
});

test('what is sold in model units has a resource of its own', () => {
  const made = form(
    endpoint(`
      permissions: [{ group_name: support, permission_level: CAN_QUERY }]
      config:
        served_entities: [{ name: fm, entity_name: system.ai.fm, entity_version: "1", provisioned_model_units: 50 }]
    `),
  );
  expect(made.faults).toEqual([]);
  expect(Object.keys(made.document.resource)).toEqual([
    'databricks_model_serving_provisioned_throughput',
    'databricks_permissions',
  ]);
});

test('a map becomes a list and says so at its place', () => {
  const made = form(endpoint(`ai_gateway: { rate_limits: { user: { calls: 60 }, endpoint: null } }`));
  expect(made.warned).toEqual([
    'whole-in-terraform <{ user: { calls: 60 }, endpoint: null }> serving_endpoints.chat.ai_gateway.rate_limits becomes the whole list in Terraform: what it does not name goes',
  ]);
  expect(made.document.resource.databricks_model_serving!.chat!.ai_gateway).toEqual({
    rate_limits: [{ key: 'user', renewal_period: 'minute', calls: 60 }],
  });
});

test.each([
  ['ai_gateway: null', 'cannot-unset-in-terraform <null>'],
  ['permissions: null', 'cannot-unset-in-terraform <null>'],
  ['permissions: []', 'not-in-terraform <[]>'],
  ['ai_gateway: { guardrails: { input: null } }', 'cannot-unset-in-terraform <null>'],
  ['ai_gateway: { rate_limits: { user: null } }', 'cannot-unset-in-terraform <null>'],
  ['ai_gateway: { rate_limits: [{ key: user, calls: 0 }] }', 'unlike-terraform <0>'],
  ['email_notifications: { on_update_failure: [ana@example.com] }', 'unlike-terraform <'],
])('%s: %s', (body, expected) => {
  const made = form(endpoint(body));
  expect(made.faults).toEqual([]);
  expect(made.warned.some((text) => text.startsWith(expected))).toBe(true);
});

test('a part of an entity cannot be said, and its config stays as it is', () => {
  const made = form(endpoint(`config: { served_entities: { gpt: { external_model: { name: gpt-5.1 } } } }`));
  expect(made.faults).toEqual([]);
  expect(made.warned).toHaveLength(1);
  expect(made.warned[0]).toContain('external_model.provider is left out: Terraform needs it here');
  const resource = made.document.resource.databricks_model_serving!.chat!;
  expect(resource.config).toBeUndefined();
  expect((resource.lifecycle as { ignore_changes: string[] }).ignore_changes).toContain('config');
  expect(made.document.import).toEqual([{ to: 'databricks_model_serving.chat', id: 'chat' }]);
});

test('what is attached or watched is warned about field by field', () => {
  const made = form(`
project: p
serving_endpoints:
  databricks-*: { manage: attach, ai_gateway: { rate_limits: { user: { calls: 30 } }, usage_tracking_config: { enabled: true } } }
  theirs: { manage: attach, tags: { team: a } }
  seen: { manage: observe, ai_gateway: { fallback_config: { enabled: true } } }
removed: [{ serving_endpoint: old, reason: gone, since: 2026-01-01 }]
`);
  expect(made.document.resource).toBeUndefined();
  expect(made.warned.map((text) => text.replace(/ <.*> /, ' ').replace(/:.*/, ''))).toEqual([
    'not-in-terraform that old is to go is left out',
    'not-in-terraform serving_endpoints.databricks-*.ai_gateway.rate_limits[user] is left out',
    'not-in-terraform serving_endpoints.databricks-*.ai_gateway.usage_tracking_config.enabled is left out',
    'not-in-terraform serving_endpoints.seen.ai_gateway.fallback_config.enabled is left out',
    'not-in-terraform serving_endpoints.theirs.tags[team] is left out',
  ]);
});

test('a credential from the environment is a sensitive variable', () => {
  const made = form(
    endpoint(`
      config:
        served_entities:
          - external_model: { name: m, provider: cohere, task: llm/v1/chat, cohere_config: { cohere_api_key_plaintext: "${ref('env.COHERE')}" } }
    `),
  );
  expect(made.faults).toEqual([]);
  expect(made.document.variable).toEqual({ COHERE: { type: 'string', sensitive: true } });
  expect(templatesIn(made.document)).toEqual(['${var.COHERE}']);
  expect(made.warned[0]).toMatch(/^secret-in-terraform/);
});

test('text that Terraform would read as a template is escaped, in keys too', () => {
  const made = form(
    endpoint(`
      tags: [{ key: "a$\${b}", value: "%{ if true }" }]
${EXTERNAL.replace(/^/gm, '    ').replace('name: gpt-5', () => 'name: "$${x}"')}
    `),
  );
  expect(templatesIn(made.document)).toEqual([]);
  expect(made.document.resource.databricks_model_serving!.chat!.tags).toEqual([
    { key: 'a$${b}', value: '%%{ if true }' },
  ]);
});

test('keys that are no names in Terraform get one, each its own', () => {
  const made = form(`
project: p
serving_endpoints:
  1_chat: { name: one, tags: [] }
  _1_chat: { name: two, tags: [] }
`);
  expect(made.faults).toEqual([]);
  expect(
    Object.entries(made.document.resource.databricks_model_serving!).map(([label, { name }]) => [
      label,
      name,
    ]),
  ).toEqual([
    ['_1_chat_2', 'one'],
    ['_1_chat', 'two'],
  ]);
});

const EXAMPLES = join(__dirname, '../../examples');
const examples = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('gatewright.yaml') && !file.includes('node_modules'))
  .map((file) => join(EXAMPLES, file, '..'))
  // Programs declare the same as files do: test/constructs holds them to the same desired document.
  .filter((folder) => !/^app:/m.test(readFileSync(join(folder, 'gatewright.yaml'), 'utf8')));

test.each(examples)('%s is what the provider takes, without a path of this machine', (folder) => {
  const { desired, targets } = loadProject({ source: diskSource(folder) });
  expect(desired).toBeDefined();
  for (const target of targets.length === 0 ? [undefined] : targets) {
    const each = loadProject({ source: diskSource(folder), ...(target === undefined ? {} : { target }) });
    const document = terraformJson(terraformForm(each.desired!));
    expect(faults(document as Record<string, unknown>)).toEqual([]);
    expect(JSON.stringify(document)).not.toContain(EXAMPLES);
  }
});

/** Paths that are neither said nor warned about, and removals that are neither. */
function lost(desired: Desired): string[] {
  const made = terraformForm(desired);
  const fields = kindOf('serving_endpoints').fields;
  return desired.resources.flatMap((resource) => {
    const address = addressOf(resource);
    const own = made.resources.filter(
      ({ body, label, type }) =>
        body.name === resource.name || (type.endsWith('permissions') && label === resource.key),
    );
    const body = Object.assign({}, ...own.map((each) => each.body)) as JsonObject;
    const whole: JsonObject = {
      ...body,
      ...(body.access_control === undefined ? {} : { permissions: body.access_control }),
    };
    const kept = own.flatMap(({ ignoreChanges }) => ignoreChanges.map((text) => text.replaceAll('[0]', '')));
    return leavesOf(resource.fields, fields, '').flatMap(({ path, value }) => {
      const isWarned = path.some((_, depth) => {
        const name = `${address}.${pathText(path.slice(0, depth + 1))}`;
        return made.diagnostics.some(
          ({ code, message }) => /^(not|cannot)-/.test(code) && message.startsWith(`${name} `),
        );
      });
      // What belongs to something of which another part cannot be said is left out with it.
      const isAround = made.diagnostics.some(
        ({ message }) =>
          message.startsWith(`${address}.${pathText(path.slice(0, 2))}`) && message.includes('is left out'),
      );
      const there = valueAt(whole, path, fields, '');
      const text = pathText(path.filter((segment) => !isItem(segment)));
      const isKept = kept.some((each) => text === each || text.startsWith(`${each}.`));
      if (isWarned || isAround) return [];
      if (value === null) return there === undefined && !isKept ? [] : [`${address}.${pathText(path)} stays`];
      if (JSON.stringify(value) === '[]' || JSON.stringify(value) === '{}') return [];
      return there === undefined ? [`${address}.${pathText(path)} is lost`] : [];
    });
  });
}

test('generated configs are what the provider takes, and nothing of them is lost in silence', () => {
  fc.assert(
    fc.property(wholeEstates, (estate) => {
      const { desired } = load(JSON.stringify(estate.config));
      expect(faults(terraformJson(terraformForm(desired!)) as Record<string, unknown>)).toEqual([]);
      expect(lost(desired!)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

test('what is no serving endpoint is warned about field by field, for either engine', () => {
  const { desired, diagnostics } = load(`
project: p
model_services:
  main.ai.chat:
    comment: answers
    config:
      routing: { destinations: [{ name: one, destination_type: DESTINATION_TYPE_PAY_PER_TOKEN_FOUNDATION_MODEL, pay_per_token_config: { model: models/system.ai.x } }] }
      rate_limits: { user_default: { requests: 30 } }
`);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const made = terraformForm(desired!);
  expect(made.resources).toEqual([]);
  const bundle = bundleForm([desired!], '');
  expect(bundle.document).toEqual({ bundle: { name: 'p' } });
  for (const [warned, word] of [
    [made.diagnostics, 'terraform'],
    [bundle.diagnostics, 'bundle'],
  ] as const) {
    expect(warned.length).toBeGreaterThanOrEqual(3);
    expect(warned.every(({ code, at }) => code === `not-in-${word}` && at !== undefined)).toBe(true);
    expect(
      warned.some(({ message }) => message.startsWith('model_services.main.ai.chat.comment is left out')),
    ).toBe(true);
  }
});
