const TIMEOUT_MS = 30_000;
const MAX_REASON = 300;

/** Grafana's HTTP API. Each call resolves to the parsed answer, or rejects with one line that says what came instead. */
export function createClient(url, { user, password }) {
  const base = new URL(url);
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

  async function call(path, body) {
    const response = await fetch(new URL(path, base), {
      headers: { authorization, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    }).catch((error) => {
      throw new Error(`${path}: ${error.cause?.message ?? error.message}`);
    });
    const text = await response.text();
    const answer = parse(text);
    // An answer with the errors of single queries has another status, too.
    if (!response.ok && answer?.results === undefined)
      throw new Error(`${path}: status ${response.status}: ${reasonOf(answer, text)}`);
    if (answer === undefined)
      throw new Error(`${path}: expected JSON, got ${JSON.stringify(text.slice(0, 60))}`);
    return answer;
  }

  return {
    health: () => call('/api/health'),
    search: () => call('/api/search?type=dash-db&limit=5000'),
    query: (request) => call('/api/ds/query', request),
  };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(answer, text) {
  return String(answer?.message ?? text).slice(0, MAX_REASON);
}
