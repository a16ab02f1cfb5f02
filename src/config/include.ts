// Which files belong to a project: the root and what its `include` names, each read once, all of them inside the
// project. Knows paths; not what files say.
import path from 'node:path';
import picomatch from 'picomatch';
import type { Location } from '../model/diagnostic';
import type { Finding, Findings } from './findings';
import { locate, member, type Node, textsOf } from './node';
import type { FileSource } from './source';

/** What globs may do: `*`, `**`, `?`, `[...]` and `{a,b}`. The rest of the library's language can be made slow. */
const GLOB = { noextglob: true, nonegate: true, dot: false } as const;

export interface Included {
  readonly file: string;
  /** The pattern that brought it in. */
  readonly at: Location;
}

export function includedFiles(
  root: string,
  value: Node | undefined,
  source: FileSource,
  findings: Findings,
): Included[] {
  const folder = path.posix.dirname(root);
  const seen = new Set([path.posix.normalize(root)]);
  const included: Included[] = [];
  for (const { text, node } of textsOf(member(value, 'include'))) {
    // Reported as what it is: variables have no value yet.
    if (node.refers) continue;
    const at = locate(node);
    const problem = patternProblem(text, folder);
    if (problem !== undefined) {
      findings.error({ ...problem, at });
      continue;
    }
    for (const file of filesOf(text, folder, source, at, findings)) {
      if (seen.has(file)) continue;
      seen.add(file);
      included.push({ file, at });
    }
  }
  return included;
}

function patternProblem(pattern: string, folder: string): Finding | undefined {
  const help = 'Write a path relative to this file, inside the project, with "/".';
  const code = 'include-outside';
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(pattern))
    return { code, message: 'an address cannot be included', help };
  if (pattern.includes('\\')) return { code, message: 'a path is written with "/"', help };
  if (pattern.startsWith('/') || /^[A-Za-z]:/.test(pattern))
    return { code, message: 'an absolute path cannot be included', help };
  if (pattern.startsWith('!')) return { code, message: 'a pattern cannot exclude files', help };
  const joined = path.posix.normalize(path.posix.join(folder, pattern));
  return joined === '..' || joined.startsWith('../')
    ? { code, message: `${pattern} lies outside the project`, help }
    : undefined;
}

function filesOf(
  pattern: string,
  folder: string,
  source: FileSource,
  at: Location,
  findings: Findings,
): readonly string[] {
  const joined = path.posix.normalize(path.posix.join(folder, pattern));
  const { base, isGlob } = picomatch.scan(joined, GLOB);
  if (!isGlob) return [joined];
  const deep = joined.slice(base.length + 1).includes('/') || joined.includes('**');
  const { files, complete } = source.list(base === '.' ? '' : base, deep);
  if (!complete) {
    findings.error({
      code: 'too-large',
      message: `too many files lie where ${pattern} has to look`,
      at,
      help: 'Begin the pattern with the folder that holds them.',
    });
    return [];
  }
  const matches = picomatch(joined, GLOB);
  const matched = files.filter((file) => matches(file));
  if (matched.length === 0) {
    findings.warning({ code: 'include-missing', message: `no file matches ${pattern}`, at });
  }
  return matched;
}
