import { expect, it } from 'vitest';
import { en } from '../../language/en.ts';
import { thresholdsOf } from './thresholds.ts';

const rule = (condition: string, limits: readonly string[], kind = 'threshold') => ({
  kind,
  condition,
  levels: limits.map((limit) => ({ severity: 'major' as const, limit, forMs: 0 })),
});

it('takes the limits of rules over this field, each value once', () => {
  const rules = [
    rule('cpu.usage_active above', ['90 → 85', '95 → 90']),
    rule('cpu.usage_active above', ['95 → 92.5']),
    rule('cpu.usage_active_share above', ['50']),
    rule('cpu.usage_active above', ['10 → 5'], 'rate'),
    rule('mem.used_percent above', ['80']),
  ];
  expect(thresholdsOf(rules, 'cpu', 'usage_active', en)).toEqual([
    { name: 'major', value: 90 },
    { name: 'major', value: 95 },
  ]);
});

it('finds none in what is no number of this axis', () => {
  const rules = [rule('power.mains_ok equals', ['false']), rule('power.charge_pct below', ['-12.5'])];
  expect(thresholdsOf(rules, 'power', 'mains_ok', en)).toEqual([]);
  expect(thresholdsOf(rules, 'power', 'charge_pct', en)).toEqual([{ name: 'major', value: -12.5 }]);
});

it('takes from a rule of several conditions the limit of this field', () => {
  const optics = 'interface.oper_status 1; interface.rx_power_dbm below -22';
  const rules = [rule(optics, ['all'], 'composite')];
  expect(thresholdsOf(rules, 'interface', 'rx_power_dbm', en)).toEqual([{ name: 'major', value: -22 }]);
  expect(thresholdsOf(rules, 'interface', 'oper_status', en)).toEqual([]);
});
