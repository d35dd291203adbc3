// Makes what Wardwatch needs in an InfluxDB 1.x with auth-enabled: user `central` with all privileges (it makes the database and its
// retention policies), database `wardwatch`, user `grafana` who may read it. Runs at each start: a password that was replaced in
// its file counts from then on, for `grafana`. node influxdb-users.mjs http://influxdb:8086 [SECRETS]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

// InfluxDB 1.x listens only once it has opened all of its shards, and central and Grafana start only after this program.
const WAIT_MS = 15 * 60_000;
const SAY_EVERY_MS = 60_000;
const TRY_AGAIN_MS = 500;
const TIMEOUT_MS = 10_000;
const DATABASE = 'wardwatch';

const [address, secretsDirectory = '/run/secrets'] = process.argv.slice(2);

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();

async function main() {
  try {
    if (address === undefined) throw new Error('usage: node influxdb-users.mjs http://HOST:PORT [SECRETS]');
    const central = readSecret('influx-central-password');
    const grafana = readSecret('influx-grafana-password');
    await untilItAnswers({
      address,
      ping: () => fetch(`${address}/ping`, { signal: AbortSignal.timeout(TIMEOUT_MS) }),
      nowMs: () => performance.now(),
      wait: sleep,
      say: console.log,
    });
    await makeUsers(central, grafana);
    console.log(`users central and grafana, and database ${DATABASE}, are there`);
  } catch (error) {
    console.error(`influxdb-users: ${error.message}`);
    process.exitCode = 1;
  }
}

async function makeUsers(central, grafana) {
  // Without a user InfluxDB takes this statement from anybody, and no other.
  const first = await query(
    `CREATE USER central WITH PASSWORD ${literal(central)} WITH ALL PRIVILEGES`,
    undefined,
  );
  if (first.status !== 200 && first.status !== 401 && first.status !== 403) throw unexpected(first);
  const ask = async (statement) => {
    const answer = await query(statement, { name: 'central', password: central });
    if (answer.status === 401)
      throw new Error(
        `${address} has a user central with another password than ${join(secretsDirectory, 'influx-central-password')}: ` +
          'its volume is of another setup; use the files of that one, or remove the volume (docs/compose.md)',
      );
    if (answer.status !== 200 || answer.error !== undefined) throw unexpected(answer);
    return answer;
  };
  await ask(`CREATE DATABASE ${DATABASE}`);
  const { rows } = await ask('SHOW USERS');
  const verb = rows.some(([name]) => name === 'grafana')
    ? `SET PASSWORD FOR grafana = ${literal(grafana)}`
    : `CREATE USER grafana WITH PASSWORD ${literal(grafana)}`;
  await ask(verb);
  await ask(`GRANT READ ON ${DATABASE} TO grafana`);
}

function readSecret(name) {
  const file = join(secretsDirectory, name);
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[\w.~-]{16,200}$/.test(text))
    throw new Error(
      `${file}: expected 16 to 200 letters, digits or - _ . ~ on one line, as wardwatch setup makes them`,
    );
  return text;
}

export async function untilItAnswers({ address, ping, nowMs, wait, say }) {
  const endMs = nowMs() + WAIT_MS;
  let sayAtMs = nowMs() + SAY_EVERY_MS;
  for (;;) {
    try {
      await ping();
      return;
    } catch (error) {
      const reason = error.cause?.message ?? error.message;
      if (nowMs() >= endMs)
        throw new Error(`${address} does not answer within ${WAIT_MS / 60_000} min: ${reason}`);
      if (nowMs() >= sayAtMs) {
        say(
          `${address} does not answer yet; it may still be opening its shards. Waiting ${Math.ceil((endMs - nowMs()) / 60_000)} min more: ${reason}`,
        );
        sayAtMs += SAY_EVERY_MS;
      }
      await wait(TRY_AGAIN_MS);
    }
  }
}

async function query(statement, user) {
  const headers = user && {
    authorization: `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`,
  };
  const response = await fetch(`${address}/query`, {
    method: 'POST',
    body: new URLSearchParams({ q: statement }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(headers && { headers }),
  });
  const { error, results = [] } = await response.json();
  const [result = {}] = results;
  return { status: response.status, error: error ?? result.error, rows: result.series?.[0]?.values ?? [] };
}

function literal(text) {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function unexpected({ status, error }) {
  return new Error(`${address} answered ${status}: ${error ?? 'without a reason'}`);
}
