// One plan of every kind of change in every format, against files; and what each format promises its reader.
import Ajv from 'ajv/dist/2020';
import eventsSchema from '../../schemas/events.schema.json';
import type { Plan } from '../../src/plan/types';
import type { ApplyEvent, Outcome, Result } from '../../src/reconcile/events';
import { applyGithub } from '../../src/render/apply-github';
import { applyJunit } from '../../src/render/apply-junit';
import { applyMarkdown } from '../../src/render/apply-markdown';
import { EVENTS_FORMAT, eventLine, finishedLine } from '../../src/render/apply-ndjson';
import { driftText } from '../../src/render/drift-text';
import { planGithub } from '../../src/render/plan-github';
import { planJunit } from '../../src/render/plan-junit';
import { planMarkdown } from '../../src/render/plan-markdown';
import { planSarif } from '../../src/render/plan-sarif';
import { planText } from '../../src/render/plan-text';
import { examplePlan, originPlan } from './example';
import { expectGolden } from './golden';
import { wellFormed } from './well-formed';

const plan = examplePlan();
const run = { version: '0.0.0', fallback: 'gatewright.yaml' };

const PREFACE = `<!-- biome-ignore-all format: as the command writes it -->

# A plan as a comment

Below the line is what \`gatewright plan -o markdown\` writes for a plan of ten changes, as a pull request shows it. However large a
plan, its comment stays under 60,000 characters: then the table holds the worst, folds tell as much as fits, and a line says what was
left out. Names and values from files and workspaces cannot become markup, links or mentions. A bot that posts it finds its own comment
again by the first line.

---

`;

test('the plan has ten changes of every kind', () => {
  expect(plan.changes).toHaveLength(10);
  expect(new Set(plan.changes.map(({ action }) => action))).toEqual(
    new Set(['create', 'update', 'replace', 'adopt', 'release']),
  );
});

test.each<[string, (plan: Plan) => string]>([
  ['plan.txt', (one) => planText(one)],
  ['drift.txt', (one) => driftText(one)],
  ['drift.md.txt', (one) => planMarkdown(one, { as: 'drift' })],
  ['plan.sarif', (one) => planSarif(one, { ...run, as: 'plan' })],
  ['plan.junit.xml', (one) => planJunit(one, 'plan')],
  ['drift.junit.xml', (one) => planJunit(one, 'drift')],
  ['plan.github.txt', (one) => planGithub(one, { as: 'plan' })],
  ['drift.github.txt', (one) => planGithub(one, { as: 'drift' })],
])('%s', (file, render) => {
  expectGolden(`test/render/goldens/${file}`, render(plan));
});

test('the example in the documentation is this plan as Markdown', () => {
  expectGolden('docs/example-comment.md', `${PREFACE}${planMarkdown(plan)}`);
});

describe('against a base', () => {
  const traced = originPlan();

  test.each<[string, () => string]>([
    ['origin.txt', () => planText(traced)],
    ['origin.md.txt', () => planMarkdown(traced)],
    ['origin.junit.xml', () => planJunit(traced, 'plan')],
    ['origin.github.txt', () => planGithub(traced, { as: 'plan' })],
  ])('%s', (file, render) => {
    expectGolden(`test/render/goldens/${file}`, render());
  });

  test('what undoes a hand edit is a result of its own in SARIF, whichever way it moves', () => {
    const { results, tool } = JSON.parse(planSarif(traced, { ...run, as: 'plan' })).runs[0];
    const undone = results.filter(({ ruleId }: { ruleId: string }) => ruleId.startsWith('hand-edit/'));
    const named = (sort: string, name: string) =>
      undone.find(
        ({ ruleId, message }: { ruleId: string; message: { text: string } }) =>
          ruleId === `hand-edit/${sort}` && message.text.startsWith(`${name}: `),
      );
    expect(named('reverted', 'support-chat').message.text).toContain('live 120, base 60, desired 60');
    expect(named('overwritten', 'search-embed').message.text).toContain('live 120, base 100, desired 600');
    expect(named('made-anew', 'new-chat').message.text).toContain('MAKES ANEW what origin/main has');
    expect(named('reverted', 'rank')).toBeUndefined();
    for (const { level } of undone) expect(level).toBe('warning');
    const { rules } = tool.driver;
    for (const { ruleIndex, ruleId } of undone) expect(rules[ruleIndex].id).toBe(ruleId);
  });

  test('the table says it of every resource that loses a hand edit, also where room is short', () => {
    for (const limit of [60_000, 4_000]) {
      const rows = planMarkdown(traced, { limit })
        .split('\n')
        .filter((line) => line.startsWith('| `'));
      const loud = rows.filter((line) => /\*\*(REVERTS|OVERWRITES|MAKES ANEW)/.test(line));
      expect(loud.length).toBeGreaterThan(0);
      expect(rows.filter((line) => /`(support-chat|search-embed|new-chat)`/.test(line))).toEqual(
        loud.filter((line) => /`(support-chat|search-embed|new-chat)`/.test(line)),
      );
    }
  });

  test('a base whose name is a wall of markup neither breaks the comment nor fills it', () => {
    const named = { ...traced, base: { name: '</details>@example`|'.repeat(5_000) } };
    for (const as of ['plan', 'drift'] as const) {
      const text = planMarkdown(named, { as });
      expect(text.length).toBeLessThan(60_000);
      expect(text.match(/<\/details>/g)).toHaveLength(text.match(/<details>/g)?.length ?? 0);
      expect(text).toContain('`support-chat`');
    }
  });

  test('without a base, and as drift, nobody is said to have made a change', () => {
    for (const text of [
      planMarkdown(plan),
      planMarkdown(traced, { as: 'drift' }),
      planGithub(plan, { as: 'plan' }),
    ])
      expect(text).not.toMatch(/REVERTS|OVERWRITES|MAKES ANEW|by hand/);
    expect(planMarkdown(traced, { as: 'drift' })).toContain('differ from origin/main');
  });
});

