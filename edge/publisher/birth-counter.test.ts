import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { persistedBirthCounter } from './birth-counter.ts';

const START_S = 1_800_000_000;

describe('the birth counter', () => {
  let directory: string;
  let file: string;
  const open = (): (() => number) =>
    persistedBirthCounter(file, { clock: new ManualClock(START_S * 1_000), log: silentLogger });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-birth-'));
    file = join(directory, 'birth');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('grows by one at each connection and continues after a restart', () => {
    const first = open();
    expect([first(), first()]).toEqual([START_S + 1, START_S + 2]);
    expect(open()()).toBe(START_S + 3);
    expect(readFileSync(file, 'utf8')).toBe(`${START_S + 3}\n`);
    expect(readdirSync(directory)).toEqual(['birth']);
  });

  it('continues from the number in the file, however small', () => {
    writeFileSync(file, '41\n');
    expect(open()()).toBe(42);
  });

  it.each(['', 'forty', '-3', '1e99', '9'.repeat(100)])(
    'starts above all earlier numbers when the file holds %j',
    (text) => {
      writeFileSync(file, text);
      expect(open()()).toBe(START_S + 1);
    },
  );

  it('keeps counting when the disk refuses writes', () => {
    mkdirSync(`${file}.tmp`);
    const next = open();
    expect([next(), next()]).toEqual([START_S + 1, START_S + 2]);
  });
});
