import { expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { AlarmQualityRollup } from './alarm-quality-rollup.ts';
import { alarmQualitySamples, type AlarmFigures } from './alarm-quality.ts';

const NONE = { medianMs: undefined, p90Ms: undefined };
const QUIET: AlarmFigures = {
  ...{ fired: 0, acknowledged: NONE, recovered: NONE, severities: [], per10Min: { floodRatio: 0 } },
};
const DAY: AlarmFigures = {
  fired: 20,
  acknowledged: { medianMs: 90_000, p90Ms: 300_000 },
  recovered: NONE,
  severities: [
    { severity: 'critical', fired: 1, acknowledged: { medianMs: 60_000, p90Ms: 60_000 }, recovered: NONE },
    { severity: 'major', fired: 3, acknowledged: NONE, recovered: NONE },
    { severity: 'minor', fired: 10, acknowledged: NONE, recovered: NONE },
    { severity: 'warning', fired: 6, acknowledged: NONE, recovered: NONE },
  ],
  per10Min: { floodRatio: 0.02 },
};
const AT_MS = 1_800_000_000_000;

it('tells the rate of the last ten minutes for each person, and how the day was handled', () => {
  const given = { atMs: AT_MS, recent: { fired: 24 }, day: DAY, chattering: 1, stale: 2, peopleOnCall: 2 };
  expect(alarmQualitySamples(given)).toEqual([
    {
      measurement: 'alarm_quality',
      tags: {},
      fields: {
        ...{ alarm_rate: 12, flood: true, flood_pct: 2, chattering: 1, stale: 2 },
        ...{ low_priority_pct: 80, medium_priority_pct: 15, high_priority_pct: 5 },
        ...{ mtta_p50_s: 90, mtta_p90_s: 300 },
      },
      timeMs: AT_MS,
    },
    {
      measurement: 'alarm_quality',
      tags: { severity: 'critical' },
      fields: { mtta_p50_s: 60, mtta_p90_s: 60 },
      timeMs: AT_MS,
    },
  ]);
});

it('a day without alarms has no shares and no times, which are not zero', () => {
  const given = {
    atMs: AT_MS,
    recent: { fired: 0 },
    day: QUIET,
    chattering: 0,
    stale: 0,
    peopleOnCall: undefined,
  };
  expect(alarmQualitySamples(given).map(({ fields }) => fields)).toEqual([
    { alarm_rate: 0, flood: false, flood_pct: 0, chattering: 0, stale: 0 },
  ]);
});

it('where nobody is on call, or no calendar says who is, the alarms are those of one person', () => {
  for (const peopleOnCall of [0, undefined])
    expect(
      alarmQualitySamples({
        atMs: AT_MS,
        recent: { fired: 10 },
        day: QUIET,
        chattering: 0,
        stale: 0,
        peopleOnCall,
      })[0]?.fields,
    ).toMatchObject({ alarm_rate: 10, flood: false });
});

it('each minute has a new rate, and every ten minutes the figures of the day are read anew', () => {
  let nowMs = AT_MS;
  const asked: number[] = [];
  const written: Sample[] = [];
  const rollup = new AlarmQualityRollup({
    alerts: {
      active: () => [
        { startedAtMs: AT_MS - 86_400_001, phase: 'flapping' },
        { startedAtMs: AT_MS, phase: 'firing' },
        { startedAtMs: AT_MS, phase: 'flapping' },
      ],
      statistics: ({ fromMs, toMs }) => {
        asked.push((toMs - fromMs) / 60_000);
        return { ...QUIET, fired: asked.length };
      },
    },
    peopleOnCall: () => 1,
    own: { write: (samples) => written.push(...samples) },
    clock: { now: () => nowMs, monotonicMs: () => nowMs },
  });
  for (let minute = 0; minute <= 10; minute++, nowMs += 60_000) rollup.write();
  expect(asked.filter((minutes) => minutes === 10)).toHaveLength(11);
  expect(asked.filter((minutes) => minutes === 1_440)).toHaveLength(2);
  expect(written[0]).toMatchObject({ timeMs: AT_MS, fields: { chattering: 2, stale: 1 } });
  expect(new Set(written.map(({ fields }) => fields['alarm_rate'])).size).toBe(11);
});
