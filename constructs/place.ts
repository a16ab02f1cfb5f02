// Where in the user's program something was written: the stack of the call, read through source maps. Knows stacks and
// nothing of what is declared.
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in a program. `line` and `column` are 1-based. */
export interface Place {
  /** An absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Enough to leave ours and a library's frames behind. */
const MOST_FRAMES = 40;
/** This folder, compiled or not. The testing entry calls nothing that is placed. */
const OURS = __dirname + sep;
const LIBRARY = `${sep}node_modules${sep}`;

/** By the frame as it runs: reading a stack through a source map costs more than all the rest of a construct. */
const known = new Map<string, Place>();

/**
 * The nearest frame above us that is written in the program itself, else in a library that it uses; undefined where
 * the stack says nothing.
 */
export function placeOfCaller(): Place | undefined {
  const running = capture(frameOf);
  const index = running.findIndex(isTheirs);
  const own = running.findIndex((frame) => isTheirs(frame) && !frame?.file.includes(LIBRARY));
  const at = own < 0 ? index : own;
  const frame = running[at];
  if (frame === undefined) return undefined;
  const key = `${frame.file}:${frame.line}:${frame.column}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const place = mapped(at, running.length) ?? frame;
  known.set(key, place);
  return place;
}

function isTheirs(frame: Place | undefined): frame is Place {
  return (
    frame !== undefined && !frame.file.startsWith(OURS) && !frame.file.includes(`${LIBRARY}constructs${sep}`)
  );
}

/** The frames as they run, without source maps: cheap. The two innermost, which are ours, are left out of both readings. */
function capture(read: (site: NodeJS.CallSite) => Place | undefined): (Place | undefined)[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = MOST_FRAMES;
    Error.prepareStackTrace = (_, sites) => sites;
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder, placeOfCaller);
    return (holder.stack as NodeJS.CallSite[]).map(read);
  } finally {
    Error.prepareStackTrace = prepareStackTrace as typeof Error.prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function frameOf(site: NodeJS.CallSite): Place | undefined {
  const name = site.getFileName() ?? undefined;
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  if (name === undefined || name.startsWith('node:') || line === null || column === null) return undefined;
  return { file: pathOf(name), line, column };
}

/** The same frame as whoever maps stacks says it: Node with --enable-source-maps, or the loader of a program. */
function mapped(index: number, count: number): Place | undefined {
  const { stackTraceLimit } = Error;
  const holder: { stack?: string } = {};
  try {
    Error.stackTraceLimit = MOST_FRAMES;
    Error.captureStackTrace(holder, placeOfCaller);
    const lines = String(holder.stack).split('\n');
    const frames = lines.filter((line) => /^\s+at\s/.test(line)).slice(-count);
    const said = frames[index]?.trimEnd() ?? '';
    // `at new TeamChat (/app/team-chat.ts:3:5)`, or the place alone.
    const inside = said.endsWith(')')
      ? said.slice(said.lastIndexOf(' (') + 2, -1)
      : said.replace(/^\s+at\s+(async )?/, '');
    const match = /^(.+):(\d+):(\d+)$/.exec(inside);
    if (match === null) return undefined;
    return { file: pathOf(match[1]!), line: Number(match[2]), column: Number(match[3]) };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function pathOf(name: string): string {
  return name.startsWith('file://') ? fileURLToPath(name.replace(/[?#].*$/, '')) : name;
}
