// Names from files and workspaces against Markdown: whatever they hold, they stay text; however many, one comment.
import fc from 'fast-check';
import type { Plan } from '../../src/plan/types';
import { applyMarkdown } from '../../src/render/apply-markdown';
import { MARKDOWN_LIMIT } from '../../src/render/comment';
import { code, fence, htmlCode, plain } from '../../src/render/markdown';
import { routingChart } from '../../src/render/mermaid';
import { planGithub } from '../../src/render/plan-github';
import { planJunit } from '../../src/render/plan-junit';
import { planMarkdown } from '../../src/render/plan-markdown';
import { planSarif } from '../../src/render/plan-sarif';
import { planText } from '../../src/render/plan-text';
import { examplePlan } from './example';
import { wellFormed } from './well-formed';

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Pieces that mean something to somebody, and anything else. */
const hostile = fc
  .array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          '`',
          '```',
          '````',
          '~~~',
          '|',
          '\\',
          '\\|',
          '<',
          '>',
          '</details>',
          '</summary>',
          '<!--',
          '-->',
          '<script>',
          '[a](http://x.example)',
          '![a](b)',
          '@everyone',
          '@org/team',
          '#12',
          'GH-12',
          'https://x.example',
          'www.x.example',
          'ana@example.com',
          '**b**',
          '_i_',
          '$x$',
          '&amp;',
          '&#64;',
          '\n',
          '\r\n',
          '\n\n# h',
          '\t',
          '\u001b[31m',
          '\u202e',
          '\u200b',
          '\u0000',
          '\ud800',
          '::error::x',
          '##[group]',
          ']]>',
          '"',
          "'",
          '{{secrets/a/b}}',
          '- x',
          '1. x',
          ':--',
          '    x',
          ' ',
          '%0A',
        ),
      },
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''));

/** What is left of inline Markdown once all that is quoted and all that we write ourselves is taken out. */
function bare(line: string): string {
  return (
    line
      .replace(/(?<![\\`])(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')
      // Inside, every character that means anything is an entity, and no host looks for mentions there.
      .replace(/<code>([^<>"'`*_[\]{}~|$\\@&]|&#\d+;)*<\/code>/g, '')
      .replace(/<\/?(details|summary)>|<br>/g, '')
      .replace(/\\[\\`*_{}[\]~!+=.)-]/g, '')
      .replace(/&(amp|lt|gt|#\d+);/g, (entity) => (entity === '&#8203;' ? '\u200b' : ''))
  );
}

/** Nothing in it can be read as markup, a mention, a reference or a link. */
function inert(line: string): string[] {
  const rest = bare(line);
  return [
    ...(rest.match(/[<>`*_[\]{}~|&$\\]/g) ?? []).map((mark) => `${mark} in ${line}`),
    ...(rest.match(/@(?!\u200b)|#(?!\u200b)|:(?=\/\/)|www\.|gh-\d/gi) ?? []).map(
      (mark) => `${mark} in ${line}`,
    ),
    ...(CONTROL.test(line) ? [`a control character in ${JSON.stringify(line)}`] : []),
  ];
}

test.each<[string, string]>([
  ['a sentence', 'a sentence'],
  ['a|b', 'a&#124;b'],
  ['<b>', '&lt;b&gt;'],
  ['@ana #1 https://x.example', '@&#8203;ana #&#8203;1 https:&#8203;//x.example'],
  ['- x', '\\- x'],
  ['1. x', '1\\. x'],
  ['# x', '#&#8203; x'],
  ['a\nb', 'a\\\\u000ab'],
])('as text: %j', (text, shown) => {
  expect(plain(text)).toBe(shown);
});

test.each<[string, string]>([
  ['chat-prod', '`chat-prod`'],
  ['user:ana@example.com', '`user:ana@example.com`'],
  ['a`b', '<code>a&#96;b</code>'],
  ['a|b', '<code>a&#124;b</code>'],
  ['', '<code></code>'],
])('as a name: %j', (name, shown) => {
  expect(code(name)).toBe(shown);
});

test('whatever a text holds, it stays text', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(inert(plain(text))).toEqual([]);
      expect(inert(code(text))).toEqual([]);
      expect(htmlCode(text).replace(/^<code>|<\/code>$/g, '')).not.toMatch(/[<>"'`|@]/);
      expect(plain(text)).not.toMatch(/^([-+=]|\d+[.)]|\s)/);
    }),
    { numRuns: 3000 },
  );
});

