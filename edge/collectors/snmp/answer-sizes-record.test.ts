import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { AnswerSizesRecord } from './answer-sizes-record.ts';

let dataDirectory: string;
const clock = new ManualClock();
const open = (identity = 'wardwatch-gw-1-snmp', isTrial = false) =>
  new AnswerSizesRecord({ clock, log: silentLogger, commonTags: {}, dataDirectory, identity, isTrial });
const SIZES = { 'sw-1': { values: 31, ceiling: 60 } };
beforeEach(() => (dataDirectory = mkdtempSync(join(tmpdir(), 'wardwatch-snmp-'))));
afterEach(() => rmSync(dataDirectory, { recursive: true }));

it('keeps the sizes through a restart, for each collector of an agent', () => {
  open().write(SIZES);
  expect(open().read()).toEqual(SIZES);
  expect(open('wardwatch-gw-1-snmp-2').read()).toEqual({});
});

it('writes every ten minutes', async () => {
  const record = open();
  record.writeIfDue(() => SIZES);
  expect(readdirSync(dataDirectory)).toEqual([]);
  await clock.advance(600_000);
  record.writeIfDue(() => SIZES);
  expect(open().read()).toEqual(SIZES);
});

it('writes nothing in a trial', () => {
  open(undefined, true).write(SIZES);
  expect(readdirSync(dataDirectory)).toEqual([]);
});

it.each(['', 'null', '{"v":2}', '{"v":1,"devices":{"sw-1":{"values":0,"ceiling":1}}}', 'x'.repeat(600_000)])(
  'learns them again when the file cannot be read',
  (content) => {
    open().write(SIZES);
    const [file = ''] = readdirSync(dataDirectory);
    writeFileSync(join(dataDirectory, file), content);
    expect(open().read()).toEqual({});
  },
);
