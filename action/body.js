// What a plan or drift printed, as the body of a comment or an issue: marked, so that its writer finds it again, fenced
// where it is no Markdown, and never longer than GitHub takes.
const { createHash } = require('node:crypto');

const LONGEST = 65_000;
const CODES = {
  1: 'it could not be done',
  3: 'the configuration is invalid',
  4: 'a policy blocks it',
};

/** `<!-- gatewright plan prod -->`, with nothing in it that could end it. */
function markerOf(command, target) {
  const key = target.slice(0, 80).replace(/[^A-Za-z0-9._]/g, '_');
  return `<!-- gatewright ${command}${key === '' ? '' : ` ${key}`} -->`;
}

/** `code` 1, 3 and 4 leave no report, or one that does not count. */
function bodyOf({ command, target, code, report, foot }) {
  const marker = markerOf(command, target);
  const room = LONGEST - marker.length - foot.length - 4;
  const text = report.trimEnd();
  const said =
    text === '' || CODES[code] !== undefined
      ? failed(command, target, code)
      : text.startsWith('<!-- gatewright ')
        ? withoutFirstLine(text, room)
        : fenced(text, room);
  return `${marker}\n${said}\n\n${foot}`;
}

function failed(command, target, code) {
  const why = CODES[code] ?? `exit ${code}`;
  const where = target === '' ? '' : ` for \`${target.replace(/[^A-Za-z0-9._-]/g, '_')}\``;
  return `### Gatewright ${command}${where} failed: ${why}\n\nThe log of the job says more. What stood here before holds no longer.`;
}

/** It brings its own marker; ours is by the target that the job was told, whatever the plan says. */
function withoutFirstLine(text, room) {
  return whole(text.slice(text.indexOf('\n') + 1), room);
}

function fenced(text, room) {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${whole(text, room - 2 * fence.length - 7)}\n${fence}`;
}

/** Whole lines of it, as many as fit. */
function whole(text, room) {
  if (text.length <= room) return text;
  const note = '\n(cut: the log of the job has the rest)';
  const cut = text.slice(0, room - note.length);
  return `${cut.slice(0, cut.lastIndexOf('\n'))}${note}`;
}

function fingerprintOf(report) {
  return createHash('sha256').update(report.trimEnd()).digest('hex');
}

module.exports = { bodyOf, fingerprintOf, markerOf };
