// A .scenario file as data and back. Knows the grammar, not what the sections do; writing back what was
// read gives the same text, so that an update changes expectations and nothing else.

export const SECTIONS = [
  'file',
  'live after',
  'live',
  '$ gatewright',
  'stderr',
  'requests (writes)',
  'requests (counts)',
  'requests',
  'by hand',
  'faults',
  'clock',
  'remove',
  'commit',
  'shallow',
  'file-exists',
  'file-absent',
  'file-is',
  '#',
] as const;
export type SectionKind = (typeof SECTIONS)[number];

export interface Section {
  /** 1-based, of the `===` line. */
  readonly line: number;
  readonly kind: SectionKind;
  readonly argument: string;
  /** `exit: 3` below the head. */
  readonly directives: readonly (readonly [name: string, value: string])[];
  readonly body: readonly string[];
  /** Empty lines before the next section. */
  readonly space: number;
}

export interface Story {
  readonly title: string;
  readonly knownIssue: string | undefined;
  readonly clock: 'real' | 'manual';
  /** As written. */
  readonly preamble: readonly string[];
  readonly sections: readonly Section[];
}

const DIRECTIVES: Partial<Record<SectionKind, readonly string[]>> = {
  '$ gatewright': ['exit', 'env', 'stderr', 'interrupt', 'kill'],
  'by hand': ['status'],
};
const HEADER = ['cites', 'known-issue', 'clock'];
const DIRECTIVE = /^([a-z-]+): (.*)$/;

/** Throws an Error that names the line of what it does not understand. */
export function parseStory(text: string): Story {
  const lines = text.replace(/\n$/, '').split('\n');
  const starts = lines.flatMap((line, index) => (line.startsWith('=== ') ? [index] : []));
  const preamble = lines.slice(0, starts[0] ?? lines.length);
  const sections = starts.map((start, index) =>
    parseSection(lines.slice(start, starts[index + 1]), start + 1),
  );
  for (const [index, section] of sections.entries())
    if (section.kind === 'stderr' && sections[index - 1]?.kind !== '$ gatewright')
      throw new Error(`line ${section.line}: stderr stands directly below its command`);
  return { ...parsePreamble(preamble), preamble, sections };
}

function parsePreamble(lines: readonly string[]): Pick<Story, 'title' | 'knownIssue' | 'clock'> {
  const directives = new Map<string, string>();
  const title: string[] = [];
  for (const [index, line] of lines.entries()) {
    const [, name, value] = DIRECTIVE.exec(line) ?? [];
    if (name !== undefined && HEADER.includes(name)) directives.set(name, value ?? '');
    else if (line.startsWith('#') || line.trim() === '') continue;
    else if (directives.size > 0)
      throw new Error(`line ${index + 1}: neither a section nor one of ${HEADER.join(', ')}`);
    else title.push(line.trim());
  }
  if (title.length === 0) throw new Error('line 1: a story begins with a sentence');
  const clock = directives.get('clock') ?? 'real';
  if (clock !== 'real' && clock !== 'manual') throw new Error('clock: real or manual');
  return { title: title.join(' '), knownIssue: directives.get('known-issue'), clock };
}

function parseSection(lines: readonly string[], line: number): Section {
  const head = lines[0]!.slice('=== '.length);
  const kind = SECTIONS.find((known) => head === known || head.startsWith(`${known} `));
  if (kind === undefined) throw new Error(`line ${line}: no such section: === ${head}`);
  let rest = lines.slice(1);
  const directives: [string, string][] = [];
  for (;;) {
    const [, name, value] = DIRECTIVE.exec(rest[0] ?? '') ?? [];
    if (name === undefined || DIRECTIVES[kind]?.includes(name) !== true) break;
    directives.push([name, value ?? '']);
    rest = rest.slice(1);
  }
  let space = 0;
  while (rest.length > 0 && rest.at(-1)!.trim() === '') {
    space++;
    rest = rest.slice(0, -1);
  }
  return { line, kind, argument: head.slice(kind.length).trim(), directives, body: rest, space };
}

export function formatStory(story: Story): string {
  const lines = [...story.preamble];
  for (const { kind, argument, directives, body, space } of story.sections) {
    lines.push(`=== ${kind}${argument === '' ? '' : ` ${argument}`}`);
    lines.push(...directives.map(([name, value]) => `${name}: ${value}`), ...body, ...Array(space).fill(''));
  }
  return `${lines.join('\n')}\n`;
}

/** Words as a shell would split them; quotes group, nothing is expanded. */
export function splitWords(text: string): string[] {
  return [...text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single),
  );
}
