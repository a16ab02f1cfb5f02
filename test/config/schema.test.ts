// The published schemas: current, closed, described, and of one mind with the program.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import desired from '../../schemas/desired.schema.json';
import project from '../../schemas/gatewright.schema.json';
import authored from '../../schemas/source/gatewright.source.json';
import { SECTIONS } from '../../src/config/sections';
import { isObject, type Json, type JsonObject } from '../../src/model/json';
import { KEY_CODECS } from '../../src/model/keys';
import { KINDS } from '../../src/model/kinds';
import { aiGatewayConfig, limitKey, tagsConfig } from '../generators/gateway';
import {
  mcpServiceEntry,
  modelServiceEntry,
  providerServiceEntry,
  serviceLimitKey,
} from '../generators/service-config';
import { ref } from './project';

const PUBLISHED = { project, desired } as unknown as Record<string, JsonObject>;
const root = path.join(__dirname, '../..');

/** Every schema inside a schema, with its path. */
function* inside(schema: Json, at = ''): Generator<[string, JsonObject]> {
  if (Array.isArray(schema))
    for (const [index, each] of schema.entries()) yield* inside(each, `${at}/${index}`);
  if (!isObject(schema)) return;
  yield [at, schema];
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'examples' || key === 'default' || key === 'enum') continue;
    yield* inside(value, `${at}/${key}`);
  }
}

test('everything generated is current', () => {
  execFileSync(process.execPath, [path.join(root, 'scripts/generate.js'), '--check'], { stdio: 'pipe' });
});

test.each(Object.entries(PUBLISHED))(
  '%s is a schema of its dialect, without our annotations',
  (_, schema) => {
    expect(() =>
      new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false }).compile(
        schema,
      ),
    ).not.toThrow();
    expect(JSON.stringify(schema)).not.toMatch(/"x-/);
    expect(schema.$id).toMatch(/^urn:gatewright:schema:/);
  },
);

test.each(Object.entries(PUBLISHED))('%s is closed, but for what is named by the user', (_, schema) => {
  for (const [at, each] of inside(schema)) {
    if (!isObject(each.properties) || /\/(?:if|then|anyOf|oneOf|allOf)\b/.test(at)) continue;
    const closed = each.additionalProperties === false || isObject(each.additionalProperties);
    expect([at, closed]).toEqual([at, true]);
  }
  const open = [...inside(schema)].filter(([, each]) => each.additionalProperties === true).map(([at]) => at);
  expect(open.every((at) => at.endsWith('/preview'))).toBe(true);
});

test('every field of a file says what it is', () => {
  for (const [at, each] of inside(PUBLISHED.project!)) {
    for (const [name, member] of Object.entries((each.properties as JsonObject | undefined) ?? {})) {
      if (!isObject(member) || at.endsWith('/properties')) continue;
      const target = typeof member.$ref === 'string' ? PUBLISHED.project!.$defs : undefined;
      const followed = isObject(target) ? target[(member.$ref as string).split('/').pop()!] : member;
      expect([`${at}/${name}`, typeof (followed as JsonObject).description]).toEqual([
        `${at}/${name}`,
        'string',
      ]);
    }
  }
});

test('sections, kinds and the schema know the same resources', () => {
  const sections = Object.entries(authored.$defs.file.properties).filter(([, each]) => 'x-kind' in each);
  expect(sections.map(([name]) => name)).toEqual(SECTIONS.map(({ kind }) => kind));
  expect(SECTIONS.map(({ kind }) => kind)).toEqual(KINDS.map(({ kind }) => kind));
  for (const { entry, fields } of SECTIONS) {
    const members = (authored.$defs as unknown as Record<string, { properties: JsonObject }>)[entry]!
      .properties;
    const sent = Object.entries(members).filter(
      ([, member]) => isObject(member) && member['x-field'] === true,
    );
    expect(sent.map(([name]) => name)).toEqual([...fields]);
  }
});

test('keyed lists are those of the field table', () => {
  const keyed = [...inside(authored as unknown as JsonObject)].flatMap(([, each]) => {
    const annotation = each['x-keyed'];
    return isObject(annotation) ? [annotation.codec] : [];
  });
  const rows = KINDS.flatMap(({ rows }) => rows.flatMap((row) => row.keyed ?? []));
  expect([...new Set(keyed)].sort()).toEqual([...new Set(rows)].sort());
  for (const name of keyed) expect(Object.keys(KEY_CODECS)).toContain(name);
});

test('the pattern for keys of limits and the codec agree', () => {
  const pattern = new RegExp(authored.$defs.rate_limits['x-keyed'].keys.pattern);
  const needsPrincipal = (key: string) => key === 'user_group' || key === 'service_principal';
  fc.assert(
    fc.property(
      fc.oneof(
        limitKey(),
        fc.string(),
        fc.constantFrom('user:', 'users', 'endpoint:a', 'user:a:b', 'user:a/hour', 'user/hour'),
      ),
      (key) => {
        const sound =
          KEY_CODECS.limit.problem(key) === undefined &&
          !key.startsWith('endpoint:') &&
          !needsPrincipal(key) &&
          !key.endsWith('/hour');
        expect([key, pattern.test(key)]).toEqual([key, sound]);
      },
    ),
  );
});

test('the pattern for keys of limits of services and the codec agree', () => {
  const pattern = new RegExp(authored.$defs.service_limits['x-keyed'].keys.pattern);
  const piece = fc.constantFrom(
    'service',
    'user_default',
    'user',
    'user_group',
    ':',
    '/',
    'hour',
    'minute',
    'a',
    '',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        serviceLimitKey(),
        fc.string(),
        fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      ),
      (key) => {
        const sound = KEY_CODECS.service_limit.problem(key) === undefined;
        expect([key, pattern.test(key)]).toEqual([key, sound]);
      },
    ),
  );
});

test('editors accept what loads, with variables for scalars', () => {
  const validate = new Ajv2020({ strict: false }).compile(PUBLISHED.project!);
  const withVariables = (value: Json, every: number): Json => {
    let seen = 0;
    const visit = (each: Json): Json => {
      if (Array.isArray(each)) return each.map(visit);
      if (isObject(each))
        return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, visit(inner)]));
      // What is taken from the environment is no place for a variable.
      if (each === null || String(each).startsWith('${env.')) return each;
      seen += 1;
      return seen % every === 0 ? ref('var.x') : each;
    };
    return visit(value);
  };
  const sections = fc.record({
    serving_endpoints: fc.record({ ai_gateway: aiGatewayConfig(), tags: tagsConfig() }),
    model_services: modelServiceEntry(),
    model_provider_services: providerServiceEntry(),
    mcp_services: mcpServiceEntry(),
  });
  fc.assert(
    fc.property(sections, fc.integer({ min: 1, max: 4 }), (each, every) => {
      const file = {
        project: 'p',
        ...Object.fromEntries(
          Object.entries(each).map(([section, entry]) => [
            section,
            { [section === 'serving_endpoints' ? 'chat' : 'main.ai.x']: withVariables(entry as Json, every) },
          ]),
        ),
      };
      expect([validate(file), validate.errors]).toEqual([true, null]);
    }),
  );
});
