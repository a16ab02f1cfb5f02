// Bundles from declarations: one document with every target, and a warning for what a bundle does not say or takes away.
import fc from 'fast-check';
import { parse } from 'yaml';
import { bundleForm } from '../../src/engines';
import { leavesOf, valueAt } from '../../src/model/assign';
import type { JsonObject } from '../../src/model/json';
import { kindOf } from '../../src/model/kinds';
import { pathText } from '../../src/model/path';
import { addressOf } from '../../src/model/resource';
import { documentYaml } from '../../src/render/document-yaml';
import { load, ref, said } from '../config/project';
import { wholeEstates } from '../generators/config';

const RUNS = Number(process.env.GATEWRIGHT_CASES ?? 200);

function form(text: string) {
  const first = load(text);
  if (first.desired === undefined) throw new Error(said(first).join('\n'));
  const project = first.targets.map((target) => load(text, { target }).desired!);
  const { document, diagnostics } = bundleForm(
    first.targets.length === 0 ? [first.desired] : project,
    first.desired.target,
  );
  return {
    document: JSON.parse(JSON.stringify(document)),
    warned: diagnostics.map(({ code, message }) => `${code} ${message}`),
  };
}

const MODEL =
  '{ name: m, provider: cohere, task: llm/v1/chat, cohere_config: { cohere_api_key: "{{secrets/llm/cohere}}" } }';
const WHOLE = `
    config: { served_entities: [{ name: one, external_model: ${MODEL} }] }
    ai_gateway: { rate_limits: [{ key: user, calls: "${ref('var.calls')}" }], guardrails: null, fallback_config: null, inference_table_config: null, usage_tracking_config: { enabled: true } }
    tags: [{ key: team, value: a }]
`;
const TARGETS = `
variables: { calls: { default: 60, type: integer } }
targets:
  here: { host: simulator }
  dev: { default: true, host: https://dev.example.com }
  prod: { host: https://prod.example.com, protect: true, variables: { calls: 30 } }
`;

test('what differs stands under its target, whole; what is the same for all stands once', () => {
  const made = form(`project: p\n${TARGETS}serving_endpoints:\n  chat:${WHOLE}`);
  const chat = (calls: number) => ({
    name: 'chat',
    config: {
      served_entities: [
        {
          name: 'one',
          external_model: {
            name: 'm',
            provider: 'cohere',
            task: 'llm/v1/chat',
            cohere_config: { cohere_api_key: '{{secrets/llm/cohere}}' },
          },
        },
      ],
      traffic_config: { routes: [{ served_entity_name: 'one', traffic_percentage: 100 }] },
    },
    ai_gateway: {
      rate_limits: [{ key: 'user', renewal_period: 'minute', calls }],
      usage_tracking_config: { enabled: true },
    },
    tags: [{ key: 'team', value: 'a' }],
  });
  expect(made.document).toEqual({
    bundle: { name: 'p' },
    targets: {
      dev: {
        default: true,
        workspace: { host: 'https://dev.example.com' },
        resources: { model_serving_endpoints: { chat: chat(60) } },
      },
      prod: {
        workspace: { host: 'https://prod.example.com' },
        resources: {
          model_serving_endpoints: { chat: { ...chat(30), lifecycle: { prevent_destroy: true } } },
        },
      },
    },
  });
  expect(made.warned).toEqual([
    'no-workspace target here is left out: it is the embedded workspace, which no bundle can be deployed to',
  ]);
  const alike = form(
    `project: p\n${TARGETS.replace(', protect: true, variables: { calls: 30 }', '')}serving_endpoints:\n  chat:${WHOLE}`,
  );
  expect(alike.document.resources).toEqual({ model_serving_endpoints: { chat: chat(60) } });
  expect(alike.document.targets.prod).toEqual({ workspace: { host: 'https://prod.example.com' } });
});

