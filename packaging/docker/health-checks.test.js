import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

function run(program, env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, program)], {
      env: { ...process.env, ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => resolve({ code, output: output.trim() }));
  });
}

describe('the health check of central’s image', () => {
  let server;
  let answer;
  beforeEach(async () => {
    server = createServer((_request, response) => {
      response.statusCode = answer.status;
      response.end(answer.body);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const ask = () =>
    run('ready.mjs', { WARDWATCH_READY_URL: `http://127.0.0.1:${server.address().port}/readyz` });

  it('passes when central is ready', async () => {
    answer = { status: 200, body: '{"ready":true,"checks":[]}' };
    expect(await ask()).toEqual({ code: 0, output: 'ready' });
  });

  it('fails with what is not, whatever else is well', async () => {
    const checks = [
      { name: 'broker', ok: true, detail: 'connected' },
      { name: 'store', ok: false, detail: 'away for 12 s' },
      { name: 'clock', ok: false, detail: 'unknown' },
    ];
    answer = { status: 503, body: JSON.stringify({ ready: false, checks }) };
    expect(await ask()).toEqual({ code: 1, output: 'not ready: store: away for 12 s; clock: unknown' });
  });

  it('fails with what another server said', async () => {
    answer = { status: 404, body: '<html>no such page</html>' };
    expect(await ask()).toEqual({ code: 1, output: 'not ready: status 404' });
    answer = { status: 200, body: 'x'.repeat(70_000) };
    expect(await ask()).toMatchObject({ code: 1, output: expect.stringMatching(/: too long an answer$/) });
  });

  it('fails where nobody listens, and where the address is none', async () => {
    const away = await run('ready.mjs', { WARDWATCH_READY_URL: 'http://127.0.0.1:1/readyz' });
    expect(away).toMatchObject({ code: 1, output: expect.stringContaining('ECONNREFUSED') });
    expect(await run('ready.mjs', { WARDWATCH_READY_URL: 'somewhere' })).toMatchObject({
      code: 1,
      output: 'not ready: somewhere: Invalid URL',
    });
  });
});

describe('the health check of the simulator’s image', () => {
  let folder;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardwatch-health-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue\n';
  const LISTENS = '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000\n';
  const CONNECTED = '   1: 0A1ACF0A:D431 0A1ACF0B:22B3 01 00000000:00000000\n';
  const CLOSING = '   2: 0A1ACF0A:D431 0A1ACF0B:22B3 06 00000000:00000000\n';

  /** With a journal written `ageS` seconds ago. */
  function ask({ ageS, connections }) {
    const journal = join(folder, 'journal');
    mkdirSync(journal, { recursive: true });
    if (ageS !== undefined) {
      const file = join(journal, 'abcdefgh-0000000000000001.seg');
      writeFileSync(file, '');
      const at = new Date(Date.now() - ageS * 1_000);
      utimesSync(file, at, at);
    }
    const tcp = join(folder, 'tcp');
    writeFileSync(tcp, connections);
    return run('simulator-health.mjs', { WARDWATCH_JOURNAL: journal, WARDWATCH_CONNECTIONS: tcp });
  }

  it('passes while the city measures and is connected', async () => {
    expect(await ask({ ageS: 5, connections: HEAD + LISTENS + CONNECTED })).toEqual({
      code: 0,
      output: 'measures, and is connected',
    });
  });

  it('tells a city that measures, and that nobody hears', async () => {
    expect(await ask({ ageS: 5, connections: HEAD + LISTENS + CLOSING })).toEqual({
      code: 1,
      output: 'no agent is connected to the broker',
    });
  });

  it('tells a city that does not measure any more, or never did', async () => {
    expect(await ask({ ageS: 300, connections: HEAD + CONNECTED })).toEqual({
      code: 1,
      output: 'nothing was measured for 300 s',
    });
    rmSync(join(folder, 'journal'), { recursive: true });
    expect(await ask({ ageS: undefined, connections: HEAD + CONNECTED })).toMatchObject({ code: 1 });
    const none = await run('simulator-health.mjs', { WARDWATCH_JOURNAL: join(folder, 'none') });
    expect(none).toMatchObject({ code: 1, output: expect.stringContaining('ENOENT') });
  });
});
