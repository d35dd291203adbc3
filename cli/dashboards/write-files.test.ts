import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UserError } from '../../runtime/errors.ts';
import { writeFiles } from './write-files.ts';

const FILES = [
  { path: 'Overview/city.json', text: '{}\n' },
  { path: 'Network/node.json', text: '{"a":1}\n' },
];

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'wardwatch-dashboards-')), 'out');
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  throw new Error('it did not refuse');
}

it('makes the directory and its folders', () => {
  expect(writeFiles(directory, FILES)).toEqual({ written: 2, unchanged: 0 });
  expect(readFileSync(join(directory, 'Network/node.json'), 'utf8')).toBe('{"a":1}\n');
});

it('leaves alone what is the same', () => {
  writeFiles(directory, FILES);
  const file = join(directory, 'Overview/city.json');
  utimesSync(file, 1, 1);
  expect(writeFiles(directory, [FILES[0]!, { ...FILES[1]!, text: '{}\n' }])).toEqual({
    written: 1,
    unchanged: 1,
  });
  expect(statSync(file).mtimeMs).toBe(1_000);
});

it('refuses a directory with other files, names them, and writes nothing', () => {
  mkdirSync(join(directory, 'Overview'), { recursive: true });
  for (const name of ['notes.txt', 'Overview/mine.json']) writeFileSync(join(directory, name), '');
  expect(problemsOf(() => writeFiles(directory, FILES))).toEqual([
    `${directory}: expected nothing but dashboards of this version, found Overview/mine.json, notes.txt; remove them or name another directory`,
  ]);
  expect(() => readFileSync(join(directory, 'Network/node.json'))).toThrow(/ENOENT/);
});

it('goes on where an earlier run was cut off', () => {
  mkdirSync(join(directory, 'Overview'), { recursive: true });
  writeFileSync(join(directory, 'Overview/city.json.tmp'), '{');
  expect(writeFiles(directory, FILES)).toEqual({ written: 2, unchanged: 0 });
});

it('says so where it cannot write', () => {
  mkdirSync(join(directory, '..'), { recursive: true });
  writeFileSync(directory, 'a file');
  expect(problemsOf(() => writeFiles(directory, FILES))[0]).toMatch(/out: cannot be read: ENOTDIR/);
});

// Node's own recursive mkdir never returns there.
it.runIf(existsSync('/proc/self'))('says so where the system takes no directories', () => {
  expect(problemsOf(() => writeFiles('/proc/wardwatch', FILES))).toEqual([
    '/proc/wardwatch/Overview/city.json: cannot be written: /proc/wardwatch cannot be made: /proc takes no new directories',
  ]);
});
