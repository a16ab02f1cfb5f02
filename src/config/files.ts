// Reads the files of a project: bytes → text → nodes, each held against the schema, within limits on size and number.
// Yields what stands in each; what it means together is for the project.
import type { Location } from '../model/diagnostic';
import { findCredentials, hide } from './credentials';
import { decode } from './decode';
import { explain } from './explain';
import type { Findings } from './findings';
import { includedFiles } from './include';
import { type MapNode, type Node, plain } from './node';
import { readYaml } from './read-yaml';
import { SECTIONS } from './sections';
import { type FileSource, MOST_BYTES, MOST_BYTES_PER_FILE, MOST_FILES, type ReadProblem } from './source';
import { schemaErrors } from './validators';

export interface ProjectFile {
  readonly file: string;
  readonly isRoot: boolean;
  readonly node: MapNode;
}

export interface ProjectFiles {
  readonly files: readonly ProjectFile[];
  /** Every file that was asked for, read or not. */
  readonly names: readonly string[];
  /** As it may be shown: credentials are starred out. */
  readonly texts: ReadonlyMap<string, string>;
}

export function readProjectFiles(root: string, source: FileSource, findings: Findings): ProjectFiles {
  const reader = new Reader(source, findings);
  const rootNode = reader.read(root, undefined);
  const included = includedFiles(root, rootNode, source, findings);
  for (const { file, at } of included) {
    if (!reader.roomFor(at)) break;
    reader.read(file, at);
  }
  return { files: reader.files, names: reader.names, texts: reader.texts };
}

const PROBLEMS: Readonly<Record<ReadProblem, { readonly code: string; readonly says: string }>> = {
  missing: { code: 'include-missing', says: 'does not exist' },
  outside: { code: 'include-outside', says: 'leads outside the project' },
  'not-a-file': { code: 'include-missing', says: 'is not a regular file' },
  'too-large': { code: 'too-large', says: `is larger than ${MOST_BYTES_PER_FILE} bytes` },
  unreadable: { code: 'unreadable', says: 'cannot be read' },
};

/** A section whose entries are all commented out. */
const MAY_BE_BLANK = new Set([
  'include',
  'variables',
  'presets',
  'targets',
  ...SECTIONS.map(({ kind }) => kind),
]);

const NO_PROJECT_HELP = 'Run this in the folder of gatewright.yaml, or write one with: gatewright init';

class Reader {
  readonly files: ProjectFile[] = [];
  readonly names: string[] = [];
  readonly texts = new Map<string, string>();
  #bytes = 0;

  constructor(
    private readonly source: FileSource,
    private readonly findings: Findings,
  ) {}

  /** False, with an error, when another file would be too much. */
  roomFor(at: Location): boolean {
    const full = this.names.length >= MOST_FILES || this.#bytes > MOST_BYTES;
    if (full) {
      const message = `the project has more than ${MOST_FILES} files or ${MOST_BYTES / 1_000_000} MB`;
      this.findings.error({ code: 'too-large', message, at });
    }
    return !full;
  }

  read(file: string, at: Location | undefined): Node | undefined {
    this.names.push(file);
    const answer = this.source.read(file);
    if ('problem' in answer) return this.#refuse(file, answer.problem, at);
    if (answer.bytes.length > MOST_BYTES_PER_FILE) return this.#refuse(file, 'too-large', at);
    this.#bytes += answer.bytes.length;
    const { source: text, sound } = decode(file, answer.bytes, this.findings);
    this.texts.set(file, text.text);
    const node = sound ? readYaml(text, this.findings, { mayBeBlank: MAY_BE_BLANK }) : undefined;
    const secrets = findCredentials(text, node, this.findings);
    if (secrets.length > 0) this.texts.set(file, hide(text.text, secrets));
    if (node === undefined) return undefined;
    explain(schemaErrors('file', plain(node)), node, this.findings, 'file');
    if (node.kind === 'map') this.files.push({ file, isRoot: at === undefined, node });
    return node;
  }

  #refuse(file: string, problem: ReadProblem, at: Location | undefined): undefined {
    const { code, says } = PROBLEMS[problem];
    const message = `${file} ${says}`;
    if (at !== undefined) this.findings.error({ code, message, at });
    else if (problem !== 'missing') this.findings.error({ code, message });
    else this.findings.error({ code: 'no-project', message, help: NO_PROJECT_HELP });
    return undefined;
  }
}
