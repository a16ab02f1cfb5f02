// Every story of test/scenarios, through the built command. GATEWRIGHT_UPDATE=1 writes what was seen into the
// files instead of complaining. See test/scenario/README.md.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertNoProblems, play } from './scenario/play';
import { formatStory, parseStory } from './scenario/story';

const FOLDER = join(__dirname, 'scenarios');
const AT_A_TIME = 3;
const PATIENCE = 300_000;

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn(work: () => Promise<void>): Promise<void> {
  if (running >= AT_A_TIME) await new Promise<void>((go) => waiting.push(go));
  else running++;
  try {
    await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}

beforeAll(() => {
  if (!existsSync(join(__dirname, '../dist/bin/gatewright.js'))) throw new Error('run npm run build first');
});

const files = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.scenario'))
  .sort();

describe.each(files)('%s', (file) => {
  const path = join(FOLDER, file);
  const text = readFileSync(path, 'utf8');
  const story = parseStory(text);
  const title =
    story.knownIssue === undefined ? story.title : `${story.title} (known issue: ${story.knownIssue})`;
  test.concurrent(
    title,
    () =>
      inTurn(async () => {
        const { problems, retold } = await play(story);
        if (process.env.GATEWRIGHT_UPDATE !== '1')
          return assertNoProblems(problems, `test/scenarios/${file}`);
        assertNoProblems(
          problems.filter(({ never }) => never === true),
          `test/scenarios/${file}`,
        );
        if (formatStory(retold) !== text) writeFileSync(path, formatStory(retold));
      }),
    PATIENCE,
  );
});

test('there are stories', () => expect(files.length).toBeGreaterThan(0));
