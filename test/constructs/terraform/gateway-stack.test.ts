// The stack of cdktf holds what `synth --to terraform` prints, resource for resource, and a program can go on from there.

import { join } from 'node:path';
import { Aspects, S3Backend, TerraformResource, Testing } from 'cdktf';
import fc from 'fast-check';
import { GatewayApp, ServingEndpoint } from '../../../constructs';
import { desiredBy, desiredIn, GatewayStack, InvalidProject } from '../../../constructs/terraform';
import { terraformForm, terraformJson } from '../../../src/engines';
import type { Desired } from '../../../src/model/resource';
import { load, ref } from '../../config/project';
import { faults } from '../../engines/provider-schema';
import { wholeEstates } from '../../generators/config';

const RUNS = Math.min(Number(process.env.GATEWRIGHT_CASES ?? 60), 60);

// biome-ignore lint/suspicious/noExplicitAny: what was written is looked at, not typed.
type Document = Record<string, any>;

function synthesised(stack: GatewayStack): Document {
  return withoutComments(JSON.parse(Testing.synth(stack))) as Document;
}

/** cdktf writes what it knows of a construct under `//`. */
function withoutComments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutComments);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (name === '//' ? [] : [[name, withoutComments(inner)]])),
  );
}

const stackOf = (desired: Desired) => new GatewayStack(Testing.app(), 'gateway', { desired });

/** What both must say. Lists of one block and the block itself are one thing in Terraform's JSON. */
function comparable(document: Document): unknown {
  const { resource, variable, import: imports, terraform } = document;
  return {
    resource: resource ?? {},
    variable: variable ?? {},
    import: (imports ?? []).map(({ to, id }: { to: string; id: string }) => ({ to, id })),
    providers: terraform.required_providers,
    backend: terraform.backend,
  };
}

test('a generated config is the same resources either way', () => {
  fc.assert(
    fc.property(wholeEstates, (estate) => {
      const desired = load(JSON.stringify(estate.config)).desired!;
      const stack = synthesised(stackOf(desired));
      expect(comparable(stack)).toEqual(comparable(terraformJson(terraformForm(desired)) as Document));
      expect(faults(stack)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

const CHAT = `
project: p
targets: { prod: { host: https://adb-1.example.com } }
serving_endpoints:
  chat:
    protect: true
    config:
      served_entities:
        - external_model: { name: m, provider: ai21labs, task: llm/v1/chat, ai21labs_config: { ai21labs_api_key_plaintext: "${ref('env.KEY')}" } }
    permissions: [{ group_name: support, permission_level: CAN_QUERY }]
    tags: [{ key: "a$\${b}", value: x }]
`;

test('variables, templates, lifecycle and grants survive cdktf', () => {
  const { desired } = load(CHAT);
  const document = synthesised(stackOf(desired!));
  expect(faults(document)).toEqual([]);
  expect(document.provider).toEqual({ databricks: [{ host: 'https://adb-1.example.com' }] });
  expect(document.variable).toEqual({ KEY: { type: 'string', sensitive: true } });
  const { chat } = document.resource.databricks_model_serving;
  expect(chat.config.served_entities[0].external_model.ai21labs_config).toEqual({
    ai21labs_api_key_plaintext: '${var.KEY}',
  });
  expect(chat.tags).toEqual([{ key: 'a$${b}', value: 'x' }]);
  expect(chat.lifecycle.prevent_destroy).toBe(true);
  expect(document.resource.databricks_permissions.chat.serving_endpoint_id).toBe(
    '${databricks_model_serving.chat.serving_endpoint_id}',
  );
});

test('a program may choose its backend, change resources, and see what was left out', () => {
  const { desired } = load(
    `${CHAT}  databricks-*: { manage: attach, ai_gateway: { usage_tracking_config: { enabled: true } } }\n`,
  );
  const app = Testing.app();
  const stack = new GatewayStack(app, 'gateway', {
    desired: desired!,
    backend: (own) => new S3Backend(own, { bucket: 'states', key: 'gateway', region: 'eu-west-1' }),
  });
  expect(stack.diagnostics.map(({ code }) => code)).toEqual(['not-in-terraform', 'secret-in-terraform']);
  stack.resources
    .get('databricks_model_serving.chat')!
    .addOverride('config.served_entities.0.burst_scaling_enabled', true);
  Aspects.of(stack).add({
    visit: (node) => {
      if (TerraformResource.isTerraformResource(node)) node.addOverride('depends_on', []);
    },
  });
  const document = synthesised(stack);
  expect(Object.keys(document.terraform.backend)).toEqual(['s3']);
  expect(
    document.resource.databricks_model_serving.chat.config.served_entities[0].burst_scaling_enabled,
  ).toBe(true);
  expect(document.resource.databricks_model_serving.chat.depends_on).toEqual([]);
});

test('constructs of our own become a stack, and so does a folder', () => {
  const gateway = new GatewayApp({ project: 'p' });
  new ServingEndpoint(gateway, 'chat', { aiGateway: { rateLimits: { user: { calls: 60 } } } });
  const own = synthesised(stackOf(desiredBy(gateway)));
  expect(own.resource.databricks_model_serving.chat.ai_gateway).toEqual({
    rate_limits: [{ key: 'user', renewal_period: 'minute', calls: 60 }],
  });
  const quickstart = join(__dirname, '../../../examples/quickstart');
  const there = synthesised(
    stackOf(desiredIn(quickstart, { target: 'sandbox', variables: { log_catalog: 'mine' } })),
  );
  expect(
    there.resource.databricks_model_serving['support-chat'].ai_gateway.inference_table_config.catalog_name,
  ).toBe('mine');
});

test('an invalid tree is refused with every fault', () => {
  const gateway = new GatewayApp({ project: 'p' });
  new ServingEndpoint(gateway, 'databricks-x');
  expect(() => desiredBy(gateway)).toThrow(InvalidProject);
  expect(() => desiredBy(gateway)).toThrow(/^gatewright.yaml:\d+:\d+: .* \[reserved-name\]$/);
});
