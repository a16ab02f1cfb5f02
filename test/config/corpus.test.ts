// Bodies that other people sent and bundles that they deploy, written as a project: what is taken, and what is refused
// for which reason. The files stay where they are: GATEWRIGHT_CORPUS, or ../shared/corpus beside the project.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Desired } from '../../src/model/resource';
import { Services } from '../reconcile/services';
import { load } from './project';

const ROOT = process.env.GATEWRIGHT_CORPUS ?? join(__dirname, '../../../shared/corpus');
const filesOf = (kind: string) => {
  const folder = join(ROOT, kind);
  return existsSync(folder) ? readdirSync(folder).sort() : [];
};

type Body = Record<string, unknown>;

interface Case {
  /** How many resources it declares. */
  readonly resources: number;
  readonly errors?: readonly string[];
  readonly warnings?: readonly string[];
  /** After which change it is taken. */
  readonly mended?: (text: string) => string;
}

/** By the beginning of a file's name. */
const BODIES: Readonly<Record<string, Case>> = {
  '01': { resources: 1 },
  '02': { resources: 1 },
  '04': { resources: 1 },
  '06': { resources: 1, warnings: ['feature-not-offered'] },
  '08': { resources: 1 },
  '10': { resources: 1, warnings: Array(4).fill('deprecated-field') },
  '11': {
    resources: 1,
    errors: ['wrong-type', 'wrong-type'],
    mended: (text) => text.replace(/"(\d+)"(?=\s*\})/g, '$1'),
  },
  '13': {
    resources: 1,
    errors: ['misplaced-field'],
    mended: (text) => text.replace(/,\s*"inference_table": \{[\s\S]*?\n {2}\}/, ''),
  },
  '15': { resources: 1, warnings: ['unnamed-entity', 'no-effect'] },
  '17': { resources: 1 },
};

const BUNDLES: Readonly<Record<string, Case>> = {
  '02': { resources: 4 },
  '03': { resources: 1 },
  '05': { resources: 1 },
  '06': {
    resources: 1,
    errors: ['unknown-field', 'missing-field'],
    warnings: ['unnamed-entity'],
    mended: (text) => text.replace('level:', 'permission_level:'),
  },
  '07': { resources: 1 },
  '09': { resources: 0 },
  '11': { resources: 1, errors: ['deprecated-field'] },
  '13': { resources: 1, errors: ['deprecated-field'] },
  '15': { resources: 0 },
  '16': {
    resources: 1,
    errors: ['literal-credential'],
    mended: (text) =>
      text.replace(/openai_api_key_plaintext: .*/, 'openai_api_key: "{{secrets/llm/openai}}"'),
  },
  '18': { resources: 0 },
};

const SERVICES: Readonly<Record<string, Case>> = {
  // It falls back to the model of one of its destinations: in a split that is of help to the calls of the other.
  '01': { resources: 1 },
  '03': { resources: 1 },
  '04': { resources: 1, errors: ['done-differently'] },
  '06': { resources: 1 },
  '07': {
    resources: 1,
    errors: ['bad-value'],
    warnings: ['feature-not-offered'],
    mended: (text) =>
      text
        .replace(/"plaintext": "[^"]*"/, '"plaintext": "${env.BEDROCK_API_KEY}"')
        .replace('"allow_all_targets": true,', ''),
  },
  // A page of a list is no declaration.
  '08': { resources: 0, errors: ['unknown-field', 'wrong-type'] },
  '11': {
    resources: 1,
    errors: ['done-differently', 'done-differently', 'unknown-field'],
    warnings: ['unknown-value'],
    mended: (text) =>
      text
        .replace(/"model_service_id".*\n.*"parent".*\n/, '')
        .replace('DESTINATION_TYPE_FOUNDATION_MODEL', 'DESTINATION_TYPE_PAY_PER_TOKEN_FOUNDATION_MODEL')
        .replace('foundation_model_config', 'pay_per_token_config')
        .replace('"model_api": "', '"model": "models/'),
  },
  '13': { resources: 1 },
};

/** What a file leaves to a script or a bundle becomes a variable of ours. */
function withVariables(text: string): { readonly text: string; readonly variables: Body } {
  const variables: Body = {};
  const named = text.replace(/\$\{(?:var\.|bundle\.)?(\w+)\}/g, (_, name: string) => {
    const known = /version/.test(name) ? '1' : /PARENT/.test(name) ? 'schemas/main.logs' : undefined;
    variables[name] = { default: known ?? name.toLowerCase() };
    return `\${var.${name}}`;
  });
  return { text: named, variables };
}

const GATEWAY = ['rate_limits', 'usage_tracking_config', 'guardrails', 'inference_table_config'];

