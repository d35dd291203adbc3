import { describe, expect, it } from 'vitest';
import { sensorValue, type SensorType } from './sensor-value.ts';

const YOCTO = 1;
const MICRO = 7;
const MILLI = 8;
const UNITS = 9;
const KILO = 10;

const read = (type: SensorType, value: number, scale: number, precision = 0) =>
  sensorValue(type, { value, scale, precision });

describe('the scale of a sensor', () => {
  it.each<[SensorType, number, number, number, number]>([
    ['celsius', 282, UNITS, 1, 28.2],
    ['celsius', 41_000, MILLI, 0, 41],
    ['celsius', -5, UNITS, 0, -5],
    ['volts_dc', 12_420, MILLI, 0, 12.42],
    ['amperes', 509, MILLI, 2, 0.00509],
    ['watts', 6_015, MILLI, 4, 0.0006015],
    ['watts', 50, MICRO, 3, 5e-8],
    ['watts', 3, KILO, -2, 3_000],
    ['dbm', -3_950, MILLI, 0, -3.95],
    ['rpm', 5, KILO, 0, 5_000],
  ])(
    'of %s is believed where such a value can be measured: %d at scale %d',
    (type, value, scale, precision, expected) => {
      expect(read(type, value, scale, precision)).toBe(expected);
    },
  );

  it.each<[SensorType, number, number]>([
    ['celsius', 41, YOCTO],
    ['celsius', 41, MICRO],
    ['celsius', 41, KILO],
    ['celsius', 41, 0],
    ['rpm', 8_000, YOCTO],
    ['volts_ac', 230, YOCTO],
    ['watts', 150, YOCTO],
    ['amperes', 3, YOCTO],
    ['percent_rh', 55, KILO],
    ['dbm', -4, YOCTO],
    ['truth_value', 1, YOCTO],
  ])('of %s is taken as units where no such value can be measured: %d at scale %d', (type, value, scale) => {
    expect(read(type, value, scale)).toBe(value);
  });

  it('stays as the device states it where units would be no better', () => {
    expect(read('celsius', 900, YOCTO)).toBe(9e-22);
    expect(read('watts', 5, 5, 0)).toBe(5e-12); // hardly any light is not 5 W
  });

  it('does not matter to zero, and there is none for what is no value', () => {
    expect(read('rpm', 0, YOCTO)).toBe(0);
    expect(read('celsius', -1_000_000_000, UNITS)).toBeUndefined();
    expect(sensorValue('celsius', { value: undefined, scale: 9, precision: 0 })).toBeUndefined();
    expect(sensorValue('celsius', { value: 28, scale: undefined, precision: undefined })).toBe(28);
  });
});
