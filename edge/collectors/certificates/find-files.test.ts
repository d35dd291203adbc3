import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findFiles, MAX_DIRECTORIES } from './find-files.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'wardwatch-find-'));
});
afterEach(() => rmSync(base, { recursive: true }));

it('a pattern over more directories than it may search ends, and says so', async () => {
  for (let at = 0; at < 40; at++) {
    for (let below = 0; below < 30; below++)
      mkdirSync(join(base, `a${at}`, `b${below}`), { recursive: true });
  }
  writeFileSync(join(base, 'a0', 'b0', 'found.pem'), 'x');
  const { files, problems } = await findFiles([`${base}/*/*/*.pem`, `${base}/*/*/*/*/*.pem`]);
  expect(files).toEqual([join(base, 'a0', 'b0', 'found.pem')]);
  expect(problems).toEqual([
    `more than ${MAX_DIRECTORIES} directories to search, the rest is left out: give fewer *`,
  ]);
});

it('a pattern of many * and ? takes no longer than the names', async () => {
  writeFileSync(join(base, `${'a'.repeat(200)}.pem`), 'x');
  const pattern = `${'*a?'.repeat(35)}b`;
  expect(await findFiles([join(base, pattern)])).toEqual({ files: [], problems: [] });
});