/** The body of one request as the entry of a file that says the same. */
function entryOf(body: unknown): Body {
  if (Array.isArray(body)) {
    const props = (body[0] as { props: { name: string; value: unknown }[] }).props;
    return Object.fromEntries(props.map(({ name, value }) => [name, value]));
  }
  const object = body as Body;
  if ('access_control_list' in object) return { manage: 'attach', permissions: object.access_control_list };
  if ('served_entities' in object) return { config: object };
  if (GATEWAY.some((member) => member in object)) return { manage: 'attach', ai_gateway: object };
  return object;
}

function endpointsOf(bundle: unknown): Body {
  const root = (bundle ?? {}) as Body;
  const resources = (root.resources ?? root) as Body;
  return (resources.model_serving_endpoints ?? {}) as Body;
}

/** The body of one request about a service, as the section of a file that says the same. */
function servicesOf(parsed: unknown): Body {
  const body = parsed as { config?: Body };
  if (body.config === undefined) return body as Body;
  const isPatch = Object.keys(body.config).length === 1 && !('routing' in body.config);
  const entry = { ...(isPatch ? { manage: 'attach' } : {}), ...body };
  const section = 'provider_type' in body.config ? 'model_provider_services' : 'model_services';
  return { [section]: { 'main.services.chat': entry } };
}

/** What is taken of it in the end, if anything. */
function check(raw: string, expected: Case, sections: (parsed: unknown) => Body): Desired | undefined {
  const { text, variables } = withVariables(raw);
  const read = (each: Body) => load(JSON.stringify({ project: 'p', variables, ...each }, null, 1));
  const loaded = read(sections(parse(text)));
  const codes = (severity: string) =>
    loaded.diagnostics.filter((each) => each.severity === severity).map(({ code }) => code);
  expect({ errors: codes('error').sort(), warnings: codes('warning').sort() }).toEqual({
    errors: [...(expected.errors ?? [])].sort(),
    warnings: [...(expected.warnings ?? [])].sort(),
  });
  for (const { at } of loaded.diagnostics) expect(at?.line).toBeGreaterThan(1);
  if (expected.errors === undefined) expect(loaded.desired?.resources).toHaveLength(expected.resources);
  else expect(loaded.desired).toBeUndefined();
  if (expected.mended === undefined) return loaded.desired;
  const mended = read(sections(parse(expected.mended(text))));
  expect(mended.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(mended.desired?.resources).toHaveLength(expected.resources);
  return mended.desired;
}

const bodies = filesOf('B');
const bundles = filesOf('C');
const services = filesOf('E');

test('the files that were read', () => {
  console.info(
    `${bodies.length} bodies, ${bundles.length} bundles and ${services.length} bodies of services by others were read`,
  );
  for (const file of services) expect(Object.keys(SERVICES)).toContain(file.slice(0, 2));
  for (const file of bodies) expect(Object.keys(BODIES)).toContain(file.slice(0, 2));
  for (const file of bundles) expect(Object.keys(BUNDLES)).toContain(file.slice(0, 2));
});

if (bodies.length > 0) {
  test.each(bodies)('body %s', (file) => {
    const text = readFileSync(join(ROOT, 'B', file), 'utf8');
    check(text, BODIES[file.slice(0, 2)]!, (parsed) => ({ serving_endpoints: { chat: entryOf(parsed) } }));
  });
}

if (bundles.length > 0) {
  test.each(bundles)('bundle %s', (file) => {
    const text = readFileSync(join(ROOT, 'C', file), 'utf8');
    check(text, BUNDLES[file.slice(0, 2)]!, (parsed) => ({ serving_endpoints: endpointsOf(parsed) }));
  });
}

if (services.length > 0) {
  let workspace: Services;
  beforeAll(async () => {
    workspace = await Services.open();
  });
  afterAll(() => workspace.close());

  test.each(services)('body of a service %s, also through the loop', async (file) => {
    const text = readFileSync(join(ROOT, 'E', file), 'utf8');
    const desired = check(text, SERVICES[file.slice(0, 2)]!, servicesOf);
    if (desired === undefined) return;
    // What only changes something has something to change, and a policy that is to stay.
    const there = desired.resources.filter(({ manage }) => manage === 'attach').map(({ name }) => name);
    const service_policies = [{ name: 'jailbreak', handler: 'system.ai.block_jailbreak' }];
    workspace.seed({ model_services: there.map((name) => ({ name, service_policies })) });
    await workspace.settle(desired.resources);
    for (const { kind, name } of desired.resources)
      expect(workspace.live(kind as Parameters<Services['live']>[0], name)).toBeDefined();
    for (const name of there)
      expect(workspace.config('model_services', name).service_policies).toMatchObject(service_policies);
  });
}
