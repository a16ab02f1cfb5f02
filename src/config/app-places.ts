// Places in a construct program, as the program handed them over: named from the project, with the text around them for
// code frames. Knows nothing of what stands there.
import path from 'node:path';
import type { Location } from '../model/diagnostic';
import { isList, isObject, type Json } from '../model/json';
import { findCredentials, hide } from './credentials';
import { decode } from './decode';
import { Findings } from './findings';
import { locate, type Node, textOf } from './node';
import type { FileSource } from './source';
import { SourceText, type Span } from './source-text';

export interface PlaceTree {
  at?: Span;
  readonly below: Map<string, PlaceTree>;
}

/** Its spans are numbers of places: values of one map may come from many files. */
export class AppPlaces extends SourceText {
  /** The files of the project in which places lie, as they may be shown. */
  readonly texts = new Map<string, string>();
  readonly #lines = new Map<string, readonly string[] | undefined>();
  readonly #known: { readonly at: Location; readonly by: string }[] = [];

  /** What has no place of its own stands where `app` names the program. */
  constructor(
    private readonly app: Node,
    private readonly directory: string,
    private readonly source: FileSource,
  ) {
    super(textOf(app) ?? '', '');
  }

  #add(at: Location, by: string): Span {
    this.#known.push({ at, by });
    return { start: this.#known.length - 1, end: this.#known.length };
  }

  override location(span: Span): Location {
    return this.#known[span.start]?.at ?? { file: this.file, line: 1, column: 1 };
  }

  override writtenBy(span: Span): string | undefined {
    const by = this.#known[span.start]?.by ?? '';
    return by === '' ? undefined : `construct ${by}`;
  }

  tree(places: Json | undefined, by: string): PlaceTree {
    const top: PlaceTree = { below: new Map() };
    for (const each of listOf(places)) {
      const [steps, at] = listOf(each);
      let tree = top;
      for (const step of listOf(steps)) {
        const name = String(step);
        const next = tree.below.get(name) ?? { below: new Map() };
        tree.below.set(name, next);
        tree = next;
      }
      tree.at = this.spanOf(at, by);
    }
    return top;
  }

  /** A place as the program handed it over; `by` is the construct. */
  spanOf(at: Json | undefined, by: string): Span {
    if (!isObject(at) || typeof at.file !== 'string') return this.#add(locate(this.app), by);
    const { file, line, column } = at;
    const named = path.relative(this.directory, file).split(path.sep).join('/');
    const place = {
      file: named,
      line: typeof line === 'number' && line > 0 ? line : 1,
      column: typeof column === 'number' && column > 0 ? column : 1,
    };
    const text = this.#linesOf(named)?.[place.line - 1]?.slice(place.column - 1) ?? '';
    return this.#add({ ...place, length: Math.max(1, /^(?:new\s+)?[\w$.]*/.exec(text)![0].length) }, by);
  }

  /** Text for code frames; a file that cannot be shown is still named. */
  #linesOf(file: string): readonly string[] | undefined {
    if (this.#lines.has(file)) return this.#lines.get(file);
    const isInside = file !== '' && !file.startsWith('../') && !path.isAbsolute(file);
    const answer = isInside ? this.source.read(file) : undefined;
    let lines: readonly string[] | undefined;
    if (answer !== undefined && 'bytes' in answer) {
      // Whatever is wrong with the text is no business of ours: it is shown, not read.
      const { source, sound } = decode(file, answer.bytes, new Findings());
      if (sound) this.texts.set(file, hide(source.text, findCredentials(source, undefined, new Findings())));
      lines = sound ? source.text.split('\n') : undefined;
    }
    this.#lines.set(file, lines);
    return lines;
  }
}

const listOf = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);
