import { describe, expect, it } from 'vitest';
import { OpenDoors } from './open-doors.ts';

const MINUTE_MS = 60_000;
const door = (door_open: boolean) => ({ tags: { device: 'door-1' }, fields: { door_open } });

describe('a door that only speaks when it moves', () => {
  it('is reported open each minute until it is shut', () => {
    const doors = new OpenDoors(180 * MINUTE_MS);
    doors.note(door(true), 0);
    const reports = Array.from({ length: 31 }, (_unused, half) => {
      if (half === 25) doors.note(door(false), half * 30_000);
      return doors.report('environment', half * 30_000, half).length;
    });
    expect(reports.slice(0, 7)).toEqual([0, 0, 1, 0, 1, 0, 1]);
    expect(reports.slice(25)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(doors.report('environment', 0, 1)).toEqual([]);
  });

  it('is not, once the sensor is silent for too long', () => {
    const doors = new OpenDoors(2 * MINUTE_MS);
    doors.note(door(true), 0);
    expect(doors.report('environment', 2 * MINUTE_MS, 5)).toEqual([
      { measurement: 'environment', tags: { device: 'door-1' }, fields: { door_open: true }, timeMs: 5 },
    ]);
    expect(doors.report('environment', 3 * MINUTE_MS, 5)).toEqual([]);
  });
});
