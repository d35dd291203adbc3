import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../../runtime/duration.ts';
import type { ThresholdRule } from '../rules/rule.ts';
import { ruleFile, ruleOf, silenceFile } from '../testing/batches-and-rules.ts';
import { valueText } from './value-text.ts';

describe('values as an operator reads them', () => {
  it.each([
    [97.25, '%', '97.3 %'],
    [-112.04, 'dBm', '-112 dBm'],
    [31.5, 'Cel', '31.5 °C'],
    [0.8512, '1', '0.851'],
    [3, '{packet}', '3 packet'],
    [123456.7, 'By', '123457 B'],
    [0, '', '0'],
    [false, '', 'false'],
    ['failed', '', 'failed'],
  ])('%s in %s', (value, unit, expected) => {
    const rule = { ...(ruleOf('r', ruleFile()) as ThresholdRule), valueUnit: unit };
    expect(valueText(rule, value)).toBe(expected);
  });

  it('counts silence in intervals, and does without a unit where the rule is gone', () => {
    expect(valueText(ruleOf('s', silenceFile()), 3.4)).toBe('3.4 intervals');
    expect(valueText(undefined, 3.4)).toBe('3.4');
  });

  it.each([
    [0, '0s'],
    [10_000, '10s'],
    [90_000, '90s'],
    [900_000, '15m'],
    [3_600_000, '1h'],
    [604_800_000, '7d'],
  ])('%d ms is %s', (durationMs, expected) => {
    expect(formatDuration(durationMs)).toBe(expected);
  });
});
