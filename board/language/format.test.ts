import { describe, expect, it } from 'vitest';
import {
  formatClock,
  formatDuration,
  formatQuantity,
  formatRatio,
  formatTime,
  type Locale,
} from './format.ts';

const VI: Locale = { language: 'vi', timeZone: 'Asia/Ho_Chi_Minh' };
const EN: Locale = { language: 'en', timeZone: 'Asia/Ho_Chi_Minh' };
/** 30 November 2026, 23:30 in the city. */
const LATE_MS = Date.UTC(2026, 10, 30, 16, 30, 5);

describe('a time', () => {
  it('is told by the clock of the city, wherever the browser is', () => {
    expect(formatClock(EN, LATE_MS)).toBe('23:30:05');
    expect(formatTime(VI, LATE_MS, LATE_MS + 60_000)).toBe('23:30');
  });
  it('has its day when that is not today, also shortly after midnight', () => {
    expect(formatTime(EN, LATE_MS, LATE_MS + 3_600_000)).toBe('30/11, 23:30');
  });
});

it.each([
  [-5_000, '0 s', '0 giây'],
  [59_999, '59 s', '59 giây'],
  [60_000, '1 min', '1 phút'],
  [2 * 3_600_000 + 5 * 60_000, '2 h 5 min', '2 giờ 5 phút'],
  [3 * 3_600_000, '3 h', '3 giờ'],
  [4 * 86_400_000 + 3_600_000, '4 d 1 h', '4 ngày 1 giờ'],
])('%i ms last %s', (durationMs, en, vi) => {
  expect(formatDuration(EN, durationMs)).toBe(en);
  expect(formatDuration(VI, durationMs)).toBe(vi);
});

it('never rounds a share up to the whole, and says when it is not known', () => {
  expect(formatRatio(EN, 0.999_999)).toBe('99.99 %');
  expect(formatRatio(VI, 0.999_999)).toBe('99,99 %');
  expect(formatRatio(EN, 1)).toBe('100 %');
  expect(formatRatio(EN, undefined)).toBe('–');
});

it.each([
  [1_250_000_000, 'bit/s', '1.3 Gbit/s'],
  [0, 'bit/s', '0 bit/s'],
  [-89, 'dBm', '-89 dBm'],
  [5.256, '%', '5.26 %'],
  [70_000_000_000_000, 'By', '70 TB'],
])('%d %s is written as %s', (value, unit, text) => expect(formatQuantity(EN, value, unit)).toBe(text));
