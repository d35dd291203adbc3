import { describe, expect, it } from 'vitest';
import { absenceFile, ruleOf } from '../testing/batches-and-rules.ts';
import { valueText } from './value-text.ts';

describe('values as an operator reads them', () => {
  it.each([
    [97.25, '%', '97.3 %'],
    [-112.04, 'dBm', '-112 dBm'],
    [31.5, 'Cel', '31.5 °C'],
    [0.8512, '1', '0.851'],
    [3, '{packet}', '3 packet'],
    [123456.7, 'By', '123457 B'],
    [180, '1/min', '180 RPM'],
    [12.04, 'Cel/h', '12 °C/h'],
    [5, 'Cel in 20 min', '5 °C in 20 min'],
    [5, '{packet}/s', '5 packet/s'],
    [1, 'sites', '1 site'],
    [37, 'sites', '37 sites'],
    [1, 'intervals', '1 interval'],
    [1, 's', '1 s'],
    [0, '', '0'],
    [false, '', 'false'],
    ['failed', '', 'failed'],
  ])('%s in %s', (value, unit, expected) => {
    expect(valueText(value, unit)).toBe(expected);
  });

  it('counts absence in intervals, and has no unit where the rule is gone', () => {
    expect(valueText(3.4, ruleOf('s', absenceFile()).evaluator.valueUnit)).toBe('3.4 intervals');
    expect(valueText(3.4, '')).toBe('3.4');
  });
});
