import { MappingType, SpecialValueMatch, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Text } from '../../contract/catalogue.ts';
import { COLOUR } from '../panel/colour.ts';
import type { Mapping } from '../panel/mapping.ts';
import { say, type Context } from './context.ts';

/** In a cell for a text or a time: there is nothing to say. */
export const NOTHING: Text = { en: '–', vi: '–' };
export const NO_DATA: Text = { en: 'no data', vi: 'không có dữ liệu' };

/** Grafana gives what is missing the colour of the lowest step, green: it is told to be grey, and to say so. */
export function valueMappings(
  mapping: Mapping | undefined,
  context: Context,
  absent = NO_DATA,
): ValueMapping[] {
  const missing: ValueMapping = {
    type: MappingType.SpecialValue,
    options: {
      match: SpecialValueMatch.NullAndNan,
      result: { text: say(context, absent), color: COLOUR.unknown, index: 0 },
    },
  };
  if (mapping === undefined) return [missing];
  const options = Object.fromEntries(
    Object.entries(mapping).map(([value, { text, colour }], at) => [
      value,
      { text: say(context, text), color: colour, index: at + 1 },
    ]),
  );
  return [missing, { type: MappingType.ValueToText, options }];
}