test('80 columns, but for what cannot be broken', () => {
  const wide = planText(plan)
    .split('\n')
    .filter((line) => [...line].length > 80);
  expect(wide).toEqual([]);
});

describe('SARIF, as code scanning takes it', () => {
  const parsed = (text: string) => JSON.parse(text).runs[0];
  const sarif = (one: Plan) => parsed(planSarif(one, { ...run, as: 'plan' }));

  test('each result has a rule of the list, a place from 1, and a fingerprint of its own', () => {
    const { results, tool } = sarif(plan);
    const rules = tool.driver.rules.map(({ id }: { id: string }) => id);
    const prints = new Set();
    for (const result of results) {
      expect(rules[result.ruleIndex]).toBe(result.ruleId);
      const [{ physicalLocation }] = result.locations;
      expect(physicalLocation.artifactLocation.uri).toMatch(/^[^/\\].*\.yaml$/);
      expect(physicalLocation.region.startLine).toBeGreaterThanOrEqual(1);
      expect(physicalLocation.region.startColumn).toBeGreaterThanOrEqual(1);
      prints.add(result.partialFingerprints.primaryLocationLineHash);
    }
    expect(prints.size).toBe(results.length);
  });

  test('what has no place of its own is shown at the root file', () => {
    const { results } = sarif(plan);
    const released = results.find(({ ruleId }: { ruleId: string }) => ruleId === 'effect/released');
    expect(released.locations[0].physicalLocation.artifactLocation.uri).toBe('gatewright.yaml');
  });

  test('a fingerprint outlives moved lines and other values', () => {
    const moved = JSON.parse(JSON.stringify(plan).replace(/"line":(\d+)/g, '"line":1$1')) as Plan;
    const other = {
      ...moved,
      changes: moved.changes.map((change) => ({
        ...change,
        effects: change.effects.map((effect) => ({ ...effect, text: `${effect.text}, or so` })),
        differences: change.differences.map((one) => ({
          ...one,
          effect: { ...one.effect, text: `${one.effect.text}, or so` },
        })),
      })),
    } as Plan;
    const prints = (one: Plan) =>
      sarif(one).results.map((result: { partialFingerprints: object }) => result.partialFingerprints);
    expect(prints(other)).toEqual(prints(plan));
    expect(sarif(other)).not.toEqual(sarif(plan));
  });

  test('files are named from the top of the checkout, and safe in a URI', () => {
    const odd = JSON.parse(JSON.stringify(plan).replaceAll('gateways/chat.yaml', 'g w/ch#at%.yaml')) as Plan;
    const file = (name: string) => `infra/${name}`;
    const { results } = parsed(planSarif(odd, { ...run, as: 'plan', file }));
    const uris = new Set(
      results.map(
        (result: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
          result.locations[0]?.physicalLocation.artifactLocation.uri,
      ),
    );
    expect(uris).toContain('infra/g%20w/ch%23at%25.yaml');
  });
});

describe('JUnit', () => {
  test('it is well-formed, and counts what it holds', () => {
    for (const xml of [planJunit(plan, 'plan'), planJunit(plan, 'drift')]) {
      expect(wellFormed(xml)).toEqual([]);
      const [, tests, failures] = /<testsuites name="[^"]*" tests="(\d+)" failures="(\d+)"/.exec(xml) ?? [];
      expect(xml.match(/<testcase /g)).toHaveLength(Number(tests));
      expect(xml.match(/<failure /g)).toHaveLength(Number(failures));
    }
  });

  test('as drift, only what differs fails; what is as the files say passes', () => {
    const xml = planJunit(plan, 'drift');
    expect(xml).toContain('<testcase classname="serving_endpoints" name="quiet-chat"/>');
    expect(xml).toMatch(/name="old-chat">\n\s+<failure message="still there though removed" type="drift"\/>/);
    expect(xml).toMatch(
      /name="watched-chat">\n\s+<failure message="1 field differs from the files" type="drift">/,
    );
    expect(xml).toMatch(/name="forgotten-chat">\n\s+<failure [^>]*type="orphan"/);
  });
});

