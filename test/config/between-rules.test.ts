// What entries of one target say about each other.
import { load, only, said } from './project';

const external = (name: string, model = 'gpt-5') =>
  `{ name: a, external_model_config: { model_provider_service: model-provider-services/${name}, target: { model: ${model} } } }`;
const throughput =
  '{ name: a, provisioned_throughput_config: { model_serving_endpoint: serving-endpoints/pt } }';
const chat = (destination: string, more = '') =>
  `model_services: { main.ai.chat: { ${more}config: { routing: { destinations: [ ${destination} ] } } } }`;
const openai = (targets: string) =>
  `model_provider_services: { main.ai.openai: { config: { openai: { direct: { api_key: { plaintext: "\${env.A}" } } }, ${targets} } } }`;
const project = (...parts: string[]) => ['project: p', ...parts].join('\n');
const removed = (entry: string, more = '') =>
  `removed: [ { ${entry}, reason: x, since: 2026-01-01${more} } ]`;

test('a provider that is declared is fine, under whatever key', () => {
  expect(said(load(project(chat(external('main.ai.openai')), openai('allow_all_targets: true'))))).toEqual(
    [],
  );
  const renamed = openai('allow_all_targets: true').replace('{ config', '{ name: main.ai.other, config');
  expect(said(load(project(chat(external('main.ai.other')), renamed)))).toEqual([]);
});

test('one that is not, in a schema that is managed here, is pointed out', () => {
  const loaded = load(project(chat(external('main.ai.opanai')), openai('allow_all_targets: true')));
  expect(said(loaded)).toEqual([
    'warning dangling-reference <model-provider-services/main.ai.opanai> did you mean "main.ai.openai"?',
  ]);
  expect(said(load(project(chat(external('main.other.openai')))))).toEqual([]);
  expect(said(load(project(chat(external('main.ai.openai'), 'manage: attach, '))))).toEqual([]);
});

test('a fallback is looked at too', () => {
  const text = `model_services: { main.ai.chat: { config: { routing: { fallback: { destinations: [ ${external('main.ai.gone')} ] } } } } }`;
  expect(said(load(project(text)))).toEqual([expect.stringMatching(/^warning dangling-reference/)]);
});

test('a model that the provider does not list', () => {
  const targets = 'targets: [ { model: gpt-5, native_api_types: [x] } ]';
  const text = (more: string, model = 'gpt5') =>
    project(chat(external('main.ai.openai', model)), openai(`${targets}${more}`));
  expect(said(load(text('')))).toEqual(['warning unlisted-model <gpt5> did you mean "gpt-5"?']);
  const found = only(load(text(', allow_all_targets: false')), 'unlisted-model');
  expect([found.severity, found.at?.line, found.because?.at?.line]).toEqual(['error', 2, 3]);
  expect(said(load(text(', allow_all_targets: true')))).toEqual([]);
  expect(said(load(text('', 'gpt-5')))).toEqual([]);
  const map = openai('targets: { gpt-5: { native_api_types: [x] } }');
  expect(said(load(project(chat(external('main.ai.openai', 'gpt5')), map)))).toEqual([]);
});

test.each([
  ['a provider', external('x.y.z'), 'model_provider_service: x.y.z'],
  ['an endpoint', throughput, 'serving_endpoint: pt'],
])('%s that is removed cannot be led to', (_, destination, entry) => {
  const text = (more = '') => project(chat(destination), removed(entry, more));
  const found = only(load(text()), 'removed-and-needed');
  expect([found.at?.line, found.because?.at?.line]).toEqual([2, 3]);
  expect(found.message).toContain('model_services.main.ai.chat leads to it');
  // It only stops being managed, and stays.
  expect(said(load(text(', destroy: false')))).toEqual([]);
});

test('what is removed in another target does not matter here', () => {
  const text = project(
    'targets: { a: { default: true }, b: {} }',
    chat(external('x.y.z')),
    removed('model_provider_service: x.y.z', ', only_in: [b]'),
  );
  expect(said(load(text))).toEqual([]);
  expect(said(load(text, { target: 'b' }))).toEqual([expect.stringMatching(/^removed-and-needed/)]);
});

test('an endpoint without provisioned throughput is the wrong one', () => {
  const pt = (body: string) => load(project(chat(throughput), `serving_endpoints: { pt: { ${body} } }`));
  const model =
    '{ name: gpt, external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/a/b}}" } } }';
  const found = only(pt(`config: { served_entities: [ ${model} ] }`), 'wrong-kind');
  expect([found.at?.line, found.because?.at?.line]).toEqual([2, 3]);
  expect(said(pt('manage: attach, kind: pay_per_token'))).toEqual([expect.stringMatching(/^wrong-kind/)]);
  expect(said(pt('manage: attach, kind: provisioned_throughput'))).toEqual([]);
  expect(said(pt('config: { served_entities: { m: { entity_name: a.b.c } } }'))).toEqual([]);
});
