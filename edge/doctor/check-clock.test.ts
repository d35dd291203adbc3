import { describe, expect, it } from 'vitest';
import { judgeClock } from './check-clock.ts';

// `chronyc -c tracking`: reference, address, stratum, time, offset s, …, leap status (chronyc(1)).
const chrony = (offsetS: number, leap: string): string =>
  `CB007105,203.0.113.5,3,1795000000.1,${offsetS},0.0001,0.0002,-1.2,0.01,0.1,0.02,0.001,64.2,${leap}\n`;

describe('the clock', () => {
  it.each([
    ['chrony near', { chrony: chrony(0.000012, 'Normal'), timedatectl: 'no' }, 'ok'],
    ['chrony far off', { chrony: chrony(-3, 'Normal'), timedatectl: undefined }, 'fail'],
    ['chrony without a source', { chrony: chrony(0, 'Not synchronised'), timedatectl: 'yes' }, 'fail'],
    ['timesyncd', { chrony: undefined, timedatectl: 'yes\n' }, 'ok'],
    ['no NTP', { chrony: undefined, timedatectl: 'no\n' }, 'fail'],
    ['nobody who knows', { chrony: undefined, timedatectl: undefined }, 'warn'],
    ['rubbish', { chrony: 'garbage,,,', timedatectl: 'maybe' }, 'warn'],
  ] as const)('with %s is judged', (_, answers, level) => {
    expect(judgeClock(answers).level).toBe(level);
  });
});
