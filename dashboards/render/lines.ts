import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Lines } from '../panel/panel.ts';
import type { Query } from '../query/query.ts';
import { columnProperties, fixed, labelOf } from './columns.ts';
import { say, type Context } from './context.ts';
import { colour, dress, override, type Override } from './panel.ts';
import { targets } from './target.ts';

/** Over time. A gap in the data is a gap in the line. */
export function linesBuilder(panel: Lines, context: Context): PanelBuilder {
  const builder = new PanelBuilder();
  dress(builder, panel, context);
  colour(builder, context, panel, 'palette');
  builder
    .targets(targets(panel.queries, (query) => aliasOf(context, panel, query)))
    .interval(`${panel.stepS ?? 60}s`)
    .legend(legend(panel))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .drawStyle(panel.bars === true ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .lineInterpolation(LineInterpolation.Linear)
    .lineWidth(panel.bars === true ? 0 : hasFewCurves(panel) ? 2 : 1)
    .fillOpacity(fillOf(panel))
    .showPoints(VisibilityMode.Auto)
    .spanNulls(false)
    .thresholdsStyle(
      new GraphThresholdsStyleConfigBuilder().mode(
        panel.thresholds === 'none' ? GraphThresholdsStyleMode.Off : GraphThresholdsStyleMode.Dashed,
      ),
    )
    .overrides([
      ...panel.queries.flatMap((query) => overridesOf(panel, query, context)),
      ...Object.entries(panel.values ?? {}).map(([value, meaning]) =>
        override(value, [
          { id: 'displayName', value: say(context, meaning.text) },
          { id: 'color', value: fixed(meaning.colour) },
        ]),
      ),
    ]);
  if (panel.stacked === true)
    builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (panel.min !== undefined) builder.min(panel.min);
  if (panel.max !== undefined) builder.max(panel.max);
  return builder;
}

function hasFewCurves({ queries }: Lines): boolean {
  return queries.every(({ tags }) => tags.length === 0);
}

/** Below several curves, areas would mix their colours. */
function fillOf(panel: Lines): number {
  if (panel.bars === true) return 80;
  if (panel.stacked === true) return 40;
  const isOne = panel.queries.length === 1 && panel.queries[0]?.columns.length === 1;
  return hasFewCurves(panel) && (isOne || panel.below !== undefined) ? 12 : 0;
}

/** Several columns are told apart by their own names, which overrides translate; groups by their tags. */
function aliasOf(context: Context, panel: Lines, query: Query): string {
  const tags = query.tags.map((tag) => `$tag_${tag}`);
  const [column] = query.columns;
  if (query.columns.length > 1 || column === undefined) {
    if (tags.length > 0)
      throw new Error(`dashboards: "${panel.title.en}": one column for each query with groups`);
    return '$col';
  }
  if (tags.length === 0) return panel.queries.length > 1 ? column.name : '$col';
  return panel.queries.length > 1 ? `${tags.join(' ')} ${labelOf(context, query, column)}` : tags.join(' ');
}

function overridesOf(panel: Lines, query: Query, context: Context): Override[] {
  const isBelow = (name: string): boolean => panel.below?.includes(name) === true;
  const upsideDown = { id: 'custom.transform', value: 'negative-Y' };
  if (query.tags.length === 0) {
    return query.columns.map((column) =>
      override(column.name, [
        ...columnProperties(context, query, column),
        ...(isBelow(column.name) ? [upsideDown] : []),
      ]),
    );
  }
  const column = query.columns.find(({ name }) => isBelow(name));
  if (column === undefined) return [];
  const matcher = { id: 'byRegexp', options: `/ ${escaped(labelOf(context, query, column))}$/` };
  return [{ matcher, properties: [upsideDown] }];
}

function legend(panel: Lines): VizLegendOptionsBuilder {
  const builder = new VizLegendOptionsBuilder().showLegend(true).placement(LegendPlacement.Bottom);
  return panel.legend === 'table'
    ? builder.displayMode(LegendDisplayMode.Table).calcs(['lastNotNull', 'max', 'mean'])
    : builder.displayMode(LegendDisplayMode.List).calcs([]);
}

function escaped(text: string): string {
  return text.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&');
}