test('what a bundle takes away or cannot say is warned about', () => {
  const made = form(`
project: p
serving_endpoints:
  chat:
    config: { served_entities: [{ name: one, external_model: ${MODEL} }] }
    ai_gateway: { rate_limits: { user: { calls: 6 } } }
    permissions: { "group:ops": CAN_MANAGE }
    preview: { ai_gateway: { burst: 3 } }
  only-gateway: { tags: { a: b } }
  part: { config: { served_entities: { gpt: { workload_size: Small } } }, tags: { a: b } }
  databricks-*: { manage: attach, ai_gateway: { usage_tracking_config: { enabled: true } } }
`);
  expect(Object.keys(made.document.resources.model_serving_endpoints)).toEqual(['chat']);
  expect(made.document.resources.model_serving_endpoints.chat.permissions).toEqual([
    { level: 'CAN_MANAGE', group_name: 'ops' },
  ]);
  expect(made.warned).toEqual([
    'whole-in-bundle serving_endpoints.chat.ai_gateway.rate_limits becomes the whole list in a bundle: what it does not name goes',
    'whole-in-bundle serving_endpoints.chat.permissions becomes the whole list in a bundle: what it does not name goes',
    'not-in-bundle serving_endpoints.chat.ai_gateway is left out: a bundle is told only what it knows, and preview says more than that',
    ...['fallback_config', 'guardrails', 'inference_table_config', 'usage_tracking_config'].map(
      (block) =>
        `not-preserved serving_endpoints.chat.ai_gateway.${block} is not declared, and a bundle takes away what it does not name`,
    ),
    'not-preserved serving_endpoints.chat.tags is not declared, and a bundle takes away what it does not name',
    'not-in-bundle serving_endpoints.databricks-*.ai_gateway.usage_tracking_config.enabled is left out: a bundle knows no patterns of names',
    'not-in-bundle serving_endpoints.only-gateway.tags[a] is left out: a bundle makes what it names, and the file does not say what this endpoint serves',
    'not-in-bundle serving_endpoints.part.config.served_entities[gpt] is left out: a bundle wants it whole, and the file names only a part of it',
    'not-in-bundle serving_endpoints.part.tags[a] is left out: a bundle wants all of its config',
  ]);
});

test('text that a bundle would read as a reference is refused, other text is not', () => {
  const made = form(`
project: p
serving_endpoints:
  chat:
    config: { served_entities: [{ name: one, entity_name: a.b.c, entity_version: "1", environment_vars: { A: "$\${var.x}", B: "$\${" } }] }
    tags: [{ key: a, value: "$\${1}" }]
`);
  expect(made.document.resources).toBeUndefined();
  expect(made.warned[0]).toBe(
    'not-in-bundle serving_endpoints.chat.config.served_entities[one].environment_vars.A is left out: a bundle would read a reference in the text',
  );
});

test('generated configs: nothing is lost in silence, and the YAML reads back', () => {
  const fields = kindOf('serving_endpoints').fields;
  fc.assert(
    fc.property(wholeEstates, (estate) => {
      const desired = load(JSON.stringify(estate.config)).desired!;
      const { document, diagnostics } = bundleForm([desired], '');
      expect(parse(documentYaml(document))).toEqual(JSON.parse(JSON.stringify(document)));
      const made = ((document.resources as JsonObject | undefined)?.model_serving_endpoints ?? {}) as Record<
        string,
        JsonObject
      >;
      const lost = desired.resources.flatMap((resource) => {
        const address = addressOf(resource);
        const body = made[resource.key];
        if (body === undefined)
          return diagnostics.some(({ message }) => message.startsWith(address)) ? [] : [address];
        const permissions = (body.permissions ?? []) as JsonObject[];
        const whole = {
          ...body,
          permissions: permissions.map(({ level, ...who }) => ({ ...who, permission_level: level! })),
        };
        return leavesOf(resource.fields, fields, '').flatMap(({ path, value }) => {
          const there = valueAt(whole, path, fields, '');
          const isWarned = diagnostics.some(({ message }) =>
            path.some((_, depth) => message.startsWith(`${address}.${pathText(path.slice(0, depth + 1))} `)),
          );
          if (value === null)
            return there === undefined || isWarned ? [] : [`${address}.${pathText(path)} stays`];
          if (JSON.stringify(value) === '[]' || JSON.stringify(value) === '{}') return [];
          return there === undefined && !isWarned ? [`${address}.${pathText(path)} is lost`] : [];
        });
      });
      expect(lost).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});
