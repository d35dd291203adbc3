import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buildSync } from 'esbuild';
import { mkdtempSync, readdirSync, rmSync, unlinkSync, writeFileSync, type writeSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { lockDirectory } from './directory-lock.ts';
import { EXIT } from './errors.ts';

/** A disk that refuses to be written. */
function failing(code: string): typeof writeSync {
  return () => {
    throw Object.assign(new Error(code), { code });
  };
}

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-lock-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

function refusal(message: unknown): unknown {
  return expect.objectContaining({ exitCode: EXIT.dataDirectory, message });
}

it('a second lock of a directory is refused with the holder, until the first is released', () => {
  const data = join(directory, 'new', 'data');
  const first = lockDirectory(data);
  const inUse = (holder: string): unknown => refusal(`${data}: already in use by ${holder}`);
  expect(() => lockDirectory(data)).toThrow(inUse(`process ${process.pid}`));
  writeFileSync(join(data, 'lock'), '7 other-container');
  expect(() => lockDirectory(data)).toThrow(inUse('process 7 on other-container'));
  for (const rubbish of ['', '\0 rubbish', '7 \u001b[2J', 'x'.repeat(100_000)]) {
    writeFileSync(join(data, 'lock'), rubbish);
    expect(() => lockDirectory(data)).toThrow(inUse('another process'));
  }
  first.release();
  first.release();
  expect(readdirSync(data)).toEqual([]);
  const second = lockDirectory(data);
  expect(() => lockDirectory(data)).toThrow(inUse(`process ${process.pid}`));
  second.release();
});

it('what an earlier process left behind does not count, not even with the id of a living one', () => {
  writeFileSync(join(directory, 'lock'), `${process.pid} ${hostname()}`);
  lockDirectory(directory).release();
});

it('a killed holder leaves no lock', async () => {
  const program = join(directory, 'holder.mjs');
  const contents = `import { lockDirectory } from './directory-lock.ts';
    lockDirectory(process.argv[2]); console.log('locked'); setInterval(() => undefined, 1_000);`;
  const stdin = { contents, resolveDir: import.meta.dirname };
  buildSync({ stdin, outfile: program, bundle: true, format: 'esm', platform: 'node' });
  const holder = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  expect(() => lockDirectory(directory)).toThrow(
    refusal(`${directory}: already in use by process ${holder.pid}`),
  );
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  lockDirectory(directory).release();
});

it('a program that was started meanwhile does not keep the lock', async () => {
  const lock = lockDirectory(directory);
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  lock.release();
  lockDirectory(directory).release();
  child.kill('SIGKILL');
});

it('a lock on a file that is no longer there does not count', () => {
  const lock = lockDirectory(directory);
  unlinkSync(join(directory, 'lock'));
  lockDirectory(directory).release();
  lock.release();
});

it('the end of a lock whose file somebody removed does not end the next one', () => {
  const first = lockDirectory(directory);
  unlinkSync(join(directory, 'lock'));
  const second = lockDirectory(directory);
  first.release();
  expect(() => lockDirectory(directory)).toThrow(
    refusal(`${directory}: already in use by process ${process.pid}`),
  );
  second.release();
  expect(readdirSync(directory)).toEqual([]);
});

it.each(['ENOSPC', 'EDQUOT'])('a disk that is full (%s) can be locked', (code) => {
  const lock = lockDirectory(directory, failing(code));
  expect(() => lockDirectory(directory)).toThrow(refusal(`${directory}: already in use by another process`));
  lock.release();
});

it('a lock whose file cannot be written is refused, and ends', () => {
  expect(() => lockDirectory(directory, failing('EIO'))).toThrow(
    refusal(`${directory}: cannot be written: EIO`),
  );
  lockDirectory(directory).release();
});

it('a directory that cannot be made or locked is refused', () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  expect(() => lockDirectory(join(file, 'data'))).toThrow(
    refusal(expect.stringMatching(/file\/data: cannot be written: ENOTDIR/)),
  );
  const openFiles = (): number => readdirSync('/proc/self/fd').length;
  const before = openFiles();
  vi.stubEnv('PATH', directory);
  expect(() => lockDirectory(directory)).toThrow(
    refusal(`${directory}: cannot be locked: the program flock is missing (package util-linux)`),
  );
  expect(openFiles()).toBe(before);
});
