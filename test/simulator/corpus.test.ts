// Bodies that others really sent: what is valid is taken, what was invented is refused for the right reason.
// They lie outside of the project; where they are absent, the tests are skipped and say so.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Body, LIMIT, SERVICES, type ServicePath, services, start, stopAll } from './support';

afterEach(stopAll);

const ROOT = process.env.GATEWRIGHT_CORPUS ?? join(__dirname, '../../../shared/corpus');
const FOLDER = join(ROOT, 'E');
const FILES = existsSync(FOLDER) ? readdirSync(FOLDER).sort() : [];

interface Case {
  readonly path: ServicePath;
  /** The mask of a PATCH; without it the file is the body of a create. */
  readonly mask?: string;
  /** What the file leaves to a shell: `${CAT}`. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly refused?: string;
  /** After which change it is taken. */
  readonly mended?: (body: Body) => void;
}

const CASES: Readonly<Record<string, Case>> = {
  '01-post-split-70-30-fallback-no-pct.json': { path: 'model-services' },
  '03-post-inference-other-schema.json': { path: 'model-services', variables: { CAT: 'main' } },
  '04-patch-service-policies-llm-judge.json': { path: 'model-services', mask: 'config.service_policies' },
  '06-post-single-destination-comment.json': { path: 'model-services' },
  '07-post-provider-service-custom-plaintext.json': {
    path: 'model-provider-services',
    variables: {
      bedrock_api_key: 'sk-literal-credential',
      BEDROCK_REGION: 'eu-west-1',
      MODEL_ID: 'some-model',
      NATIVE_API_TYPE: 'openai/v1/chat/completions',
      SCHEMA_PARENT: 'schemas/main.logs',
    },
    refused: 'config.allow_all_targets cannot be enabled for a custom provider',
    mended: (body) => {
      body.config.allow_all_targets = false;
    },
  },
  '11-post-invented-foundation-model-type.json': {
    path: 'model-services',
    refused: 'destination_type: "DESTINATION_TYPE_FOUNDATION_MODEL" is not one of',
  },
  '13-patch-rate-limits-empty-list.json': { path: 'model-services', mask: 'config.rate_limits' },
};
/** An answer, not a request. */
const PAGE = '08-list-page-1.json';

function bodyOf(file: string, variables: Readonly<Record<string, string>> = {}): Body {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  return JSON.parse(text.replace(/\$\{(\w+)\}/g, (whole, name) => variables[name] ?? whole));
}

const title = FILES.length > 0 ? `${FILES.length} files of ${FOLDER}` : `skipped: there is no ${FOLDER}`;

(FILES.length > 0 ? describe : describe.skip)(title, () => {
  test('each has its case', () => {
    expect(FILES).toEqual([...Object.keys(CASES), PAGE].sort());
  });

  test.each(FILES.filter((file) => file in CASES))('%s', async (file) => {
    const { path, mask, variables, refused, mended } = CASES[file]!;
    const simulator = await start();
    const { create, get, patch } = services(simulator, path);
    const name = 'main.ai.one';
    if (mask !== undefined)
      await create(name, { config: { ...SERVICES[path].body.config, rate_limits: [LIMIT] } });
    const send = (body: Body) => (mask === undefined ? create(name, body) : patch(name, mask, body));
    const body = bodyOf(file, variables);
    if (refused !== undefined) {
      const answer = await send(body);
      expect(answer).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
      expect(answer.body.message).toContain(refused);
      if (mended === undefined) return;
      mended(body);
    }
    const taken = await send(body);
    expect([taken.status, taken.body.message]).toEqual([200, undefined]);
    expect((await get(name)).body).toEqual(taken.body);
    expect(taken.body.comment).toBe(body.comment);
    if (file.includes('empty-list')) expect(taken.body.config).not.toHaveProperty('rate_limits');
    else if (mask !== undefined) expect(taken.body.config).toMatchObject(body.config);
    else if (body.config.routing) expect(taken.body.config.routing).toEqual(body.config.routing);
    expect(JSON.stringify([taken.body, simulator.snapshot(), simulator.requests])).not.toContain(
      'sk-literal-credential',
    );
  });

  test('a page as another wrote it down is one that is answered here', async () => {
    const page = bodyOf(PAGE);
    const [seed] = page.model_services;
    const simulator = await start({ state: { model_services: [seed, { name: 'system.ai.zzz' }] } });
    const { list } = services(simulator, 'model-services');
    const { body } = await list({ parent: 'schemas/system.ai', page_size: '1' });
    expect(Object.keys(body)).toEqual(Object.keys(page));
    expect(body.model_services[0]).toMatchObject(seed);
  });
});
