// Variables: where their values come from, what they become, and where none may stand.
import { endpoint, fieldsOf, load, only, ref, said } from './project';

function project(variables: string, body: string, more = ''): string {
  return `${endpoint(body)}variables: ${variables}\n${more}`;
}

const calls = `ai_gateway: { rate_limits: { user: { calls: "${ref('var.n')}" } } }`;
const withCalls = (value: unknown) => ({ ai_gateway: { rate_limits: { user: { calls: value } } } });

test.each<[string, string, Record<string, string>, unknown]>([
  ['the default', '{ n: { default: 5 } }', {}, 5],
  ['--var as the default is', '{ n: { default: 5 } }', { n: '7' }, 7],
  ['--var as it is declared', '{ n: { type: integer } }', { n: '7' }, 7],
  ['zero', '{ n: { default: 0 } }', {}, 0],
  ['--var zero', '{ n: { default: 5 } }', { n: '0' }, 0],
])('%s is put in with its type', (_, variables, given, expected) => {
  const loaded = load(project(variables, calls), { variables: given });
  expect(said(loaded)).toEqual([]);
  expect(fieldsOf(loaded)).toEqual(withCalls(expected));
});

test('a target overrides the default, and --var overrides the target', () => {
  const text = project('{ n: { default: 5 } }', calls, 'targets: { a: { variables: { n: 6 } }, b: {} }');
  expect(fieldsOf(load(text, { target: 'a' }))).toEqual(withCalls(6));
  expect(fieldsOf(load(text, { target: 'b' }))).toEqual(withCalls(5));
  expect(fieldsOf(load(text, { target: 'a', variables: { n: '7' } }))).toEqual(withCalls(7));
});

test('inside text a variable is text; a doubled sign is the sign', () => {
  const body = `labels: { a: "x-${ref('var.n')}-${ref('var.b')}", b: "$${ref('var.n')}", c: "$5 {n} $n" }`;
  const loaded = load(project('{ n: { default: 5 }, b: { default: true } }', body));
  expect({ ...loaded.desired?.resources[0]?.labels }).toEqual({
    a: 'x-5-true',
    b: ref('var.n'),
    c: '$5 {n} $n',
  });
});

test('a value is not read for references again', () => {
  const text = project('{ n: { type: string } }', `labels: { a: "${ref('var.n')}!" }`);
  const loaded = load(text, { variables: { n: ref('var.m') } });
  expect(loaded.desired?.resources[0]?.labels.a).toBe(`${ref('var.m')}!`);
});

test('references may stand inside references to secrets', () => {
  const body = `labels: { a: "{{secrets/${ref('var.s')}/${ref('var.s')}}}" }`;
  const loaded = load(project('{ s: { default: llm } }', body));
  expect(loaded.desired?.resources[0]?.labels.a).toBe('{{secrets/llm/llm}}');
});

test.each<[string, string, Record<string, string>, string[]]>([
  [
    'nobody declared',
    project('{ limit: { default: 5 } }', `name: "${ref('var.limt')}"`),
    {},
    [`unknown-variable <"${ref('var.limt')}"> did you mean "limit"?`],
  ],
  ['without a value', project('{ n: {} }', calls), {}, [`unknown-variable <"${ref('var.n')}">`]],
  ['of the wrong type', project('{ n: { default: abc } }', calls), {}, [`wrong-type <"${ref('var.n')}">`]],
  ['of text from --var', project('{ n: {} }', calls), { n: '7' }, [`wrong-type <"${ref('var.n')}">`]],
  ['out of range', project('{ n: { default: -1 } }', calls), {}, [`bad-value <"${ref('var.n')}">`]],
  ['given and not declared', project('{}', '{}'), { m: '1' }, ['unknown-variable']],
  ['given as another type', project('{ n: { default: 5 } }', calls), { n: 'abc' }, ['wrong-type']],
  [
    'of the environment',
    project('{}', `name: "${ref('env.HOME')}"`),
    {},
    [`env-not-allowed <"${ref('env.HOME')}">`],
  ],
  ['that are none', project('{}', `name: "${ref('x')}"`), {}, [`bad-reference <"${ref('x')}">`]],
  [
    'left open',
    project('{}', `labels: { a: "${ref('var.x').slice(0, -1)}" }`),
    {},
    [`bad-reference <"${ref('var.x').slice(0, -1)}">`],
  ],
  [
    'in keys',
    project(
      '{ g: { default: a } }',
      `ai_gateway: { rate_limits: { "user_group:${ref('var.g')}": { calls: 1 } } }`,
    ),
    {},
    [`bad-reference <"user_group:${ref('var.g')}">`],
  ],
  [
    'in the project',
    `project: "${ref('var.x')}"\nvariables: { x: { default: a } }`,
    {},
    [`bad-value <"${ref('var.x')}">`],
  ],
  [
    'in a host',
    `project: p\ntargets: { a: { host: "https://${ref('var.x')}" } }\nvariables: { x: { default: a } }`,
    {},
    [`bad-reference <"https://${ref('var.x')}">`],
  ],
  [
    'in an include',
    `project: p\ninclude: ["${ref('var.x')}.yaml"]\nvariables: { x: { default: a } }`,
    {},
    [`bad-reference <"${ref('var.x')}.yaml">`],
  ],
  [
    'in a variable',
    `project: p\nvariables: { x: { default: "${ref('var.y')}" }, y: { default: a } }`,
    {},
    [`nested-variable <"${ref('var.y')}">`],
  ],
  [
    "in a target's variable",
    `project: p\ntargets: { a: { variables: { x: "${ref('var.x')}" } } }\nvariables: { x: { default: a } }`,
    {},
    [`nested-variable <"${ref('var.x')}">`],
  ],
  [
    'declared as another type',
    'project: p\nvariables: { x: { type: integer, default: a } }',
    {},
    ['wrong-type <a>'],
  ],
  [
    'of a target that are not declared',
    'project: p\ntargets: { a: { variables: { x: 1 } } }',
    {},
    ['unknown-variable <x>'],
  ],
  ['that are lists', 'project: p\nvariables: { x: { default: [1] } }', {}, ['wrong-type <[1]>']],
  [
    'that are null',
    'project: p\nvariables: { x: { default: null } }',
    {},
    ['wrong-type <null> must be text or a number or true or false'],
  ],
])('references %s are refused', (_, text, variables, expected) => {
  const loaded = load(text, { variables });
  expect(said(loaded)).toEqual(expected);
});

test('what a variable made of a value is said beside its place', () => {
  const found = only(load(project('{ n: { default: abc } }', calls)), 'wrong-type');
  expect(found.because?.text).toBe('with its variables filled in it is "abc"');
});

test('references are checked in what no target uses', () => {
  const loaded = load(`project: p\npresets: { a: { labels: { x: "${ref('var.nope')}" } } }`);
  expect(said(loaded)).toEqual([`unknown-variable <"${ref('var.nope')}">`]);
});

test('an entry needs values only in the targets where it exists', () => {
  const text = project(
    '{ n: {} }',
    `only_in: [a]\n${calls}`,
    'targets: { a: { variables: { n: 1 } }, b: {} }',
  );
  expect(said(load(text, { target: 'b' }))).toEqual([]);
  expect(load(text, { target: 'b' }).desired?.resources).toEqual([]);
  expect(fieldsOf(load(text, { target: 'a' }))).toEqual(withCalls(1));
});