describe('annotations', () => {
  test('the worst come first: GitHub shows ten of a kind', () => {
    const lines = planGithub(plan, { as: 'plan' }).split('\n');
    const kinds = lines.flatMap((line) => /^::(error|warning|notice) /.exec(line)?.[1] ?? []);
    const ranks = ['error', 'warning', 'notice'];
    expect(kinds).toEqual([...kinds].sort((a, b) => ranks.indexOf(a) - ranks.indexOf(b)));
    expect(new Set(kinds)).toEqual(new Set(ranks));
  });

  test('in drift, what is looser than the files say is an error', () => {
    const text = planGithub(plan, { as: 'drift' });
    expect(text).toMatch(
      /^::error .*title=effect\/limit-lowered::support-chat differs from the files. Applying them: the default user limit falls/m,
    );
    expect(text).toMatch(/^::warning .*title=effect\/limit-raised::search-embed/m);
  });
});

const OUTCOMES: readonly Outcome[] = [
  'applied',
  'accepted',
  'already',
  'stale',
  'failed',
  'partial',
  'unproved',
  'unknown',
  'not-started',
  'applied',
];
const results = plan.changes.map(({ address, kind, name }, index): Result => {
  const outcome = OUTCOMES[index] ?? 'applied';
  const bad = outcome === 'stale' || outcome === 'unproved';
  return {
    subject: { address, kind, name },
    outcome,
    ...(outcome === 'applied' ? {} : { message: `it is ${outcome}` }),
    ...(outcome === 'failed' ? { help: 'Try again.' } : {}),
    ...(bad ? { fields: [{ path: 'tags[team]', expected: 'a', found: '(none)' }] } : {}),
  };
});

describe('an apply', () => {
  test.each<[string, () => string]>([
    ['apply.md.txt', () => applyMarkdown(plan, results)],
    ['apply.junit.xml', () => applyJunit(plan, results)],
    ['apply.github.txt', () => applyGithub(plan, results)],
  ])('%s', (file, render) => {
    expectGolden(`test/render/goldens/${file}`, render());
  });

  test('its test results are well-formed', () => {
    expect(wellFormed(applyJunit(plan, results))).toEqual([]);
  });

  test('that wrote nothing does not say that nothing was to do', () => {
    expect(applyMarkdown(plan, [])).toContain('### Gatewright apply for prod: nothing was written');
    expect(applyMarkdown({ ...plan, changes: [] }, [])).toContain('nothing to do');
  });

  test('its events fit their schema, one object a line, the first with the format and the last with the exit', () => {
    const [change] = plan.changes;
    if (change === undefined) throw new Error('no change');
    const subject = { address: change.address, kind: change.kind, name: 'a\nb\u001b[31m' };
    const events: ApplyEvent[] = [
      { type: 'started', changes: 1 },
      { type: 'change-started', subject, steps: 2 },
      {
        type: 'step-done',
        subject,
        step: 1,
        of: 2,
        operation: 'serving-endpoints.put-ai-gateway',
        sent: true,
      },
      { type: 'waiting', subject, reason: 'its config is being updated', forMs: 2000.4 },
      ...results.map((result): ApplyEvent => ({ type: 'change-done', result })),
    ];
    const text = [
      ...events.map((event) => eventLine(event, plan, 0)),
      eventLine({ type: 'finished', results }, plan, 0),
      finishedLine({ results, interrupted: false, exit: 7 }, 0),
    ].join('');
    expect(text.endsWith('}\n')).toBe(true);
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(events.length + 1);
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(eventsSchema);
    for (const line of lines) {
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      validate(JSON.parse(line));
      expect(validate.errors).toBeNull();
    }
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ format: EVENTS_FORMAT, digest: plan.digest });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      type: 'finished',
      exit: 7,
      outcomes: { applied: 2 },
    });
  });
});
