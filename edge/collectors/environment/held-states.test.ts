import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import { openHeldStatesRecord } from './held-states-record.ts';
import { HeldStates } from './held-states.ts';

const MINUTE_MS = 60_000;
const say = (fields: Record<string, boolean | number>, timeMs: number) => ({
  tags: { device: 'door-1' },
  fields,
  timeMs,
});

/** What is reported at the end of each minute, after what the sensor said at its beginning. */
function replay(
  minutes: number,
  said: Readonly<Record<number, Record<string, boolean | number>>>,
  silentAfterMs = 180 * MINUTE_MS,
) {
  const states = new HeldStates(silentAfterMs);
  return Array.from({ length: minutes }, (_unused, minute) => {
    const now = said[minute];
    if (now !== undefined) states.record(say(now, minute * MINUTE_MS), minute * MINUTE_MS);
    return states.report('environment', (minute + 1) * MINUTE_MS).map(({ fields }) => fields);
  });
}

describe('a sensor that only sends changes', () => {
  it('is reported each minute while the door is open, and for ten minutes once it is shut', () => {
    const reports = replay(40, { 2: { door_open: true }, 20: { door_open: false } });
    expect(reports.slice(0, 2)).toEqual([[], []]);
    expect(reports.slice(2, 20)).toEqual(Array.from({ length: 18 }, () => [{ door_open: true }]));
    expect(reports.slice(20, 30)).toEqual(Array.from({ length: 10 }, () => [{ door_open: false }]));
    expect(reports.slice(30)).toEqual(Array.from({ length: 10 }, () => []));
  });

  it('that repeats its all-clear by itself is not repeated again', () => {
    const reports = replay(130, {
      0: { water_leak: false },
      60: { water_leak: false },
      120: { water_leak: false },
    });
    expect(reports.flat()).toHaveLength(10);
  });

  it('is not held any longer when it is silent for too long', () => {
    expect(replay(10, { 0: { smoke: true } }, 3 * MINUTE_MS).flat()).toHaveLength(3);
  });

  it('is not held by news older than what is known, or too old to hold', () => {
    const states = new HeldStates(180 * MINUTE_MS);
    const nowMs = 7_200 * MINUTE_MS;
    expect(states.record(say({ water_leak: true }, 0), nowMs)).toBe(false);
    expect(states.report('environment', nowMs + MINUTE_MS)).toEqual([]);
    states.record(say({ water_leak: false }, nowMs), nowMs);
    expect(states.record(say({ water_leak: true }, nowMs - MINUTE_MS), nowMs)).toBe(false);
    const reports = states.report('environment', nowMs + MINUTE_MS);
    expect(reports).toMatchObject([{ fields: { water_leak: false } }]);
  });

  it('is known again at once after the clock was put back', () => {
    const states = new HeldStates(180 * MINUTE_MS);
    states.record(say({ door_open: true }, 100 * MINUTE_MS), 100 * MINUTE_MS);
    expect(states.record(say({ door_open: false }, 40 * MINUTE_MS), 40 * MINUTE_MS)).toBe(true);
  });

  it('is held through a restart of the agent, even with a damaged record', () => {
    const directory = mkdtempSync(join(tmpdir(), 'wardwatch-held-'));
    try {
      const file = join(directory, 'held.json');
      const before = new HeldStates(180 * MINUTE_MS);
      expect(before.record(say({ door_open: true }, 0), 0)).toBe(true);
      openHeldStatesRecord(file, silentLogger).write(before.all);
      const after = new HeldStates(180 * MINUTE_MS);
      after.restore(openHeldStatesRecord(file, silentLogger).read());
      expect(after.report('environment', 20 * MINUTE_MS)).toEqual([
        { measurement: 'environment', ...say({ door_open: true }, 20 * MINUTE_MS) },
      ]);
      writeFileSync(file, '{"v":1,"held":[{"tags"');
      expect(openHeldStatesRecord(file, silentLogger).read()).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('has only states repeated, never what it measured', () => {
    expect(replay(2, { 0: { smoke: true, water_leak: false, temperature_celsius: 30 } })[0]).toEqual([
      { smoke: true, water_leak: false },
    ]);
    expect(replay(5, { 0: { temperature_celsius: 30 } }).flat()).toEqual([]);
  });
});
