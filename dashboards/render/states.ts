import {
  LegendDisplayMode,
  LegendPlacement,
  TimelineValueAlignment,
  TooltipDisplayMode,
  SortOrder,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import type { States } from '../panel/panel.ts';
import { labelOf } from './columns.ts';
import type { Context } from './context.ts';
import { colour, dress } from './panel.ts';
import { targets } from './target.ts';

/** What each was, when. A gap is empty: nothing is known of it. */
export function statesBuilder(panel: States, context: Context): PanelBuilder {
  const builder = new PanelBuilder();
  dress(builder, panel, context);
  colour(builder, context, { thresholds: 'none', mapping: panel.mapping });
  return builder
    .targets(
      targets(panel.queries, (query) => {
        const [column] = query.columns;
        const label = column === undefined ? '' : labelOf(context, query, column);
        const tags = query.tags.map((tag) => `$tag_${tag}`).join(' ');
        return tags === '' ? label : panel.queries.length > 1 ? `${tags} ${label}` : tags;
      }),
    )
    .interval(`${panel.stepS ?? 60}s`)
    .showValue(VisibilityMode.Auto)
    .alignValue(TimelineValueAlignment.Left)
    .mergeValues(true)
    .rowHeight(0.85)
    .fillOpacity(85)
    .lineWidth(0)
    .spanNulls(false)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single).sort(SortOrder.None));
}
