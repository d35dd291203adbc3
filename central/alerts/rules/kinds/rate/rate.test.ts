import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../../../contract/sample.ts';
import { KindHarness, kindRule, problemsOf } from '../../../testing/kind-harness.ts';
import type { AlertRule } from '../../rule.ts';

const MINUTE_S = 60;

function rule(changes: Record<string, unknown>): AlertRule {
  return kindRule({ kind: 'rate', ...changes });
}

const WARMING = {
  measurement: 'environment',
  field: 'temperature_celsius',
  of: 'gauge',
  entity: ['device', 'sensor'],
  across: 'newest',
  window: '16m',
  per: '1h',
  op: 'above',
  levels: [
    { severity: 'minor', raise: 10, clear: 5 },
    { severity: 'major', raise: 20, clear: 15 },
  ],
};

const KILLS = {
  measurement: 'container',
  field: 'oom_kills',
  of: 'counter',
  entity: ['host', 'container'],
  across: 'newest',
  window: '8m',
  op: 'above',
  levels: [{ severity: 'minor', raise: 2.5, clear: 1 }],
};

let harness: KindHarness;
beforeEach(() => {
  harness = new KindHarness();
});
afterEach(() => harness.end());

interface Sent {
  readonly value: FieldValue | undefined;
  /** Another time than that of its arrival. */
  readonly measuredS?: number;
  readonly device?: string;
  readonly isExpected?: boolean;
  readonly agent?: string;
}

function send(
  atS: number,
  { value, measuredS = atS, device = 'th-1', isExpected = true, agent = 'gw-1' }: Sent,
): void {
  const tags = { device, sensor: 'rack' };
  const row = { measurement: 'environment', tags, fields: { temperature_celsius: value } };
  harness.send(atS, { ...row, agent, isExpected, ageS: atS - measuredS });
}

/** One value a minute, from minute `from` on. */
function sendEach(from: number, values: readonly number[]): void {
  values.forEach((value, at) => send((from + at) * MINUTE_S, { value }));
}

/** Degrees after so many minutes, at so many degrees an hour. */
function rising(minutes: number, perHour: number, from = 22): number[] {
  return Array.from({ length: minutes }, (_, at) => from + (perHour * at) / 60);
}

