import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  arrivedVolume,
  lossShare,
  megabitsPerSecond,
  parseMeasurement,
  testedSpeed,
  type Direction,
  type Measurement,
} from '../../edge/collectors/internet-speed/ndt7/measurement.ts';

const recordings = join(import.meta.dirname, '../../../shared/data/broadband');
const rawFiles = existsSync(recordings)
  ? readdirSync(join(recordings, 'ndt7-raw')).filter((name) => name.startsWith('test-'))
  : [];

interface RawTest {
  readonly ServerMeasurements: readonly object[];
  readonly StartTime: string;
  readonly EndTime: string;
}

function rawTest(file: string): { direction: Direction; test: RawTest } {
  const raw = JSON.parse(readFileSync(join(recordings, 'ndt7-raw', file), 'utf8')) as Record<
    string,
    RawTest | undefined
  >;
  const direction = raw['Download'] === undefined ? 'upload' : 'download';
  return { direction, test: (raw['Download'] ?? raw['Upload'])! };
}

/** As it crosses the wire. */
function lastOf({ ServerMeasurements: all }: RawTest): Measurement {
  const parsed = all.map((measurement) => parseMeasurement(Buffer.from(JSON.stringify(measurement))));
  expect(parsed).not.toContain(undefined);
  return parsed.at(-1)!;
}

/** M-Lab's own figures, by test and direction. */
function published(): Map<string, Record<string, string>> {
  const [head = '', ...lines] = readFileSync(join(recordings, 'ndt7-tests.csv'), 'utf8').trim().split('\n');
  const names = head.split(',');
  return new Map(
    lines.map((line) => {
      const row = Object.fromEntries(line.split(',').map((value, at) => [names[at] ?? '', value]));
      return [`${row['test']} ${row['direction']}`, row];
    }),
  );
}

describe.skipIf(rawFiles.length === 0)('M-Lab tests (shared/data/broadband, where it is there)', () => {
  it.each(rawFiles)('%s gives the figures that M-Lab publishes', (file) => {
    const { direction, test } = rawTest(file);
    const row = published().get(`${Number(file.slice(5, 8))} ${direction}`)!;
    const last = lastOf(test);
    const mbps = megabitsPerSecond(arrivedVolume(direction, last)!);
    // Published with three decimals.
    const rounding = 0.0005;
    expect(Math.abs(mbps - Number(row['mean_mbps']))).toBeLessThan(0.001 * mbps + rounding);
    if (row['loss_rate'] !== '') expect(lossShare(last)).toBeCloseTo(Number(row['loss_rate']), 6);
  });

  it.each(rawFiles)('%s is what the collector would have sent', (file) => {
    const { direction, test } = rawTest(file);
    const last = lastOf(test);
    const arrived = arrivedVolume(direction, last)!;
    const own = { bytes: arrived.bytes, elapsedMs: Date.parse(test.EndTime) - Date.parse(test.StartTime) };
    expect(testedSpeed(direction, own, last)).toBe(megabitsPerSecond(arrived));
  });

  it('of the older ndt5 are not taken for ndt7', () => {
    const old = readFileSync(join(recordings, 'ndt7-raw/ndt5-2022.json'));
    expect(arrivedVolume('upload', parseMeasurement(old) ?? {})).toBeUndefined();
  });
});
