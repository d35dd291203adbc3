import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDirectory } from './make-directory.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'wardwatch-mkdir-'));
});
afterEach(() => rmSync(base, { recursive: true }));

it('makes what is missing, and tells where that begins', () => {
  const directory = join(base, 'a', 'b', 'c');
  expect(makeDirectory(directory, 0o700)).toBe(join(base, 'a'));
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(makeDirectory(directory, 0o700)).toBeUndefined();
  expect(makeDirectory(join(directory, '..', 'd'), 0o700)).toBe(join(base, 'a', 'b', 'd'));
});

it('takes a link to a directory, and refuses a file and a link to nothing', () => {
  symlinkSync(base, join(base, 'link'));
  writeFileSync(join(base, 'file'), '');
  symlinkSync(join(base, 'nothing'), join(base, 'dangling'));
  expect(makeDirectory(join(base, 'link'), 0o700)).toBeUndefined();
  for (const wrong of ['file', 'file/data', 'dangling', 'dangling/data'])
    expect(() => makeDirectory(join(base, wrong), 0o700)).toThrow();
});

// Node's own recursive mkdir never returns there: without an end of the test it would hang, which fails too.
it.runIf(existsSync('/proc/self'))('ends where the system takes no directories', () => {
  expect(() => makeDirectory('/proc/wardwatch/data', 0o750)).toThrow(
    '/proc/wardwatch cannot be made: /proc takes no new directories',
  );
});

it('is what the program makes every directory with', () => {
  const root = join(import.meta.dirname, '..');
  const makers = ['runtime', 'edge', 'cli', 'central/state'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|\/testing\//.test(name))
      .filter((name) => /mkdir(Sync)?\([^;]*\brecursive\b/.test(readFileSync(join(root, name), 'utf8'))),
  );
  expect(makers).toEqual([]);
});