describe('a room that warms', () => {
  it('fires within half a window, gets worse and better, and resolves', () => {
    harness.start([rule(WARMING)]);
    sendEach(0, [...rising(20, 0), ...rising(20, 15), ...rising(20, 30, 27), ...rising(40, 0, 37)]);
    expect(harness.events()).toEqual(['1800 fired', '2880 escalated', '4080 deescalated', '4320 resolved']);
  });

  it('says how fast, with the unit and the time that the limits are for', () => {
    harness.start([rule(WARMING)]);
    sendEach(0, rising(20, 15));
    expect(harness.engine.active()[0]?.valueText).toBe('15 °C/h');
  });

  it('stays quiet as long as it is warm, and at one wrong value', () => {
    harness.start([rule(WARMING)]);
    const values = rising(60, 0, 45);
    values[30] = 150;
    values[50] = -40;
    sendEach(0, values);
    expect(harness.events()).toEqual([]);
  });

  it('is not judged over a gap: what is on its other side may be another season', () => {
    harness.start([rule(WARMING)]);
    sendEach(0, rising(20, 0));
    sendEach(60, rising(7, 0, 40));
    expect(harness.events()).toEqual([]);
  });

  it('is judged where it is measured less often than the rule expects, though not over an outage', () => {
    harness.start([rule({ ...WARMING, window: '40m' })]);
    const each = (fromS: number, values: readonly number[]): void =>
      values.forEach((value, at) => send(fromS + at * 4 * MINUTE_S, { value }));
    each(0, [22, 22, 22, 22, 22, 22]);
    each(3_600, [40, 40, 40, 40, 40, 40, 40, 40]);
    expect(harness.events()).toEqual([]);
    each(5_520, [41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51]);
    expect(harness.engine.active()).toMatchObject([{ severity: 'minor', value: 12.5 }]);
  });

  it('an alert stays over a gap, until enough is known again', () => {
    harness.start([rule(WARMING)]);
    sendEach(0, rising(20, 15));
    sendEach(60, rising(8, 0, 40));
    expect(harness.engine.active()).toHaveLength(1);
    sendEach(68, rising(2, 0, 40));
    expect(harness.engine.active()).toEqual([]);
  });

  it('an alert stays over a restart of central, which has forgotten the points', () => {
    harness.start([rule(WARMING)]);
    sendEach(0, rising(20, 15));
    harness.restart([rule(WARMING)]);
    sendEach(20, rising(8, 0, 27));
    expect(harness.engine.active()).toHaveLength(1);
    sendEach(28, rising(2, 0, 27));
    expect(harness.events()).toEqual(['480 fired', '1680 resolved']);
  });

  it('leaves out what comes late or twice', () => {
    harness.start([rule(WARMING)]);
    rising(30, 0).forEach((value, at) => {
      send(at * MINUTE_S, { value });
      send(at * MINUTE_S + 1, { value: 90, measuredS: at * MINUTE_S - 30 });
      send(at * MINUTE_S + 2, { value: 90, measuredS: at * MINUTE_S });
    });
    expect(harness.events()).toEqual([]);
  });

  it('does not mind samples at odd times', () => {
    harness.start([rule(WARMING)]);
    for (let atS = 0, step = 7; atS < 3_600; step = (step * 31) % 170, atS += 5 + step) {
      send(atS, { value: 22 + (8 * atS) / 3_600 });
    }
    expect(harness.events()).toEqual([]);
  });

  it('a clock that is set back begins anew', () => {
    harness.start([rule(WARMING)]);
    for (let minute = 0; minute < 20; minute++)
      send(minute * 60, { value: 22, measuredS: minute * 60 + 3_600 });
    for (let minute = 20; minute < 40; minute++) send(minute * 60, { value: 22 + minute / 4 });
    expect(harness.engine.active()).toHaveLength(1);
  });

  it('rows without the value, and devices that the inventory lacks, are nothing', () => {
    harness.start([rule(WARMING)]);
    rising(30, 30).forEach((value, at) => {
      send(at * MINUTE_S, { value, device: 'th-2', isExpected: false });
      send(at * MINUTE_S + 1, { value: undefined });
    });
    expect(harness.events()).toEqual([]);
  });
});

describe('what is full fills no more', () => {
  it('so the alert holds while the value itself is beyond the limit, and ends when there is room again', () => {
    harness.start([rule({ ...WARMING, holdsAt: 27 })]);
    sendEach(0, [...rising(20, 0), ...rising(20, 30), ...rising(120, 0, 32)]);
    expect(harness.engine.active()).toMatchObject([{ severity: 'major' }]);
    sendEach(160, rising(10, 0, 27));
    expect(harness.engine.active()).toEqual([]);
  });

  it('begins none by itself, and ends one that never came so far', () => {
    harness.start([rule({ ...WARMING, holdsAt: 27 })]);
    sendEach(0, rising(40, 0, 45));
    expect(harness.events()).toEqual([]);
    sendEach(40, [...rising(20, 15, 10), ...rising(20, 0, 15)]);
    expect(harness.events()).toHaveLength(2);
    expect(harness.engine.active()).toEqual([]);
  });

  it('and where the value falls, it holds below the limit', () => {
    const levels = [{ severity: 'minor', raise: -10, clear: -5 }];
    harness.start([rule({ ...WARMING, op: 'below', levels, holdsAt: 10 })]);
    sendEach(0, [...rising(20, -30, 15), ...rising(40, 0, 5)]);
    expect(harness.engine.active()).toHaveLength(1);
    sendEach(60, rising(30, 0, 12));
    expect(harness.engine.active()).toEqual([]);
  });
});

