import { describe, expect, it } from 'vitest';
import { readClockState } from '../collectors/chrony/clock-state.ts';
import type { ProgramResult } from '../protocols/system/run-program.ts';
import { evaluateClock } from './check-clock.ts';

// `chronyc -c tracking`: reference, address, stratum, time, offset s, …, leap status (chronyc(1)).
const chrony = (offsetS: number, leap: string): string =>
  `CB007105,203.0.113.5,3,1795000000.1,${offsetS},0.0001,0.0002,-1.2,0.01,0.1,0.02,0.001,64.2,${leap}\n`;
const output = (stdout: string): ProgramResult => ({ error: null, stdout, stderr: '' });
const missing: ProgramResult = {
  error: Object.assign(new Error('spawn ENOENT'), { code: 'ENOENT' }),
  stdout: '',
  stderr: '',
};

describe('the clock', () => {
  it.each([
    ['chrony near', { chrony: output(chrony(0.000012, 'Normal')), timedatectl: undefined }, 'ok'],
    ['chrony far off', { chrony: output(chrony(-3, 'Normal')), timedatectl: undefined }, 'fail'],
    [
      'chrony without a source',
      { chrony: output(chrony(0, 'Not synchronised')), timedatectl: undefined },
      'fail',
    ],
    ['timesyncd', { chrony: missing, timedatectl: output('yes\n') }, 'ok'],
    ['no NTP', { chrony: missing, timedatectl: output('no\n') }, 'fail'],
    ['neither program', { chrony: missing, timedatectl: missing }, 'warn'],
    ['invalid output', { chrony: output('garbage,,,'), timedatectl: output('maybe') }, 'warn'],
  ] as const)('with %s is evaluated', (_, answers, level) => {
    expect(evaluateClock(readClockState(answers)).level).toBe(level);
  });
});
