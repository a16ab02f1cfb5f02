// One comment a target on a pull request, edited in place. Which pull request is never taken from what a fork sent:
// the event names it, or the branch and the commit that the event names.
const { bodyOf, markerOf } = require('./body.js');

/** What was done, as a sentence. */
async function comment({ github, event, repository, command, target, code, report, run, author }) {
  const found = await pullOf(github, event, repository);
  if (found.none !== undefined) return `no comment: ${found.none}`;
  const { number, head } = found;
  const path = `/repos/${repository}`;
  const pull = await github.get(`${path}/pulls/${number}`);
  // A newer commit has, or will have, a plan of its own.
  if (pull.head.sha !== head) return `no comment: pull request ${number} has moved on from ${head}`;
  const foot = `<sub>${head.slice(0, 12)}, [run](${run})</sub>`;
  const body = bodyOf({ command, target, code, report, foot });
  const marker = markerOf(command, target);
  for await (const one of github.list(`${path}/issues/${number}/comments`)) {
    // Anybody can write our marker.
    if (one.user?.login !== author || !one.body?.startsWith(`${marker}\n`)) continue;
    await github.patch(`${path}/issues/comments/${one.id}`, { body });
    return `comment ${one.id} on pull request ${number} edited`;
  }
  if (code === '0') return 'no comment: nothing would change, and there is no comment that says otherwise';
  const { id } = await github.post(`${path}/issues/${number}/comments`, { body });
  return `comment ${id} on pull request ${number} written`;
}

async function pullOf(github, { pull_request: pull, workflow_run: run }, repository) {
  if (pull !== undefined) {
    const own = pull.head.repo?.full_name === repository;
    return own
      ? { number: pull.number, head: pull.head.sha }
      : { none: 'the pull request comes from a fork, and a job of a fork may not write' };
  }
  if (run === undefined) return { none: 'this is no run for a pull request' };
  const { head_repository: from, head_branch: branch, head_sha: head } = run;
  const query = new URLSearchParams({ state: 'open', head: `${from?.owner?.login}:${branch}` });
  for await (const one of github.list(`/repos/${repository}/pulls?${query}`))
    if (one.head.sha === head && one.head.repo?.full_name === from?.full_name)
      return { number: one.number, head };
  return { none: `no open pull request has ${head} as its head` };
}

module.exports = { comment };
