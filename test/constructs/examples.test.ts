// The examples that are programs do what they say: the same platform twice, and one library for two teams.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './program';
import { Stage } from './stage';

const stage = new Stage();
for (const example of ['platform-yaml', 'platform-constructs', 'team-chat']) stage.copy(example);
afterAll(() => stage.close());

test('the small platform in YAML and in TypeScript is one document and one digest', () => {
  const yaml = stage.run(['synth'], 'platform-yaml');
  const typed = stage.run(['synth'], 'platform-constructs');
  expect(yaml).toMatchObject({ code: 0, err: '' });
  expect(typed).toEqual(yaml);
  const digest = (folder: string) => JSON.parse(stage.run(['plan', '-o', 'json'], folder).out).digest;
  expect(digest('platform-constructs')).toBe(digest('platform-yaml'));
  expect(digest('platform-yaml')).toMatch(/^sha256:/);
});

test('both teams get the governed endpoint, each with what is its own', () => {
  const fields = Object.fromEntries(
    ['support', 'research'].map((team) => {
      const { code, out, err } = stage.run(['synth'], `team-chat/${team}`);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const [resource, ...others] = JSON.parse(out).resources;
      expect([resource.key, others]).toEqual([`${team}-chat`, []]);
      return [team, resource.fields];
    }),
  );
  for (const { ai_gateway } of Object.values(fields)) {
    expect(ai_gateway).toMatchObject({
      guardrails: { input: { pii: { behavior: 'BLOCK' } }, output: { pii: { behavior: 'MASK' } } },
      inference_table_config: { enabled: true },
      usage_tracking_config: { enabled: true },
      rate_limits: { endpoint: { calls: 1000 } },
    });
  }
  expect(fields.support.ai_gateway.fallback_config).toEqual({ enabled: true });
  expect(fields.research.ai_gateway.rate_limits['user_group:interns']).toEqual({ tokens: 5000 });
});

test('a team cannot go above the ceiling of the library', () => {
  const path = 'team-chat/research/gateways.ts';
  stage.write(path, readFileSync(join(ROOT, 'examples', path), 'utf8').replace('40_000', '90_000'));
  const { code, err } = stage.run(['validate'], 'team-chat/research');
  expect(code).toBe(3);
  expect(err).toContain('90000 tokens per user are above the ceiling of 50000');
});
