// YAML → nodes with places. Takes the part of YAML that can be read in one way only: one document, no tags, no
// directives, no merge keys, few aliases, bounded depth. Bounded while tokens arrive, because what builds and
// reads trees recurses. https://yaml.org/spec/1.2.2/
import { Composer, CST, type Document, Lexer, Parser } from 'yaml';
import { ConvertYaml } from './convert-yaml';
import type { Finding, Findings } from './findings';
import type { Node } from './node';
import type { SourceText, Span } from './source-text';

export const MOST_DEPTH = 64;
export const MOST_ALIASES = 100;
const MOST_SYNTAX_ERRORS = 20;

export interface ReadOptions {
  /** Top-level keys that may have no value: as if they were not there. */
  readonly mayBeBlank?: ReadonlySet<string>;
  /** Nothing in it refers to variables, whatever it looks like. */
  readonly literal?: boolean;
}

/** The file's value, or nothing when it is empty or cannot be read. */
export function readYaml(
  source: SourceText,
  findings: Findings,
  options: ReadOptions = {},
): Node | undefined {
  let document: Document.Parsed | undefined;
  try {
    document = compose(source.text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    findings.error({ ...error.finding, at: source.location(error.span) });
    return undefined;
  }
  for (const error of document?.errors ?? []) {
    findings.error({
      code: 'yaml-syntax',
      message: `not YAML: ${sentence(error.message)}`,
      at: source.location({ start: error.pos[0], end: error.pos[1] }),
    });
  }
  if (!document?.contents || document.errors.length > 0) return undefined;
  return new ConvertYaml(source, findings, options).root(document.contents);
}

class Refusal extends Error {
  constructor(
    readonly finding: Finding,
    readonly span: Span,
  ) {
    super(finding.code);
  }
}

function compose(text: string): Document.Parsed | undefined {
  const parser = new Parser();
  const composer = new Composer({ uniqueKeys: false, schema: 'core', version: '1.2', logLevel: 'silent' });
  const limit = new SyntaxErrorLimit(() => parser.offset);
  limit.watch(composer);
  const documents: Document.Parsed[] = [];
  let begun = false;
  const take = (tokens: Iterable<CST.Token>) => {
    for (const token of tokens) {
      if (token.type === 'error') limit.count();
      if (token.type === 'document' && begun) throw secondDocument(token.offset);
      begun ||= token.type === 'document';
      for (const document of composer.next(token)) documents.push(document as Document.Parsed);
    }
  };
  const lexemes = new Lexemes();
  for (const lexeme of new Lexer().lex(text)) {
    lexemes.check(lexeme, parser.offset);
    take(parser.next(lexeme));
    // Each level of nesting stands once on the parser's stack, above the document.
    if (parser.stack.length > MOST_DEPTH + 2) throw tooDeep(parser.offset - lexeme.length);
  }
  take(parser.end());
  for (const document of composer.end()) documents.push(document as Document.Parsed);
  return documents[0];
}

/** Refuses by lexeme what is not to be read at all. */
class Lexemes {
  #text = false;
  #aliases = 0;

  check(lexeme: string, offset: number): void {
    const type = this.#text ? undefined : CST.tokenType(lexeme);
    this.#text = type === 'scalar';
    const span = { start: offset, end: offset + lexeme.length };
    if (type === 'directive-line') {
      throw new Refusal(
        {
          code: 'unsupported-yaml',
          message: 'YAML directives are not supported',
          help: 'Remove the line: a directive changes how the rest is read.',
        },
        span,
      );
    }
    if (type === 'tag') {
      throw new Refusal(
        {
          code: 'unsupported-yaml',
          message: 'YAML tags are not supported',
          help: 'Remove the tag; write text in quotes to keep it text.',
        },
        span,
      );
    }
    if (type === 'anchor' || type === 'alias') this.#aliases += 1;
    if (this.#aliases > MOST_ALIASES) {
      throw new Refusal(
        {
          code: 'unsupported-yaml',
          message: `more than ${MOST_ALIASES} anchors and aliases stand in this file`,
          help: 'Use presets for what several entries have in common.',
        },
        span,
      );
    }
  }
}

/** The composer keeps every error; a file that is not YAML at all has one for each of its characters. */
class SyntaxErrorLimit {
  #errors = 0;

  constructor(private readonly offset: () => number) {}

  watch(composer: Composer): void {
    type Listening = { onError?: (...details: unknown[]) => void };
    const listening = composer as unknown as Listening;
    const report = listening.onError;
    if (report === undefined) return;
    listening.onError = (...details) => {
      this.count();
      report(...details);
    };
  }

  count(): void {
    this.#errors += 1;
    if (this.#errors <= MOST_SYNTAX_ERRORS) return;
    const start = this.offset();
    throw new Refusal(
      { code: 'yaml-syntax', message: 'not YAML: too many syntax errors to list' },
      { start, end: start + 1 },
    );
  }
}

function secondDocument(start: number): Refusal {
  return new Refusal(
    {
      code: 'unsupported-yaml',
      message: 'a second YAML document begins here',
      help: 'Write one document a file, and list the files under include.',
    },
    { start, end: start + 3 },
  );
}

function tooDeep(start: number): Refusal {
  return new Refusal(
    { code: 'too-deep', message: `values are nested more than ${MOST_DEPTH} deep` },
    { start, end: start + 1 },
  );
}

function sentence(message: string): string {
  const first = message.split('\n', 1)[0]!.replace(/[:.]$/, '');
  return first.charAt(0).toLowerCase() + first.slice(1);
}
