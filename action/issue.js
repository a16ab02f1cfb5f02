// One issue a target while there is drift: opened, updated when the drift is another, closed when it is gone. Told apart
// by a fingerprint of what was found, so that the same drift every night says nothing new.
const { bodyOf, fingerprintOf, markerOf } = require('./body.js');

const LABEL = 'gatewright-drift';
const SEEN = /^<!-- fingerprint ([0-9a-f]{64}) -->$/m;

/** What was done, as a sentence. */
async function issue({ github, repository, command, target, code, report, run, author }) {
  const path = `/repos/${repository}/issues`;
  const ours = await find(github, path, markerOf(command, target), author);
  const open = ours.find(({ state }) => state === 'open');
  // Not being able to look is no news about drift.
  if (code !== '0' && code !== '2') return `no issue: drift ended with ${code}`;
  if (code === '0') {
    if (open === undefined) return 'no issue: there is no drift';
    await github.post(`${path}/${open.number}/comments`, { body: `The drift is gone ([run](${run})).` });
    await github.patch(`${path}/${open.number}`, { state: 'closed', state_reason: 'completed' });
    return `issue ${open.number} closed`;
  }
  const fingerprint = fingerprintOf(report);
  const foot = `<!-- fingerprint ${fingerprint} -->\n<sub>[run](${run}). Close it as not planned to hear of this drift no more until it is another.</sub>`;
  const body = bodyOf({ command, target, code, report, foot });
  const seen = (one) => SEEN.exec(one.body ?? '')?.[1];
  if (open !== undefined) {
    if (seen(open) === fingerprint) return `issue ${open.number} says so already`;
    await github.patch(`${path}/${open.number}`, { body });
    await github.post(`${path}/${open.number}/comments`, {
      body: `The drift is another than before ([run](${run})): see above.`,
    });
    return `issue ${open.number} updated`;
  }
  const [last] = ours;
  if (last?.state_reason === 'not_planned' && seen(last) === fingerprint)
    return `no issue: ${last.number} was closed as not planned for the same drift`;
  const title = `Drift in the AI Gateway${target === '' ? '' : ` of ${target}`}`;
  const { number } = await github.post(path, { title, body, labels: [LABEL] });
  return `issue ${number} opened`;
}

/** The newest first. */
async function find(github, path, marker, author) {
  const found = [];
  const query = new URLSearchParams({ state: 'all', labels: LABEL, creator: author });
  for await (const one of github.list(`${path}?${query}`)) {
    const own = one.user?.login === author && one.pull_request === undefined;
    if (own && one.body?.startsWith(`${marker}\n`)) found.push(one);
  }
  return found.sort((a, b) => b.number - a.number);
}

module.exports = { issue };
