// The health check of central's image: exit 0 when central says that it is ready, else 1 and one line that says what is not.
// Asks WARDWATCH_READY_URL (default http://127.0.0.1:8080/readyz); for https, NODE_EXTRA_CA_CERTS names the authority.
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 65_536;
const url = process.env.WARDWATCH_READY_URL ?? 'http://127.0.0.1:8080/readyz';

try {
  const { status, body } = await ask(url);
  console.log(status === 200 ? 'ready' : `not ready: ${problemsIn(body) ?? `status ${status}`}`);
  process.exitCode = status === 200 ? 0 : 1;
} catch (error) {
  console.log(`not ready: ${url}: ${error.message}`);
  process.exitCode = 1;
}

function ask(address) {
  const get = address.startsWith('https:') ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    const request = get(address, { timeout: TIMEOUT_MS }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text) => {
        body += text;
        if (body.length > MAX_BYTES) request.destroy(new Error('too long an answer'));
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)));
    request.on('error', reject);
  });
}

/** The checks that failed, as /readyz names them; undefined: the answer is of another kind. */
function problemsIn(body) {
  try {
    const failed = JSON.parse(body).checks.filter(({ ok }) => !ok);
    return failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
  } catch {
    return undefined;
  }
}
