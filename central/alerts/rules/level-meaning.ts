import type { Text } from '../../../contract/catalogue.ts';
import { valueText } from './value-text.ts';
import type { Direction, LimitLevel } from './limit-levels.ts';

/** When one level begins and ends, for people. */
export interface LevelMeaning {
  /** What has to hold: `above 90 %`. */
  readonly begins: Text;
  /** `back at 85 %`; undefined: it ends when it is no longer so. */
  readonly ends?: Text;
}

const DIRECTIONS: Readonly<Record<Direction, Text>> = {
  above: { en: 'above', vi: 'trên' },
  below: { en: 'below', vi: 'dưới' },
};

/** Of levels that are limits of one value. `beside`: what else has to hold for each to begin. */
export function limitMeanings(
  direction: Direction,
  levels: readonly LimitLevel[],
  { unit, beside }: { readonly unit: string; readonly beside?: Text },
): LevelMeaning[] {
  const { en, vi } = DIRECTIONS[direction];
  const also = beside === undefined ? { en: '', vi: '' } : { en: `, ${beside.en}`, vi: `, ${beside.vi}` };
  return levels.map(({ raise, clear }) => {
    const [limit, end] = [amountText(raise, unit), amountText(clear, unit)];
    return {
      begins: { en: `${en} ${limit.en}${also.en}`, vi: `${vi} ${limit.vi}${also.vi}` },
      ends: { en: `back at ${end.en}`, vi: `trở lại ${end.vi}` },
    };
  });
}

/** Units that are words, and those of time. Others are written alike in both languages. */
const WORDS_VI: Readonly<Record<string, string>> = {
  'standard deviation': 'độ lệch chuẩn',
  'standard deviations': 'độ lệch chuẩn',
  interval: 'chu kỳ',
  intervals: 'chu kỳ',
  times: 'lần',
  site: 'điểm',
  sites: 'điểm',
  in: 'trong',
  s: 'giây',
  min: 'phút',
  h: 'giờ',
  d: 'ngày',
};

/** A value with its unit: `97.2 %`, `3 intervals` and `3 chu kỳ`, `5 B in 20 min` and `5 B trong 20 phút`. What `{sample}` counts is left out in Vietnamese. */
export function amountText(value: number, unit: string): Text {
  const [number = '', ...words] = valueText(value, unit.replace(/\{[^}]*\}/, '')).split(' ');
  const vi = WORDS_VI[words.join(' ')] ?? words.map((word) => WORDS_VI[word] ?? word).join(' ');
  return { en: valueText(value, unit), vi: vi === '' ? number : `${number} ${vi}` };
}

const SPANS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** Exact: durations of rules are of whole seconds. */
export function spanText(ms: number): Text {
  const [unit, unitMs] = SPANS.find(([, each]) => ms % each === 0) ?? ['s', 1_000];
  return amountText(ms / unitMs, unit);
}
