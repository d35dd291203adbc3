import { beforeEach, describe, expect, it } from 'vitest';
import { openStateDatabase } from '../../state/database.ts';
import type { Severity } from '../rules/severity.ts';
import type { AlertRecord } from './alert-record.ts';
import { openAlertRepository, type AlertRepository } from './alert-repository.ts';
import { openAlertStatistics, type StatisticsQuery } from './alert-statistics.ts';

const FROM_MS = 1_800_000_000_000;
const MINUTE_MS = 60_000;

let repository: AlertRepository;
let statistics: ReturnType<typeof openAlertStatistics>;
let count: number;

beforeEach(() => {
  const database = openStateDatabase(':memory:');
  repository = openAlertRepository(database);
  statistics = openAlertStatistics(database);
  count = 0;
});

interface Told {
  readonly rule?: string;
  readonly unit?: string;
  readonly endMinute?: number;
  readonly withdrawn?: true;
  readonly isLearnedLate?: true;
  readonly severity?: Severity;
  /** Who acknowledged it, and each time that somebody did. */
  readonly acknowledgedAtMinutes?: readonly number[];
}

function fire(
  minute: number,
  {
    rule = 'room_smoke',
    unit,
    endMinute,
    withdrawn,
    isLearnedLate,
    severity = 'critical',
    acknowledgedAtMinutes = [],
  }: Told = {},
): void {
  const atMs = FROM_MS + minute * MINUTE_MS;
  const id = `a-${String(count++).padStart(20, '0')}`;
  const record: AlertRecord = {
    id,
    rule,
    entityKey: id,
    entity: { device: `node-${count}` },
    ...(unit !== undefined && { unit }),
    agent: 'gw-1',
    severity,
    phase: endMinute === undefined ? 'firing' : withdrawn === true ? 'withdrawn' : 'resolved',
    startedAtMs: atMs,
    firedAtMs: atMs,
    ...(endMinute !== undefined && { resolvedAtMs: FROM_MS + endMinute * MINUTE_MS }),
    value: true,
    lastValue: true,
    openedAtMs: atMs,
    updatedAtMs: atMs,
    ...(isLearnedLate === true && { learnedLateAtMs: atMs }),
    lastSampleMs: atMs,
  };
  const events = acknowledgedAtMinutes.map((at) => ({
    ...({ kind: 'acknowledged', phase: 'firing', severity, value: true, by: 'lan' } as const),
    atMs: FROM_MS + at * MINUTE_MS,
    recordedAtMs: FROM_MS + at * MINUTE_MS,
  }));
  repository.write({ alerts: [{ record, events }], pending: [], endedPending: [] });
}

const ofAnHour = (more: Partial<StatisticsQuery> = {}) =>
  statistics({ fromMs: FROM_MS, toMs: FROM_MS + 60 * MINUTE_MS, ...more });

