import { describe, expect, it } from 'vitest';
import { check, GOOD, NOW, one, ping, verdict } from '../testing/validate-rows.ts';

describe('types come from the catalogue', () => {
  const load = (value: unknown): unknown => verdict(one('system', {}, 'load1', value));
  const uptime = (value: unknown): unknown => verdict(one('system', {}, 'uptime', value));
  const healthy = (value: unknown): unknown => verdict(one('device', { device: 'n-1' }, 'up', value));
  const note = (value: unknown): unknown => verdict(one('device', { device: 'n-1' }, 'software', value));

  it('a float takes any finite number', () => {
    expect([1, 1.5, 0].map(load)).toEqual([1, 1.5, 0]);
    expect(['1.5', true, [], {}].map(load)).toEqual(
      ['"1.5"', 'true', 'a list', 'an object'].map(
        (got) => `wrong-type: load1 is ${got}, expected a finite number`,
      ),
    );
    expect(load(Number.NaN)).toBe('wrong-type: load1 is NaN, expected a finite number');
    expect(load(JSON.parse('1e999'))).toBe('wrong-type: load1 is Infinity, expected a finite number');
  });

  it('an int takes whole numbers and decimal texts, as bigint where a number would not be exact', () => {
    expect([7, '7', '9007199254740991'].map(uptime)).toEqual([7, 7, Number.MAX_SAFE_INTEGER]);
    expect(uptime('9007199254740993')).toBe(9_007_199_254_740_993n);
    expect(uptime('9223372036854775807')).toBe(2n ** 63n - 1n);
    expect(uptime(2 ** 60)).toBe(2n ** 60n);
  });

  it.each(['9223372036854775808', '1.5', '1e3', '0x10', ' 1', '', '007', '+1', 'abc', '9'.repeat(400)])(
    'an int does not take the text "%s"',
    (text) => {
      expect(uptime(text)).toMatch(/^wrong-type: uptime is ".*", expected a whole number of 64 bits/);
    },
  );

  it.each([1.5, 1e300, true])('an int does not take %s', (value) => {
    expect(uptime(value)).toMatch(/^wrong-type: /);
  });

  it('int64 ends on both sides', () => {
    const raw = (value: unknown): unknown =>
      verdict(one('smart_attribute', { device: 'sda', name: 'x' }, 'raw_value', value));
    expect(raw('-9223372036854775808')).toBe(-(2n ** 63n));
    expect(raw('-9223372036854775809')).toMatch(/^wrong-type/);
  });

  it('a flag is true or false, never 0 or 1', () => {
    expect([true, false].map(healthy)).toEqual([true, false]);
    expect(healthy(1)).toBe('wrong-type: up is 1, expected true or false');
  });

  it('a text has at most 1 KiB', () => {
    expect(note('Điện áp thấp')).toBe('Điện áp thấp');
    expect(note('ế'.repeat(341))).toBe('ế'.repeat(341));
    expect(note('ế'.repeat(342))).toBe('out-of-range: software has 1026 bytes, expected at most 1024');
    expect(note(1)).toBe('wrong-type: software is 1, expected a text');
  });
});

describe('ranges', () => {
  it.each([
    ['usage_user is 101, expected 0 to 100 %', one('cpu', { cpu: 'cpu0' }, 'usage_user', 101)],
    ['uptime is -1, expected at least 0 s', one('system', {}, 'uptime', -1)],
    [
      'total is "-9223372036854775808", expected at least 0 By',
      one('mem', {}, 'total', '-9223372036854775808'),
    ],
    ['rsrp_dbm is -300, expected -156 to -31 dBm', one('cellular', { device: 'm-1' }, 'rsrp_dbm', -300)],
  ])('name what is expected: %s', (reason, table) => {
    expect(verdict(table)).toBe(`out-of-range: ${reason}`);
  });

  it('allow for rounding errors of computed values', () => {
    expect(verdict(one('cpu', { cpu: 'cpu0' }, 'usage_user', 100.00000000000001))).toBe(100.00000000000001);
    expect(verdict(one('cpu', { cpu: 'cpu0' }, 'usage_user', 100.001))).toMatch(/^out-of-range/);
  });

  it.each([
    ['nr', -150, undefined],
    ['lte', -141, undefined],
    ['lte', -150, '-141 to -44 dBm for rat lte'],
    ['lte_ca', -40, '-141 to -44 dBm for rat lte_ca'],
    ['umts', -150, undefined],
    [null, -150, undefined],
  ])('follow the radio technology: %s at %d dBm', (rat, level, expected) => {
    const found = verdict(one('cellular', { device: 'm-1', rat }, 'rsrp_dbm', level));
    expect(found).toBe(
      expected === undefined ? level : `out-of-range: rsrp_dbm is ${level}, expected ${expected}`,
    );
  });

  it('refuse only the row that is outside', () => {
    const { tables, points, refusals } = check(ping(GOOD, [['gw-1', 'x'], 0, [-1, 0]], GOOD));
    expect(points).toBe(2);
    expect(tables[0]?.rows).toHaveLength(2);
    expect(refusals).toEqual([
      {
        row: 1,
        measurement: 'ping',
        code: 'out-of-range',
        reason: 'average_response_ms is -1, expected at least 0 ms',
        raw: {
          baseMs: NOW,
          tags: ['host', 'url'],
          fields: ['average_response_ms', 'result_code'],
          row: [['gw-1', 'x'], 0, [-1, 0]],
        },
      },
    ]);
  });
});
