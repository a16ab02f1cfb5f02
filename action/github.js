// Asks the REST API of GitHub, or of a server of one's own: JSON, pages, a few tries. Knows nothing of plans.
// https://docs.github.com/en/rest/using-the-rest-api
const TRIES = 4;
const LONGEST_WAIT_S = 60;
const MOST_PAGES = 100;

function client({ url, token, fetch, sleep }) {
  async function ask(method, path, body) {
    for (let attempt = 1; ; attempt++) {
      const answer = await fetch(new URL(path.replace(/^\//, ''), `${url.replace(/\/$/, '')}/`), {
        method,
        redirect: 'error',
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'user-agent': 'gatewright-action',
          'x-github-api-version': '2022-11-28',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (answer.ok) return text === '' ? undefined : JSON.parse(text);
      const wait = pause(method, answer, attempt);
      if (wait === undefined || attempt === TRIES) throw new Refused(method, path, answer.status, text);
      await sleep(wait * 1000);
    }
  }
  return {
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
    patch: (path, body) => ask('PATCH', path, body),
    /** Every item of a list, asked for by the hundred. */
    async *list(path) {
      for (let page = 1; page <= MOST_PAGES; page++) {
        const items = await ask('GET', `${path}${path.includes('?') ? '&' : '?'}per_page=100&page=${page}`);
        yield* items;
        if (items.length < 100) return;
      }
    },
  };
}

/** Seconds until it may be tried again. A POST that may have been done is not done twice. */
function pause(method, { status, headers }, attempt) {
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  const limited = status === 429 || (status === 403 && !Number.isNaN(after));
  if (!limited && (status < 500 || method === 'POST')) return undefined;
  return Number.isNaN(after) ? 2 ** attempt : after > LONGEST_WAIT_S ? undefined : after;
}

class Refused extends Error {
  constructor(method, path, status, text) {
    let said = '';
    try {
      said = JSON.parse(text).message ?? '';
    } catch {}
    super(`${method} ${path.split('?')[0]}: ${status} ${String(said).slice(0, 200)}`);
    this.status = status;
  }
}

module.exports = { client, Refused };
