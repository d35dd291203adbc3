import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EXIT } from '../../runtime/errors.ts';
import { lockDataDirectory } from './directory-lock.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function refusal(message: string): unknown {
  return expect.objectContaining({ exitCode: EXIT.dataDirectory, problems: [message] });
}

it('a second lock of a directory is refused with the holder, until the first is released', () => {
  const data = join(directory, 'new', 'data');
  const first = lockDataDirectory(data);
  const inUse = (holder: string): unknown => refusal(`${data}: already in use by ${holder}`);
  expect(() => lockDataDirectory(data)).toThrow(inUse(`process ${process.pid}`));
  writeFileSync(join(data, 'lock'), '7 other-container');
  expect(() => lockDataDirectory(data)).toThrow(inUse('process 7 on other-container'));
  writeFileSync(join(data, 'lock'), '\0 rubbish');
  expect(() => lockDataDirectory(data)).toThrow(inUse('another process'));
  first.release();
  first.release();
  expect(readdirSync(data)).toEqual(['central.lock']);
  const second = lockDataDirectory(data);
  expect(() => lockDataDirectory(data)).toThrow(inUse(`process ${process.pid}`));
  second.release();
});

it('what an earlier process left behind does not count, not even with the id of a living one', () => {
  writeFileSync(join(directory, 'lock'), `${process.pid} ${hostname()}`);
  lockDataDirectory(directory).release();
});

it('a directory that cannot be made is refused', () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  expect(() => lockDataDirectory(join(file, 'data'))).toThrow(
    expect.objectContaining({
      exitCode: EXIT.dataDirectory,
      message: expect.stringMatching(/file\/data: cannot be written: ENOTDIR/) as string,
    }),
  );
});
