import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeValueMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  VizLegendOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Bars } from '../panel/panel.ts';
import type { Context } from './context.ts';
import { colour, dress } from './panel.ts';
import { targets } from './target.ts';

/** A bar for each group of a query over time: its name is that of its tags, which a row of a table would not give it. */
export function barsBuilder(panel: Bars, context: Context): PanelBuilder {
  const builder = new PanelBuilder();
  dress(builder, panel, context);
  colour(builder, context, panel);
  builder
    .targets(targets(panel.queries, (query) => query.tags.map((tag) => `$tag_${tag}`).join(' ') || '$col'))
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Color)
    .namePlacement(BarGaugeNamePlacement.Left)
    .showUnfilled(true)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(false)
        .displayMode(LegendDisplayMode.Hidden)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .min(0);
  if (panel.max !== undefined) builder.max(panel.max);
  return builder;
}
