import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger } from '../../central/ledger/sqlite-ledger.ts';
import { openStateDatabase } from '../../central/state/database.ts';
import { mountSmallDisk } from '../support/full-disk.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { PROGRAM, Wardwatch, type Ended } from '../support/wardwatch.ts';

let scratch: TemporaryDirectory;
let running: Wardwatch | undefined;
beforeEach(() => {
  scratch = temporaryDirectory('state-files');
});
afterEach(async () => {
  await running?.end('SIGKILL');
  running = undefined;
  scratch.remove();
});

function configOf(dataDirectory: string): string {
  const file = join(scratch.path, 'central.yaml');
  const broker = { kind: 'embedded', host: '127.0.0.1', port: 0 };
  writeFileSync(file, JSON.stringify({ dataDirectory, api: { port: 0 }, broker, log: { level: 'silent' } }));
  return file;
}

function central(dataDirectory: string): Wardwatch {
  running = new Wardwatch(['central', '--config', configOf(dataDirectory), '--json']);
  return running;
}

async function stopped(dataDirectory: string): Promise<void> {
  const program = central(dataDirectory);
  await program.event('ready');
  expect(await program.end('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
}

function expectOneLine(ended: Ended, reason: RegExp): void {
  expect(ended).toMatchObject({ code: 4, stdout: '' });
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  expect(ended.stderr).toMatch(reason);
}

describe('the files of central', () => {
  it('are readable by its user alone, and state.db is whole by itself after a stop', async () => {
    const data = join(scratch.path, 'data');
    const program = central(data);
    await program.event('ready');
    const modes = (): unknown =>
      Object.fromEntries(
        readdirSync(data, { withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ name }) => [name, (statSync(join(data, name)).mode & 0o777).toString(8)]),
      );
    expect(modes()).toMatchObject({
      'state.db': '600',
      'state.db-wal': '600',
      'state.db-shm': '600',
      'wardwatch.duckdb': '600',
      'wardwatch.duckdb.wal': '600',
    });
    expect((await program.end('SIGTERM')).code).toBe(0);
    const log = statSync(join(data, 'state.db-wal'), { throwIfNoEntry: false });
    expect(log?.size ?? 0).toBe(0);
    for (const name of ['state.db', 'wardwatch.duckdb']) chmodSync(join(data, name), 0o644);
    await stopped(data);
    expect(modes()).toMatchObject({ 'state.db': '600', 'wardwatch.duckdb': '600' });
  });

  it('when damaged or newer than the program stop the start with one line and exit code 4', async () => {
    const data = join(scratch.path, 'data');
    await stopped(data);
    const file = join(data, 'state.db');
    const newer = openStateDatabase(file);
    openLedger(newer);
    newer.prepare("INSERT INTO migration (owner, step) VALUES ('ledger', 99)").run();
    newer.recordProgram('9.0.0');
    newer.close();
    expectOneLine(await central(data).end(), /state\.db: written by wardwatch 9\.0\.0: .*step 99/);
    truncateSync(file, Math.floor(statSync(file).size / 2));
    expectOneLine(await central(data).end(), /state\.db: .*the file is damaged/);
  });

  it.for(['first', 'second'])(
    'at a %s start on a full disk: one line and exit code 4',
    async (which, { skip }) => {
      const disk = mountSmallDisk(64 * 1024 * 1024);
      if (disk === undefined) return skip('needs root to mount a small disk');
      try {
        if (which === 'second') await stopped(disk.directory);
        disk.fill();
        expectOneLine(await central(disk.directory).end(), /no space left|the disk is full/);
      } finally {
        disk.remove();
      }
    },
  );
});

describe('the data directory of a running central', () => {
  it('is refused to a second one, and free again after kill -9', async () => {
    const data = join(scratch.path, 'data');
    const first = central(data);
    await first.event('ready');
    const second = central(data);
    expectOneLine(await second.end(), /data: already in use by process \d+$/m);
    await first.end('SIGKILL');
    await stopped(data);
  });

  it('is refused to one in another container, which does not see the process of the first', async ({
    skip,
  }) => {
    const isolated = ['--pid', '--uts', '--fork', '--kill-child', '--mount-proc'];
    if (spawnSync('unshare', [...isolated, 'true']).status !== 0)
      return skip('needs root, and unshare of the package util-linux');
    const data = join(scratch.path, 'data');
    const first = central(data);
    await first.event('ready');
    const command = [process.execPath, PROGRAM, 'central', '--config', configOf(data), '--json'];
    const start = ['sh', '-c', 'hostname other-container && exec "$@"', 'sh', ...command];
    const { status, stderr } = spawnSync('unshare', [...isolated, ...start], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect({ status, lines: stderr.trim().split('\n') }).toEqual({
      status: 4,
      lines: [expect.stringMatching(/data: already in use by process \d+ on \S+$/) as string],
    });
    await first.end('SIGKILL');
  });
});
