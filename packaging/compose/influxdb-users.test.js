import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { untilItAnswers } from './influxdb-users.mjs';

const CENTRAL = 'central-central-central';
const GRAFANA = 'grafana-grafana-grafana';

/** An InfluxDB as far as users go: the first statement needs nobody, all others a user with all privileges. */
class Users {
  passwords = new Map();
  databases = new Set();
  statements = [];

  answer(statement, login) {
    this.statements.push(statement.replace(/'[^']*'/, '…'));
    const create = /^CREATE USER (\w+) WITH PASSWORD '([^']*)'/.exec(statement);
    const isFirst = this.passwords.size === 0 && statement.endsWith('WITH ALL PRIVILEGES');
    if (!isFirst && (login === undefined || this.passwords.get(login[0]) !== login[1]))
      return [401, { error: 'authorization failed' }];
    if (create !== null) {
      if (this.passwords.has(create[1])) return [200, { results: [{ error: 'user already exists' }] }];
      this.passwords.set(create[1], create[2]);
    }
    const set = /^SET PASSWORD FOR (\w+) = '([^']*)'/.exec(statement);
    if (set !== null) this.passwords.set(set[1], set[2]);
    if (statement.startsWith('CREATE DATABASE')) this.databases.add(statement.split(' ')[2]);
    const values = [...this.passwords.keys()].map((name) => [name, name === 'central']);
    return [
      200,
      { results: [statement === 'SHOW USERS' ? { series: [{ columns: ['user', 'admin'], values }] } : {}] },
    ];
  }
}

let server;
let users;
let secrets;
beforeEach(async () => {
  users = new Users();
  secrets = mkdtempSync(join(tmpdir(), 'wardwatch-users-'));
  writeFileSync(join(secrets, 'influx-central-password'), `${CENTRAL}\n`);
  writeFileSync(join(secrets, 'influx-grafana-password'), `${GRAFANA}\n`);
  server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/ping') return response.writeHead(204).end();
      const [, encoded] = (request.headers.authorization ?? '').split(' ');
      const login = encoded && Buffer.from(encoded, 'base64').toString().split(':');
      const [status, body] = users.answer(new URLSearchParams(String(Buffer.concat(chunks))).get('q'), login);
      response.writeHead(status).end(JSON.stringify(body));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(secrets, { recursive: true });
});

function run() {
  return new Promise((resolve) => {
    const program = join(import.meta.dirname, 'influxdb-users.mjs');
    const child = spawn(process.execPath, [program, `http://127.0.0.1:${server.address().port}`, secrets]);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => resolve({ code, output: output.trim() }));
  });
}

describe('the users of InfluxDB', () => {
  it('are made on an empty server', async () => {
    expect(await run()).toEqual({
      code: 0,
      output: 'users central and grafana, and database wardwatch, are there',
    });
    expect(users.passwords).toEqual(
      new Map([
        ['central', CENTRAL],
        ['grafana', GRAFANA],
      ]),
    );
    expect(users.databases).toEqual(new Set(['wardwatch']));
    expect(users.statements.at(-1)).toBe('GRANT READ ON wardwatch TO grafana');
  });

  it('stay at a second run, and a new password of the reader counts', async () => {
    await run();
    writeFileSync(join(secrets, 'influx-grafana-password'), 'another-password-of-grafana');
    expect(await run()).toMatchObject({ code: 0 });
    expect(users.passwords.get('grafana')).toBe('another-password-of-grafana');
  });

  it('of another setup are not touched: one line says what to do', async () => {
    await run();
    writeFileSync(join(secrets, 'influx-central-password'), 'a-password-of-another-setup');
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).toMatch(
      /^influxdb-users: .* has a user central with another password .* its volume is of another setup; [^\n]*$/,
    );
    expect(users.passwords.get('central')).toBe(CENTRAL);
  });

  it.each([
    ['is missing', (file) => rmSync(file), /ENOENT.*influx-grafana-password/],
    ['is empty', (file) => writeFileSync(file, '\n'), /influx-grafana-password: expected 16 to 200/],
    [
      'would end the statement',
      (file) => writeFileSync(file, "x' WITH ALL PRIVILEGES --"),
      /expected 16 to 200/,
    ],
  ])('are not made where a password %s', async (_case, spoil, line) => {
    spoil(join(secrets, 'influx-grafana-password'));
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).toMatch(line);
    expect(output).not.toContain('\n');
    expect(users.statements).toEqual([]);
  });
});

describe('an InfluxDB that opens its shards after an upgrade', () => {
  /** Waits for a server that answers after so many minutes; what was said meanwhile. */
  async function waitFor(minutes) {
    let nowMs = 0;
    const said = [];
    const wait = async (ms) => void (nowMs += ms);
    const ping = async () => {
      if (nowMs < minutes * 60_000) throw new Error('fetch failed', { cause: new Error('ECONNREFUSED') });
    };
    const parts = { address: 'http://influxdb:8086', nowMs: () => nowMs, say: (line) => said.push(line) };
    const end = await untilItAnswers({ ...parts, ping, wait }).then(
      () => 'answers',
      ({ message }) => message,
    );
    return { end, said };
  }

  it('is waited for, with a line each minute', async () => {
    const { end, said } = await waitFor(14.5);
    expect(end).toBe('answers');
    expect(said).toHaveLength(14);
    expect(said[3]).toMatch(/does not answer yet; .* Waiting 11 min more: ECONNREFUSED$/);
    expect(await waitFor(0)).toEqual({ end: 'answers', said: [] });
  });

  it('is given up after a quarter of an hour', async () => {
    expect((await waitFor(20)).end).toBe('http://influxdb:8086 does not answer within 15 min: ECONNREFUSED');
  });
});
