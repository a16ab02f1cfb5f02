// Values at paths as a short tree.
import fc from 'fast-check';
import type { Json } from '../../src/model/json';
import { treeLines } from '../../src/render/tree';
import { cells } from '../../src/render/width';

const at = (path: string, value: Json) => ({ path: path.split(' '), value });

test('a chain of single members is one key, a branch that fits one line, and any other a block', () => {
  const leaves = [
    at('ai_gateway guardrails input pii behavior', 'BLOCK'),
    at('ai_gateway rate_limits [user] calls', 60),
    at('ai_gateway rate_limits [user:ana@example.com] tokens', 200_000),
    at('config served_entities [gpt] external_model openai_config openai_api_key', '{{secrets/llm/openai}}'),
    at(
      'config served_entities [gpt] external_model openai_config openai_api_base',
      'https://eu.example.com/v1',
    ),
    at('config served_entities [gpt] external_model provider', 'openai'),
    at('tags [team]', 'support'),
    at('tags [cost]', ''),
  ];
  expect(treeLines(leaves, 2, 80)).toEqual([
    '  ai_gateway:',
    '    guardrails.input.pii.behavior: BLOCK',
    '    rate_limits: { user.calls: 60, "user:ana@example.com".tokens: 200000 }',
    '  config.served_entities.gpt.external_model:',
    '    openai_config:',
    '      openai_api_key: "{{secrets/llm/openai}}"',
    '      openai_api_base: https://eu.example.com/v1',
    '    provider: openai',
    '  tags: { team: support, cost: "" }',
  ]);
});

test('text that reads like something else is quoted', () => {
  const values: Json[] = ['true', '8', 'a: b', '- x', 'null', 8, true, ['a', 1]];
  expect(values.flatMap((value) => treeLines([at('v', value)], 0, 80))).toEqual([
    'v: "true"',
    'v: "8"',
    'v: "a: b"',
    'v: "- x"',
    'v: "null"',
    'v: 8',
    'v: true',
    'v: ["a",1]',
  ]);
});

test('what is long goes on in further lines, and cannot begin one as a command of the runner', () => {
  const value = Array.from({ length: 30 }, () => '::error::x').join(' ');
  const lines = treeLines([at('text', value)], 4, 80);
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) {
    expect(cells(line)).toBeLessThanOrEqual(80 + 6);
    expect(line.trimStart()).not.toMatch(/^::/);
  }
});

test('no value is left out', () => {
  const segment = fc.constantFrom('a', 'b', '[x]', '[y:z]', 'c');
  const leaves = fc.uniqueArray(fc.tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.nat()), {
    selector: ([path]) => path.join(' '),
    maxLength: 8,
  });
  fc.assert(
    fc.property(leaves, fc.integer({ min: 40, max: 100 }), (pairs, width) => {
      const isPrefix = (one: string[]) =>
        pairs.some(([path]) => path.length > one.length && one.every((part, index) => path[index] === part));
      const kept = pairs
        .filter(([path]) => !isPrefix(path))
        .map(([path], index) => ({ path, value: 1000 + index }));
      const text = treeLines(kept, 0, width).join('\n');
      for (const { value } of kept) expect(text.match(new RegExp(`: ${value}\\b`, 'g'))).toHaveLength(1);
    }),
  );
});
