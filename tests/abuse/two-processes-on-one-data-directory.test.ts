import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryDirectory } from '../support/server-process.ts';
import { PROGRAM, Wardwatch } from '../support/wardwatch.ts';

const DATA_DIRECTORY = 4;

let scratch: ReturnType<typeof temporaryDirectory>;
const running: Wardwatch[] = [];

beforeEach(() => {
  scratch = temporaryDirectory('two-processes');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.end('SIGKILL')));
  scratch.remove();
});

/** Arguments of each command that keeps data, on a directory. */
const COMMANDS: Readonly<Record<string, (directory: string) => readonly string[]>> = {
  edge: (dataDirectory) => [
    'edge',
    '--config',
    configFile({ agent: 'gw-1', dataDirectory, broker: { url: 'mqtt://127.0.0.1:9' } }),
  ],
  central: (dataDirectory) => [
    ...['central', '--json', '--config'],
    configFile({
      dataDirectory,
      api: { port: 0 },
      broker: { kind: 'embedded', port: 0 },
      log: { level: 'silent' },
    }),
  ],
  simulate: (directory) => [
    ...['simulate', '--units', '1', '--broker', 'mqtt://127.0.0.1:9', '--json'],
    ...['--data-dir', directory, '--secret-file', join(scratch.path, 'secret')],
  ],
};

function configFile(config: object): string {
  const file = join(scratch.path, 'config.yaml');
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** Processes and host name, as a container has them. */
const IN_ITS_OWN = ['--map-root-user', '--pid', '--uts', '--fork'];

function canUnshare(): boolean {
  return spawnSync('unshare', [...IN_ITS_OWN, 'true']).status === 0;
}

function start(args: readonly string[]): Wardwatch {
  const program = new Wardwatch(args);
  running.push(program);
  return program;
}

describe.each(Object.entries(COMMANDS))('two processes on one data directory: %s', (_name, argsOf) => {
  it('the second one ends with the name of the first; a killed one leaves no lock', async () => {
    const directory = join(scratch.path, 'data');
    const args = argsOf(directory);
    const first = start(args);
    await vi.waitFor(() => expect(existsSync(join(directory, 'lock'))).toBe(true), { timeout: 20_000 });
    const second = await start(args).end();
    expect(second).toMatchObject({ code: DATA_DIRECTORY, stdout: '' });
    expect(second.stderr).toMatch(/^wardwatch: \S+: already in use by process \d+\n$/);
    expect(second.stderr).toContain(directory);
    const holder = readFileSync(join(directory, 'lock'), 'utf8');
    await first.end('SIGKILL');
    const third = start(args);
    await vi.waitFor(() => expect(readFileSync(join(directory, 'lock'), 'utf8')).not.toBe(holder), {
      timeout: 20_000,
    });
    expect((await start(args).end()).code).toBe(DATA_DIRECTORY);
    expect(await third.end('SIGTERM')).toMatchObject({ code: 0 });
  });

  it.runIf(canUnshare())('nor does a container help, in which neither process sees the other', async () => {
    const directory = join(scratch.path, 'data');
    const args = argsOf(directory);
    start(args);
    await vi.waitFor(() => expect(existsSync(join(directory, 'lock'))).toBe(true), { timeout: 20_000 });
    const { status, stderr } = spawnSync('unshare', [...IN_ITS_OWN, process.execPath, PROGRAM, ...args], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(status).toBe(DATA_DIRECTORY);
    expect(stderr).toContain(`${directory}: already in use by process`);
  });

  it.runIf(existsSync('/proc/self'))('a directory that no system can make is refused at once', async () => {
    const ended = await start(argsOf('/proc/wardwatch/data')).end();
    expect(ended.code).toBe(DATA_DIRECTORY);
    expect(ended.stderr).toContain('/proc/wardwatch cannot be made: /proc takes no new directories');
  });
});
