import { describe, expect, it } from 'vitest';
import { knownRuntime } from './battery-runtime.ts';

interface Told {
  readonly runtime: number | undefined;
  readonly onBattery?: boolean | undefined;
  readonly isBatteryLow?: boolean;
}

/** What is known after each of these readings of one UPS. */
function known(...readings: readonly Told[]): (number | undefined)[] {
  let counts = false;
  return readings.map(({ runtime, onBattery, isBatteryLow = false }) => {
    const found = knownRuntime(runtime, { onBattery, isBatteryLow }, counts);
    ({ counts } = found);
    return found.runtime;
  });
}

const onMains = (runtime: number | undefined): Told => ({ runtime, onBattery: false });
const onBattery = (runtime: number | undefined): Told => ({ runtime, onBattery: true });

describe('the runtime of a UPS', () => {
  it('that always says 0 is not known, on mains and on battery', () => {
    expect(known(onMains(0), onBattery(0), onBattery(0))).toEqual([undefined, undefined, undefined]);
  });

  it('that counts down to 0 is 0 then, also when the output is off', () => {
    expect(known(onMains(30), onBattery(20), onBattery(0), { runtime: 0 })).toEqual([30, 20, 0, 0]);
  });

  it('that is 0 on mains and stays 0 at first on battery is known from its first figure on', () => {
    expect(known(onMains(0), onBattery(0), onBattery(25), onBattery(0))).toEqual([
      undefined,
      undefined,
      25,
      0,
    ]);
    expect(known(onBattery(5), onMains(0), onBattery(0))).toEqual([5, undefined, undefined]);
  });

  it('of 0 is believed at once when the battery is low', () => {
    expect(known({ runtime: 0, onBattery: true, isBatteryLow: true })).toEqual([0]);
  });

  it('is not known where it is missing, negative or 65535, and what was seen before still counts', () => {
    expect(known(onMains(65_535), onMains(-1), onMains(undefined))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(known(onBattery(5), onBattery(65_535), onBattery(0))).toEqual([5, undefined, 0]);
  });
});
