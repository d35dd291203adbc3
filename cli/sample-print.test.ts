import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../contract/measurements/index.ts';
import { printSamples } from './sample-print.ts';

const samples = [
  {
    measurement: 'net',
    tags: { host: 'gw 1', interface: 'eth0' },
    fields: { bytes_recv: 2n ** 63n - 1n, err_in: 3 },
    timeMs: 1_800_000_000_123,
  },
  { measurement: 'cpu', tags: { cpu: 'cpu-total' }, fields: { usage_active: 12.3456789 }, timeMs: 1 },
];

describe('samples are printed', () => {
  it('as a table with units for people', () => {
    expect(printSamples(samples, 'table', CATALOGUE).split('\n')).toEqual([
      'MEASUREMENT  TAGS                      FIELD                       VALUE  UNIT',
      'net          host=gw 1 interface=eth0  bytes_recv    9223372036854775807  By',
      '                                       err_in                          3  {packet}',
      'cpu          cpu=cpu-total             usage_active              12.3457  %',
      '',
    ]);
  });

  it('as JSON, one object a line, whole numbers exact', () => {
    const [first] = printSamples(samples, 'json', CATALOGUE).split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({
      fields: { bytes_recv: '9223372036854775807', err_in: 3 },
    });
  });

  it('as line protocol that Telegraf and InfluxDB read, the catalogue deciding the types', () => {
    expect(printSamples(samples, 'line-protocol', CATALOGUE).split('\n')).toEqual([
      'net,host=gw\\ 1,interface=eth0 bytes_recv=9223372036854775807i,err_in=3i 1800000000123000000',
      'cpu,cpu=cpu-total usage_active=12.3456789 1000000',
      '',
    ]);
  });
});