test('whatever a code block holds, its fence is the first that can close it', () => {
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 5 }), (lines) => {
      const [open = '', ...rest] = fence(lines, 'diff');
      const marks = /^`+/.exec(open)?.[0] ?? '';
      expect(rest).toHaveLength(lines.length + 1);
      expect(rest.findIndex((line) => line.includes(marks))).toBe(rest.length - 1);
      expect(rest.every((line) => !CONTROL.test(line))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('whatever a model is called, a chart holds only what it is made of', () => {
  fc.assert(
    fc.property(hostile, (label) => {
      const answers = [{ entity: 'a', label, points: 100 }];
      const side = { answers, fallback: false };
      for (const line of routingChart({ before: side, after: side }))
        expect(line).toMatch(
          /^(flowchart TB| {2}(subgraph \w+ \["[\w, ]+"\]|end|before ~~~ after)| {4}(direction LR|\w\(\["calls"\]\)|\w --> ?\|"100 #37;"\| \w0\["[^"`<>|;{}[\]()]*(#\d+;[^"`<>|{}[\]()]*)*"\]))$/,
        );
    }),
    { numRuns: 1000 },
  );
});

/** The example with every text that comes from a file or the workspace spoilt. */
const EXAMPLE = examplePlan();

function spoilt(poison: string): Plan {
  const OURS = new Set([
    'code',
    'action',
    'availability',
    'direction',
    'kind',
    'format',
    'digest',
    'severity',
    'guard',
    'origin',
    'phase',
    'reach',
    'period',
  ]);
  const walk = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return OURS.has(key) ? value : `${value}${poison}`;
    if (Array.isArray(value)) return value.map((one) => walk(one, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, name)]));
  };
  return walk(EXAMPLE) as Plan;
}

/** A document as blocks: lines outside of code blocks, with what opened there closed there. */
function outside(markdown: string): string[] {
  const lines: string[] = [];
  let fenced: string | undefined;
  for (const line of markdown.split('\n')) {
    const marks = /^(`{3,})(\w*)$/.exec(line)?.[1];
    if (fenced !== undefined) {
      if (line === fenced) fenced = undefined;
      else if (new RegExp(`^ {0,3}\`{${fenced.length},}\\s*$`).test(line))
        throw new Error(`closed early by ${line}`);
    } else if (marks !== undefined) fenced = marks;
    else lines.push(line);
  }
  if (fenced !== undefined) throw new Error('a code block is left open');
  return lines;
}

function cells(row: string): number {
  return row.replace(/\\./g, '').split('|').length - 2;
}