describe('the alarms of an hour', () => {
  it('are counted by rule, the noisiest first, with those that still stand', () => {
    fire(-1, { rule: 'before' });
    fire(60, { rule: 'after' });
    fire(5, { rule: 'port_down', endMinute: 6 });
    fire(7, { rule: 'port_down' });
    fire(9);
    expect(ofAnHour()).toMatchObject({
      fired: 3,
      rules: [
        { rule: 'port_down', fired: 2, active: 1 },
        { rule: 'room_smoke', fired: 1, active: 1 },
      ],
    });
  });

  it('recover after a time, in the mean, that those which were withdrawn say nothing about', () => {
    fire(-30, { endMinute: 0 });
    fire(10, { endMinute: 20 });
    fire(10, { endMinute: 59, withdrawn: true });
    fire(10, { endMinute: 60 });
    expect(ofAnHour()).toMatchObject({ resolved: 2, meanRecoveryMs: 20 * MINUTE_MS });
  });

  it('are acknowledged after a time: the first one counts, in the range in which it was', () => {
    for (const minutes of [1, 2, 3, 4, 30]) fire(5, { acknowledgedAtMinutes: [5 + minutes, 55] });
    fire(5, { severity: 'minor', acknowledgedAtMinutes: [45] });
    fire(50, { severity: 'minor', acknowledgedAtMinutes: [60] });
    fire(-20, { severity: 'warning', acknowledgedAtMinutes: [-1, 30] });
    fire(5, { isLearnedLate: true, endMinute: 1, acknowledgedAtMinutes: [6] });
    const { acknowledged, severities } = ofAnHour();
    expect(acknowledged).toEqual({ alerts: 6, medianMs: 3 * MINUTE_MS, p90Ms: 40 * MINUTE_MS });
    expect(severities).toMatchObject([
      {
        ...{ severity: 'critical', fired: 5, recovered: { alerts: 0 } },
        acknowledged: { alerts: 5, medianMs: 3 * MINUTE_MS, p90Ms: 30 * MINUTE_MS },
      },
      {
        ...{ severity: 'minor', fired: 2 },
        acknowledged: { alerts: 1, medianMs: 40 * MINUTE_MS, p90Ms: 40 * MINUTE_MS },
      },
    ]);
  });

  it('recover after times of which median and p90 are the nearest rank', () => {
    const sorted = Array.from({ length: 137 }, (_, at) => ((at * 7_919) % 1_013) / 60);
    for (const minutes of sorted) fire(0, { endMinute: minutes });
    sorted.sort((a, b) => a - b);
    const rank = (percent: number): number =>
      Math.floor((sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? NaN) * 60 + 1e-6) * 1_000;
    expect(ofAnHour().recovered).toEqual({ alerts: 137, medianMs: rank(50), p90Ms: rank(90) });
  });

  it('recover after a time that is told by severity as well', () => {
    for (const minutes of [10, 20, 40]) fire(0, { severity: 'major', endMinute: minutes });
    fire(-30, { endMinute: 30 });
    const { recovered, severities } = ofAnHour();
    expect(recovered).toEqual({ alerts: 4, medianMs: 20 * MINUTE_MS, p90Ms: 60 * MINUTE_MS });
    expect(severities).toMatchObject([
      { severity: 'critical', fired: 0, recovered: { alerts: 1, medianMs: 60 * MINUTE_MS } },
      {
        severity: 'major',
        fired: 3,
        recovered: { alerts: 3, medianMs: 20 * MINUTE_MS, p90Ms: 40 * MINUTE_MS },
      },
    ]);
  });

  it('are counted apart where they were over when central learned of them', () => {
    fire(5, { endMinute: 15 });
    for (let alarm = 0; alarm < 20; alarm++) fire(30, { endMinute: 1, isLearnedLate: true });
    expect(ofAnHour()).toMatchObject({
      fired: 1,
      learnedLate: 20,
      resolved: 1,
      meanRecoveryMs: 10 * MINUTE_MS,
      rules: [{ rule: 'room_smoke', fired: 1 }],
      per10Min: { peak: 1 },
    });
  });

  it('come at a rate, and are a flood where more than ten come in ten minutes', () => {
    fire(-60);
    for (let alarm = 0; alarm < 11; alarm++) fire(10 + alarm / 2);
    for (let alarm = 0; alarm < 10; alarm++) fire(30);
    expect(ofAnHour().per10Min).toEqual({
      mean: 21 / 6,
      peak: 11,
      peakAtMs: FROM_MS + 10 * MINUTE_MS,
      floodRatio: 1 / 6,
    });
  });

  it('are those of one unit, if it is named', () => {
    fire(5, { unit: '26734', endMinute: 6, acknowledgedAtMinutes: [6] });
    fire(5, { unit: '26737', acknowledgedAtMinutes: [50] });
    fire(5);
    expect(ofAnHour({ unit: '26734' })).toMatchObject({
      ...{ fired: 1, resolved: 1, per10Min: { peak: 1 } },
      ...{ acknowledged: { alerts: 1, medianMs: MINUTE_MS }, recovered: { alerts: 1 } },
      severities: [{ severity: 'critical', fired: 1 }],
    });
  });

  it('come at a rate of the time in which central watched', () => {
    for (let alarm = 0; alarm < 4; alarm++) fire(40);
    const firstMs = FROM_MS + 40 * MINUTE_MS;
    const whole = { fromMs: 0 };
    expect(ofAnHour(whole)).toMatchObject({
      observedFromMs: firstMs,
      per10Min: { mean: 2, peakAtMs: firstMs },
    });
    const knownFromMs = FROM_MS + 20 * MINUTE_MS;
    expect(ofAnHour({ ...whole, knownFromMs })).toMatchObject({
      observedFromMs: knownFromMs,
      per10Min: { mean: 1, peakAtMs: firstMs },
    });
    // Less than ten minutes is no reason to multiply.
    expect(ofAnHour({ fromMs: FROM_MS + 39 * MINUTE_MS, toMs: FROM_MS + 41 * MINUTE_MS }).per10Min.mean).toBe(
      4,
    );
  });

  it('may be none', () => {
    expect(ofAnHour()).toEqual({
      observedFromMs: FROM_MS,
      fired: 0,
      learnedLate: 0,
      rules: [],
      severities: [],
      acknowledged: { alerts: 0, medianMs: undefined, p90Ms: undefined },
      recovered: { alerts: 0, medianMs: undefined, p90Ms: undefined },
      resolved: 0,
      meanRecoveryMs: undefined,
      per10Min: { mean: 0, peak: 0, peakAtMs: undefined, floodRatio: 0 },
    });
  });
});
