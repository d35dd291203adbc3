import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import type { Stat } from '../panel/panel.ts';
import { columnProperties } from './columns.ts';
import type { Context } from './context.ts';
import { colour, dress, override } from './panel.ts';
import { targets } from './target.ts';

/** One number for each column. Its colour is that of the whole panel, readable from across a room. */
export function statBuilder(panel: Stat, context: Context): PanelBuilder {
  const builder = new PanelBuilder();
  dress(builder, panel, context);
  colour(builder, context, panel);
  const columns = panel.queries.flatMap((query) => query.columns.map((column) => ({ query, column })));
  builder
    .targets(targets(panel.queries))
    .graphMode(BigValueGraphMode.None)
    .colorMode(
      panel.thresholds === 'none' && panel.mapping === undefined
        ? BigValueColorMode.None
        : BigValueColorMode.Background,
    )
    .textMode(columns.length > 1 ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''))
    .overrides(
      columns.map(({ query, column }) => override(column.name, columnProperties(context, query, column))),
    );
  return builder;
}