test('a plan full of hostile names keeps its shape in every format', () => {
  const good = outside(planMarkdown(EXAMPLE));
  const count = (lines: readonly string[], start: string) =>
    lines.filter((line) => line.startsWith(start)).length;
  fc.assert(
    fc.property(hostile, (poison) => {
      const plan = spoilt(poison);
      const lines = outside(planMarkdown(plan));
      for (const start of ['<details>', '</details>', '<summary>', '| ', '### ', '- ', '<!-- '])
        expect([start, count(lines, start)]).toEqual([start, count(good, start)]);
      for (const line of lines.filter((one) => one.startsWith('| '))) {
        expect(cells(line)).toBe(2);
        if (!line.startsWith('| ---'))
          for (const cell of line.slice(2, -2).split(' | '))
            expect(inert(cell.replace(/\*\*loosens\*\*/, ''))).toEqual([]);
      }
      for (const line of lines.filter((one) => /^(- |### |Workspace)/.test(one)))
        expect(inert(line.replace(/^(- |### )|\*\*warning\*\*/g, ''))).toEqual([]);
      for (const line of lines.filter((one) => one.startsWith('<summary>'))) expect(inert(line)).toEqual([]);
      for (const view of ['plan', 'drift'] as const) {
        expect(wellFormed(planJunit(plan, view))).toEqual([]);
        for (const line of planGithub(plan, { as: view }).trimEnd().split('\n')) {
          expect(line).toMatch(/^(::(error|warning|notice) (\w+=[^,:]*,?)*::|Plan \(|Drift \(|Digest )/);
          expect(CONTROL.test(line)).toBe(false);
        }
      }
      const sarif = planSarif(plan, { as: 'plan', version: '0.0.0', fallback: 'gatewright.yaml' });
      expect(() => JSON.parse(sarif)).not.toThrow();
      for (const text of [sarif, planText(plan), planMarkdown(plan)])
        expect(CONTROL.test(text.replace(/\n/g, ''))).toBe(false);
    }),
    { numRuns: 100 },
  );
});

/** `size` changes, each with a name that is `length` characters longer than it need be. */
function large(size: number, length: number): Plan {
  const plan = examplePlan();
  const changes = Array.from({ length: size }, (_, index) => {
    const change = plan.changes[index % plan.changes.length]!;
    const name = `${change.name}-${index}${'|`'.repeat(length / 2)}`;
    return { ...change, name, address: `${change.kind}.${name}` };
  });
  const notices = Array.from({ length: size / 10 }, (_, index) => ({
    ...plan.notices[0]!,
    address: `a.${index}`,
  }));
  const orphans = Array.from({ length: size }, (_, index) => ({ kind: 'a', name: `orphan-${index}` }));
  return { ...plan, changes, notices, orphans };
}

describe('one comment holds it, and nothing is cut in the middle', () => {
  test.each([
    [1000, 0],
    [1000, 200],
    [1000, 20_000],
    [10_000, 0],
    [300, 40],
  ])('%s changes, names longer by %s', (size, length) => {
    const plan = large(size, length);
    const text = planMarkdown(plan);
    expect(text.length).toBeLessThan(MARKDOWN_LIMIT);
    expect(text.length).toBeLessThan(60_000);
    const lines = outside(text);
    const of = (start: string) => lines.filter((line) => line.startsWith(start)).length;
    expect(of('<details>')).toBe(of('</details>'));
    expect(text).toMatch(/^Left out to fit into one comment: .*`gatewright plan` tells all\.$/m);
    expect(text.trimEnd().endsWith(`Digest \`${plan.digest}\``)).toBe(true);
    for (const line of lines.filter((one) => one.startsWith('| '))) expect(cells(line)).toBe(2);
    const results = plan.changes.map(({ address, kind, name }) => ({
      subject: { address, kind, name },
      outcome: 'failed' as const,
      message: 'no',
    }));
    expect(applyMarkdown(plan, results).length).toBeLessThan(60_000);
  });

  test('whatever the size of the plan, of its names and of the room', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 1200 }),
        fc.nat({ max: 400 }),
        fc.integer({ min: 4_000, max: MARKDOWN_LIMIT }),
        fc.constantFrom('plan' as const, 'drift' as const),
        (size, length, limit, as) => {
          const text = planMarkdown(large(size, length), { as, limit });
          expect(text.length).toBeLessThan(limit);
          const lines = outside(text);
          const of = (start: string) => lines.filter((line) => line.startsWith(start)).length;
          expect(of('<details>')).toBe(of('</details>'));
          expect(of('<summary>')).toBe(of('<details>'));
          for (const line of lines.filter((one) => one.startsWith('| '))) expect(cells(line)).toBe(2);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('the worst go in first, and the room is used', () => {
    const text = planMarkdown(large(1000, 0));
    const rows = text.split('\n').filter((line) => line.startsWith('| `'));
    const refused = rows.findLastIndex((row) => row.includes('<br>refused: '));
    expect(rows.slice(0, refused + 1).every((row) => row.includes('<br>refused: '))).toBe(true);
    expect(refused).toBe(1);
    expect(rows[2]).toContain('replace');
    expect(rows.length).toBeGreaterThan(150);
    expect(text.length).toBeGreaterThan(50_000);
    expect(text).toContain('<details>');
  });

  test('what fits is not called left out', () => {
    expect(planMarkdown(examplePlan())).not.toContain('Left out');
  });
});