describe('a counter', () => {
  function count(from: number, values: readonly (FieldValue | undefined)[]): void {
    values.forEach((value, at) => {
      const tags = { host: 'h', container: 'web' };
      harness.send((from + at) * MINUTE_S, { measurement: 'container', tags, fields: { oom_kills: value } });
    });
  }

  it('fires as soon as it rose enough, and resolves when a whole window is quiet', () => {
    harness.start([rule(KILLS)]);
    count(0, [0, 0, 1, 2, 3, 3, ...Array.from({ length: 20 }, () => 3)]);
    expect(harness.events()).toEqual(['300 fired', '720 resolved']);
  });

  it('stays quiet at a slow rise, a restart of what counts, and a wrong value', () => {
    harness.start([rule(KILLS)]);
    count(0, [7, 7, 8, 8, 8, 8, 9, 9, 9, 0, 0, 0, 0, 900, 0, 0, 0, 1, 1, 1]);
    expect(harness.events()).toEqual([]);
  });

  it('ends only by a whole window, not by what little is known after a restart of central', () => {
    harness.start([rule(KILLS)]);
    count(0, [0, 1, 2, 3, 4, 4]);
    harness.restart([rule(KILLS)]);
    count(6, [4, 4, 4, 4, 4, 4, 4]);
    expect(harness.engine.active()).toHaveLength(1);
    count(13, [4, 4]);
    expect(harness.engine.active()).toEqual([]);
  });

  it('is divided by the rise of another, as soon as that rose', () => {
    const errors = rule({
      measurement: 'net',
      field: 'err_in',
      divideBy: 'packets_recv',
      of: 'counter',
      entity: ['host', 'interface'],
      window: '8m',
      op: 'above',
      levels: [{ severity: 'minor', raise: 0.01, clear: 0.005 }],
    });
    harness.start([errors]);
    for (let minute = 0; minute < 40; minute++) {
      const packets = minute < 10 ? 500 : 500 + (minute - 10) * 1_000;
      const bad = Math.max(0, Math.min(minute, 25) - 15) * 30;
      const fields = { packets_recv: BigInt(packets), err_in: bad };
      const tags = { host: 'h', interface: 'eth0' };
      harness.send(minute * MINUTE_S, { measurement: 'net', tags, fields });
    }
    expect(harness.events()).toEqual(['1140 fired', '1980 resolved']);
  });
});

describe('settings', () => {
  it.each([
    [{ window: '4m' }, 'window: expected at least 5 times interval (5 min), got "4 min"'],
    [{ of: 'slope' }, expect.stringMatching(/^of: .*gauge.*counter.*got "slope"/)],
    [{ divideBy: 'humidity_pct' }, 'divideBy: expected only with of: counter, got "humidity_pct"'],
    [{ of: 'counter', holdsAt: 95 }, 'holdsAt: expected only with of: gauge, got 95'],
    [{ field: 'smoke' }, 'field: expected a number field, environment.smoke is bool, got "smoke"'],
    [{ field: 'heat' }, 'field: not a field of environment, got "heat"'],
    [{ measurement: 'rooms' }, 'measurement: not in the catalogue, got "rooms"'],
    [{ entity: ['device'], across: undefined }, expect.stringContaining('across: expected any')],
    [{ per: '0s' }, 'per: expected more than 0s, got 0'],
    [
      { levels: [{ severity: 'minor', raise: 5, clear: 6 }] },
      'levels[0].clear: expected at most the raise level 5, got 6',
    ],
    [{ every: '1m' }, expect.stringContaining('every: unknown setting')],
  ])('%j is refused', (changes, problem: unknown) => {
    const problems = problemsOf(() => rule({ ...WARMING, ...changes }));
    expect(problems.map((line) => line.replace(/^a: /, ''))).toContainEqual(problem);
  });

  it('a quotient has no time', () => {
    const quotient = { ...KILLS, divideBy: 'pids_count', per: '1h' };
    expect(() => rule(quotient)).toThrow(
      'per: expected nothing beside divideBy: a quotient has no time, got "1 h"',
    );
  });
});
