// Credentials that stand in the environment: resolved while applying, sent once, kept and shown nowhere. `Stage` fails
// when one of them stands in an output, a file or the request log.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject, type JsonObject } from '../../src/model/json';
import { STAMP, Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const openai = (config: Record<string, string>) => ({
  name: 'gpt',
  external_model: { name: 'gpt-5', provider: 'openai', task: 'llm/v1/chat', openai_config: config },
});
const FILE = `serving_endpoints:
  chat:
    config:
      served_entities:
        - { name: gpt, external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key_plaintext: "\${env.OPENAI_KEY}" } } }
`;
const KEY = 'sk-canary-0123456789abcdef';

/** Between the command and the workspace: what is really on the wire, which the request log leaves out. */
async function listening<T>(work: (url: string, bodies: string[]) => Promise<T>): Promise<T> {
  const bodies: string[] = [];
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part) => parts.push(part));
    req.on('end', async () => {
      const body = Buffer.concat(parts).toString('utf8');
      if (body !== '') bodies.push(body);
      const answer = await fetch(new URL(req.url ?? '', stage.simulator.url), {
        method: req.method ?? 'GET',
        headers: { authorization: req.headers.authorization ?? '', 'content-type': 'application/json' },
        ...(body === '' ? {} : { body }),
      });
      res.writeHead(answer.status, { 'content-type': 'application/json' });
      res.end(await answer.text());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('a credential of the environment is sent once, with the create, and the next plan is empty', async () => {
  stage.set(FILE, {});
  await listening(async (url, bodies) => {
    const env = { OPENAI_KEY: KEY, DATABRICKS_HOST: url };
    const ran = await stage.gatewright(['apply', '--yes', '--verbose'], { env });
    expect(ran.code).toBe(0);
    expect(bodies.filter((body) => body.includes(KEY))).toHaveLength(1);
    const saved = await stage.gatewright(
      ['plan', '--out', 'plan.json', '-o', 'json', '--detailed-exitcode'],
      { env },
    );
    expect(saved.code).toBe(0);
  });
});

test('a reference takes the place of a plain-text credential in one update, and back', async () => {
  const reference = FILE.replace(
    'openai_api_key_plaintext: "${env.OPENAI_KEY}"',
    'openai_api_key: "{{secrets/llm/openai}}"',
  );
  stage.set(reference, {
    serving_endpoints: [
      {
        name: 'chat',
        config: { served_entities: [openai({ openai_api_key: '{{secrets/llm/old}}' })] },
        tags: [STAMP],
      },
    ],
  });
  expect((await stage.gatewright(['apply', '--yes'])).code).toBe(0);
  stage.file('gatewright.yaml', `project: p\n${FILE}`);
  const ran = await stage.gatewright(['apply', '--yes'], { env: { OPENAI_KEY: KEY } });
  expect(ran.code).toBe(0);
  expect(ran.writes).toEqual(['PUT /api/2.0/serving-endpoints/chat/config']);
  expect(JSON.stringify(stage.endpoint('chat'))).not.toContain('secrets/llm');
});

test('a variable that is not set is named, and nothing is sent', async () => {
  for (const env of [{}, { OPENAI_KEY: '' }]) {
    stage.set(FILE, {});
    const ran = await stage.gatewright(['apply', '--yes'], { env });
    expect(ran).toMatchObject({ code: 1, writes: [] });
    expect(ran.out).toContain('OPENAI_KEY is not set in the environment');
  }
});

test('a text that somebody put into the workspace is never looked up in the environment', async () => {
  const bait = '${env.DATABRICKS_TOKEN}';
  const live = {
    name: 'fraud',
    config: {
      served_entities: [
        {
          name: 'fraud',
          entity_name: 'ml.models.fraud',
          entity_version: '7',
          environment_vars: { LEAK: bait },
        },
      ],
    },
    ai_gateway: { guardrails: { input: { invalid_keywords: [bait] } } },
    email_notifications: { on_update_failure: [bait] },
    permissions: [{ user_name: bait, permission_level: 'CAN_QUERY' }],
    tags: [STAMP, { key: 'note', value: bait }],
  };
  const file = `serving_endpoints:
  fraud:
    config: { served_entities: { fraud: { entity_version: 8, environment_vars: { OWN: "\${env.DATABRICKS_TOKEN}" } } } }
`;
  stage.set(file, { serving_endpoints: [live] });
  const refused = await stage.gatewright(['apply', '--yes']);
  expect(refused).toMatchObject({ code: 3, writes: [] });
  stage.set(file.replace(/, environment_vars.*OWN[^}]*}" }/, ''), { serving_endpoints: [live] });
  await listening(async (url, bodies) => {
    const ran = await stage.gatewright(['apply', '--yes'], { env: { DATABRICKS_HOST: url } });
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 0, out: ran.out });
    const put = bodies
      .map((body) => JSON.parse(body) as JsonObject)
      .find((body) => isObject(body) && 'served_entities' in body);
    expect(JSON.stringify(put)).toContain(`"LEAK":"${bait}"`);
  });
});
