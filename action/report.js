// The step that publishes what plan or drift said. Takes all from variables of the runner; what it did is one line.
const { readFileSync } = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');
const { client } = require('./github.js');

async function main({ env }) {
  const command = env.GATEWRIGHT_COMMAND;
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  const request = {
    github: client({ url: env.GITHUB_API_URL, token: env.GATEWRIGHT_GITHUB_TOKEN, fetch, sleep }),
    event: JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8')),
    repository,
    command,
    target: env.GATEWRIGHT_TARGET ?? '',
    code: env.GATEWRIGHT_CODE,
    report: readFileSync(env.GATEWRIGHT_REPORT, 'utf8'),
    run: `${server}/${repository}/actions/runs/${id}`,
    author: env.GATEWRIGHT_AUTHOR,
  };
  const { comment } = require('./comment.js');
  const { issue } = require('./issue.js');
  console.log(await (command === 'drift' ? issue(request) : comment(request)));
}

main(process).catch((error) => {
  const need = error.status === 403 || error.status === 404 ? ' (does the job have the permission?)' : '';
  console.log(`::error title=gatewright::${String(error.message).replace(/[\r\n]+/g, ' ')}${need}`);
  process.exitCode = 1;
});
