import type { Text } from '../../contract/catalogue.ts';
import { COLOUR } from '../panel/colour.ts';
import { goodWhenFalse, goodWhenTrue, type Mapping } from '../panel/mapping.ts';
import { lines, stat, type Lines, type PlaceMap, type Stat } from '../panel/panel.ts';
import type { Thresholds } from '../panel/thresholds.ts';

/** Two words for a flag. */
export const YES: Text = { en: 'yes', vi: 'có' };
export const NO: Text = { en: 'no', vi: 'không' };
export const IS_GOOD: Mapping = goodWhenTrue(YES, NO);
export const IS_BAD: Mapping = goodWhenFalse(YES, NO);
export const IS_BAD_MINOR: Mapping = goodWhenFalse(YES, NO, COLOUR.minor);

/** All but Côn Đảo, which is 180 km away: a map that shows it too has its wards on top of each other. */
export const CITY_VIEW: NonNullable<PlaceMap['view']> = { latitude: 10.88, longitude: 106.97, zoom: 9.1 };

type Shown = Omit<Lines, 'draws' | 'thresholds' | 'width' | 'height'> & {
  readonly thresholds?: Thresholds;
  readonly width?: number;
  readonly height?: number;
};

/** A curve of a detail page: a third of its width, and judged by its first rule where that has limits. */
export function trend(panel: Shown): Lines {
  return lines({ thresholds: 'none', width: 8, height: 8, ...panel });
}

/** One number of a first row, six of them side by side. */
export function tile(panel: Omit<Stat, 'draws' | 'width' | 'height'>): Stat {
  return stat({ width: 4, height: 4, ...panel });
}

export function text(en: string, vi: string): Text {
  return { en, vi };
}
