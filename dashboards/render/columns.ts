import {
  FieldColorModeId,
  type DynamicConfigValue,
  type FieldColor,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { FieldDefinition, Text } from '../../contract/catalogue.ts';
import type { Colour } from '../panel/colour.ts';
import type { NamedColumn, Query } from '../query/query.ts';
import { say, type Context } from './context.ts';
import { dataLink } from './links.ts';
import { valueMappings } from './mappings.ts';
import { tagLabel } from './tag-labels.ts';
import { thresholdsConfig } from './thresholds.ts';
import { grafanaUnit } from './units.ts';

export function fieldOf({ measurement }: Query, { source }: NamedColumn): FieldDefinition | undefined {
  return CATALOGUE.get(measurement)?.fields[source];
}

/** The unit of Grafana; undefined for texts, flags and codes. */
export function unitOf(query: Query, column: NamedColumn): string | undefined {
  if (column.look.unit !== undefined) return column.look.unit;
  if (column.expression.startsWith('count(')) return 'short';
  const field = fieldOf(query, column);
  return field === undefined || field.unit === '' ? undefined : grafanaUnit(field.unit);
}

export function labelOf(context: Context, query: Query, column: NamedColumn): string {
  const { label } = column.look;
  if (label !== undefined) return say(context, label);
  const meaning = fieldOf(query, column)?.meaning;
  return meaning === undefined ? say(context, tagLabel(column.source)) : capitalised(context, meaning);
}

/** What Grafana's override of a column says: its name, unit, colours, link. */
export function columnProperties(context: Context, query: Query, column: NamedColumn): DynamicConfigValue[] {
  const { look } = column;
  const unit = unitOf(query, column);
  const isColoured =
    look.mapping !== undefined || (look.thresholds !== undefined && look.thresholds !== 'none');
  return [
    { id: 'displayName', value: labelOf(context, query, column) },
    ...given('unit', unit),
    ...given('decimals', look.decimals),
    ...given('mappings', (look.mapping ?? look.absent) && valueMappings(look.mapping, context, look.absent)),
    ...given('noValue', look.absent && say(context, look.absent)),
    ...given('thresholds', look.thresholds && thresholdsConfig(look.thresholds, context.rules)),
    ...given('color', isColoured ? { mode: FieldColorModeId.Thresholds } : undefined),
    ...given('color', look.colour && fixed(look.colour)),
    ...given('links', look.link && [dataLink(look.link, context)]),
  ];
}

export function fixed(colour: Colour): FieldColor {
  return { mode: FieldColorModeId.Fixed, fixedColor: colour };
}

export function given(id: string, value: unknown): DynamicConfigValue[] {
  return value === undefined ? [] : [{ id, value }];
}

function capitalised(context: Context, text: Text): string {
  const said = say(context, text);
  return said.charAt(0).toUpperCase() + said.slice(1);
}
