import { describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { SilenceReport, silenceMs } from './ack-silence.ts';

const at = { nowMs: 100_000, connectedAtMs: 10_000, lastAckMs: undefined, oldestPendingAgeMs: 95_000 };

describe('the time without an acknowledgement', () => {
  it.each([
    ['counts from the connection', {}, 90_000],
    ['counts from the last answer', { lastAckMs: 60_000 }, 40_000],
    ['counts from the connection if the last answer was before', { lastAckMs: 5_000 }, 90_000],
    ['is no longer than anything waits', { oldestPendingAgeMs: 7_000 }, 7_000],
    ['is none if nothing waits', { oldestPendingAgeMs: undefined }, 0],
    ['is none if the clock was put back', { oldestPendingAgeMs: -5_000 }, 0],
    ['is not known without a connection', { connectedAtMs: undefined }, undefined],
  ])('%s', (_what, change, expected) => {
    expect(silenceMs({ ...at, ...change })).toBe(expected);
  });
});

describe('the report of a silence', () => {
  const start = () => {
    const lines: { level: number; msg: string }[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as never) });
    return { report: new SilenceReport('gw-1', log, 60_000), lines };
  };

  it('comes once, and once at its end', () => {
    const { report, lines } = start();
    for (const silence of [0, 30_000, 59_999]) report.update(silence, 'go');
    expect(lines).toEqual([]);
    for (const silence of [60_000, 90_000, 150_000]) report.update(silence, 'go');
    expect(lines).toMatchObject([
      { level: 40, msg: expect.stringContaining('connected, nothing acknowledged for 60 s') as string },
    ]);
    for (const silence of [200, 0]) report.update(silence, 'go');
    expect(lines.slice(1)).toMatchObject([{ level: 30, forS: 150, msg: 'central acknowledges again' }]);
    report.update(60_000, 'go');
    expect(lines).toHaveLength(3);
  });

  it('is due when the limit is reached, and not while there is none to make', () => {
    const { report } = start();
    expect([undefined, 0, 20_000].map((silence) => report.dueInMs(silence))).toEqual([
      undefined,
      undefined,
      40_000,
    ]);
    report.update(60_000, 'go');
    expect(report.dueInMs(70_000)).toBeUndefined();
  });

  it('ends without a word when the connection does: that is told already', () => {
    const { report, lines } = start();
    report.update(60_000, 'go');
    report.update(undefined, 'go');
    expect(lines).toHaveLength(1);
  });
});
