import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readRecord, writeRecord } from './record-file.ts';

const schema = z.strictObject({ v: z.literal(1), names: z.array(z.string()) });

describe('a record file', () => {
  let directory: string;
  beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'wardwatch-record-'))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('returns what was written, also into a new directory, and leaves no other file', () => {
    const file = join(directory, 'deep', 'names.json');
    expect(readRecord(file, schema, 1_000)).toBeUndefined();
    for (const names of [['a'], ['b', 'ổ đĩa']]) {
      writeRecord(file, { v: 1, names });
      expect(readRecord(file, schema, 1_000)).toEqual({ v: 1, names });
    }
    expect(readdirSync(join(directory, 'deep'))).toEqual(['names.json']);
    expect(statSync(file).mode & 0o007).toBe(0);
  });

  it.each([
    ['longer than it may be', `{"v":1,"names":["${'x'.repeat(1_000)}"]}`, 'more than 1000 bytes'],
    ['no JSON', '{"v":1,"names":["a"', 'JSON'],
    ['of another shape', '{"v":2,"names":[]}', 'expected 1'],
  ])('that is %s is refused with the reason', (_, content, problem) => {
    const file = join(directory, 'names.json');
    writeFileSync(file, content);
    expect(() => readRecord(file, schema, 1_000)).toThrow(problem);
  });

  it('keeps the old content if the new cannot be written', () => {
    const file = join(directory, 'names.json');
    writeRecord(file, { v: 1, names: ['old'] });
    const self: { me?: unknown } = {};
    self.me = self;
    expect(() => writeRecord(file, self)).toThrow('circular');
    expect(readRecord(file, schema, 1_000)).toEqual({ v: 1, names: ['old'] });
  });
});
