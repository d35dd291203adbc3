import {
  FieldTextAlignment,
  TableCellDisplayMode,
  TableCellHeight,
  TableFooterOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type {
  DataTransformerConfig,
  DynamicConfigValue,
  ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { Table } from '../panel/panel.ts';
import type { NamedColumn, Query } from '../query/query.ts';
import { columnProperties, fieldOf, given } from './columns.ts';
import { say, type Context } from './context.ts';
import { NOTHING, valueMappings } from './mappings.ts';
import { colour, dress, override, type Override } from './panel.ts';
import { tagLabel } from './tag-labels.ts';
import { targets } from './target.ts';

/** Columns share what is left: short words leave more to long ones. */
const TAG_WIDTHS_PX: Readonly<Record<string, number>> = {
  operator: 110,
  rat: 110,
  resource: 110,
  severity: 120,
  unit: 80,
};
/** The second is what tables of Grafana 12.2 and later read. */
const HIDDEN: readonly DynamicConfigValue[] = [
  { id: 'custom.hidden', value: true },
  { id: 'custom.hideFrom', value: { viz: true, legend: false, tooltip: false } },
];
const TIME = { en: 'Time', vi: 'Lúc' };

/** A row for each group. Grafana puts tags in any order: each column is placed by its name. */
export function tableBuilder(panel: Table, context: Context): PanelBuilder {
  const builder = new PanelBuilder();
  dress(builder, panel, context);
  colour(builder, context, { thresholds: 'none' });
  return builder
    .targets(targets(panel.queries))
    .transformations(transformations(panel))
    .overrides(overridesOf(panel, context))
    .showHeader(true)
    .cellHeight(TableCellHeight.Sm)
    .footer(new TableFooterOptionsBuilder().show(false).reducer([]))
    .align(FieldTextAlignment.Auto)
    .cellOptions({ type: TableCellDisplayMode.Auto })
    .inspect(false)
    .filterable(true);
}

function transformations(panel: Table): DataTransformerConfig[] {
  const [first] = panel.queries;
  const names = [
    'Time',
    ...panel.queries.flatMap(({ tags, columns }) => [...tags, ...columns.map(({ name }) => name)]),
  ];
  const order = Object.fromEntries([...new Set(names)].map((name, at) => [name, at]));
  const excluded =
    panel.showsTime === true ? [] : ['Time', ...panel.queries.map((_, at) => `Time ${at + 1}`)];
  const joined = panel.queries.length > 1 && first !== undefined;
  return [
    ...(joined ? [{ id: 'joinByField', options: { byField: first.tags[0], mode: 'outer' } }] : []),
    {
      id: 'organize',
      options: {
        indexByName: order,
        excludeByName: Object.fromEntries(excluded.map((name) => [name, true])),
        renameByName: {},
      },
    },
    ...(panel.sortBy === undefined
      ? []
      : [
          {
            id: 'sortBy',
            options: {
              fields: {},
              sort: [{ field: panel.sortBy.column, desc: isDescending(panel, panel.sortBy) }],
            },
          },
        ]),
    ...(panel.limit === undefined ? [] : [{ id: 'limit', options: { limitField: panel.limit } }]),
  ];
}

/** Upwards, Grafana puts true before false. */
function isDescending({ queries }: Table, { column, descending }: NonNullable<Table['sortBy']>): boolean {
  const isFlag = queries.some((query) =>
    query.columns.some((each) => each.name === column && fieldOf(query, each)?.type === 'bool'),
  );
  return descending !== isFlag;
}

function overridesOf(panel: Table, context: Context): Override[] {
  const columns = panel.queries.flatMap((query) =>
    query.columns.map((column) => override(column.name, cell(context, query, column))),
  );
  const tags = [...new Set(panel.queries.flatMap((query) => query.tags))].map((tag) =>
    override(tag, [
      { id: 'displayName', value: say(context, tagLabel(tag)) },
      ...(panel.tags?.[tag] === undefined ? [] : coloured(valueMappings(panel.tags[tag], context))),
      ...given('custom.width', TAG_WIDTHS_PX[tag]),
      ...(panel.hiddenTags?.includes(tag) === true ? HIDDEN : []),
    ]),
  );
  const time =
    panel.showsTime === true ? [override('Time', [{ id: 'displayName', value: say(context, TIME) }])] : [];
  return [...time, ...tags, ...columns];
}

function coloured(mappings: ValueMapping[]): DynamicConfigValue[] {
  return [
    { id: 'mappings', value: mappings },
    { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.ColorText } },
  ];
}

function cell(context: Context, query: Query, column: NamedColumn): DynamicConfigValue[] {
  const { look } = column;
  // Without a name of its own: Grafana's table shows the last of columns that are named alike, hidden or not.
  if (look.hidden === true || (look.only !== undefined && look.only !== context.language)) return [...HIDDEN];
  const isColoured =
    look.mapping !== undefined || (look.thresholds !== undefined && look.thresholds !== 'none');
  return [
    ...columnProperties(context, query, saying(query, column)),
    ...given('custom.cellOptions', isColoured ? { type: TableCellDisplayMode.ColorText } : undefined),
    ...given('custom.width', look.widthPx),
  ];
}

/** A text or a time that is not there is no lack of data. */
function saying(query: Query, column: NamedColumn): NamedColumn {
  const { look } = column;
  const isWords = fieldOf(query, column)?.type === 'string' || look.unit === 'dateTimeAsLocal';
  if (!isWords || look.mapping !== undefined || look.absent !== undefined) return column;
  return { ...column, look: { ...look, absent: NOTHING } };
}
