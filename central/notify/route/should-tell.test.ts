import { describe, expect, it } from 'vitest';
import { shouldTell, type Route, type RoutedAlert } from './should-tell.ts';

const CITY = 'Asia/Ho_Chi_Minh';
/** Monday 30 November 2026, local time. */
const at = (hour: number, minute = 0, day = 30): number => Date.UTC(2026, 10, day, hour - 7, minute);
const alert: RoutedAlert = {
  ...{ rule: 'room_smoke', severity: 'major', unit: '26737', site: 'site-1' },
  ...{ agency: 'health', services: ['calls', 'permits'] },
};

function channels(
  routes: readonly Omit<Route, 'name'>[],
  nowMs = at(12),
  changes: Partial<RoutedAlert> = {},
) {
  const named = routes.map((route) => ({ name: 'a route', ...route }));
  const told = shouldTell({ ...alert, ...changes }, named, nowMs, CITY);
  return typeof told === 'string' ? told : told.map(({ channel }) => channel);
}

describe('a route', () => {
  it('takes everything that it does not name', () => {
    expect(channels([{ channels: ['noc'] }])).toEqual(['noc']);
    expect(channels([])).toBe('no route takes it');
  });

  it.each([
    [{ severities: ['major'] }, { severities: ['critical', 'minor'] }],
    [{ rules: ['room_smoke'] }, { rules: ['room_smok', 'smoke'] }],
    [{ rules: ['room_*'] }, { rules: ['power_*'] }],
    [{ units: ['26737'] }, { units: ['26740'] }],
    [{ sites: ['site-1'] }, { sites: ['site-10'] }],
    [{ agencies: ['health'] }, { agencies: ['water'] }],
    [{ services: ['portal', 'permits'] }, { services: ['portal'] }],
    [
      { agencies: ['health'], services: ['calls'] },
      { agencies: ['health'], services: ['portal'] },
    ],
    [{ days: ['mon'] }, { days: ['tue', 'sun'] }],
    [{ hours: { fromMinute: 720, toMinute: 721 } }, { hours: { fromMinute: 721, toMinute: 720 } }],
  ] as const)('with %o takes it, with %o it does not', (takes, takesNot) => {
    expect(channels([{ channels: ['noc'], ...takes }])).toEqual(['noc']);
    expect(channels([{ channels: ['noc'], ...takesNot }])).toBe('no route takes it');
  });

  it('for units takes nothing whose unit is not known', () => {
    const { unit: _unit, ...nowhere } = alert;
    expect(shouldTell(nowhere, [{ name: 'x', units: ['26737'], channels: ['noc'] }], at(12), CITY)).toBe(
      'no route takes it',
    );
  });

  it('counts beside others: each channel once, told as early as one of them allows', () => {
    const quietHours = { fromMinute: 0, toMinute: 1_439 };
    const step = { afterMs: 900_000, channels: ['chief'] };
    const second = { channel: 'sms', afterMs: 60_000 };
    const routes = [
      { name: 'a', channels: ['noc', 'mail'], quietHours },
      { name: 'b', channels: ['noc'], second, escalate: [step] },
    ];
    expect(shouldTell(alert, routes, at(12), CITY)).toEqual([
      { channel: 'noc', notBeforeMs: at(12), second, escalate: [step] },
      { channel: 'mail', notBeforeMs: at(23, 59), escalate: [] },
    ]);
  });
});

describe('hours over midnight', () => {
  const night = {
    days: ['sun'],
    hours: { fromMinute: 22 * 60, toMinute: 6 * 60 },
    channels: ['noc'],
  } as const;

  it('belong to the day on which they begin', () => {
    expect(channels([night], at(23, 0, 29))).toEqual(['noc']);
    expect(channels([night], at(5, 59, 30))).toEqual(['noc']);
    expect(channels([night], at(6, 0, 30))).toBe('no route takes it');
    expect(channels([night], at(5, 0, 29))).toBe('no route takes it');
    expect(channels([night], at(23, 0, 30))).toBe('no route takes it');
  });
});

describe('quiet hours', () => {
  const quietHours = { fromMinute: 22 * 60, toMinute: 6 * 60 };
  const heldUntil = (nowMs: number, severity: RoutedAlert['severity']): number | undefined => {
    const told = shouldTell(
      { ...alert, severity },
      [{ name: 'x', channels: ['noc'], quietHours }],
      nowMs,
      CITY,
    );
    return typeof told === 'string' ? undefined : told[0]?.notBeforeMs;
  };

  it('hold back until their end, on either side of midnight', () => {
    expect(heldUntil(at(23, 10, 29), 'major')).toBe(at(6));
    expect(heldUntil(at(5, 59) + 59_999, 'major')).toBe(at(6));
    expect(heldUntil(at(6), 'major')).toBe(at(6));
    expect(heldUntil(at(21, 59), 'major')).toBe(at(21, 59));
  });

  it('never hold back what is critical', () => {
    expect(heldUntil(at(23, 10, 29), 'critical')).toBe(at(23, 10, 29));
  });
});
