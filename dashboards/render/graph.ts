import {
  EdgeOptionsBuilder,
  NodeOptionsBuilder,
  PanelBuilder,
  ZoomMode,
} from '@grafana/grafana-foundation-sdk/nodegraph';
import type { Graph } from '../panel/panel.ts';
import { columnProperties, unitOf } from './columns.ts';
import type { Context } from './context.ts';
import { colour, dress, override } from './panel.ts';
import { targets } from './target.ts';

/** Grafana finds nodes and edges by the names of their columns. */
export function graphBuilder(panel: Graph, context: Context): PanelBuilder {
  const builder = new PanelBuilder();
  dress(builder, panel, context);
  colour(builder, context, { thresholds: 'none' });
  const [nodes, edges] = panel.queries.map((query) => {
    const column = query.columns.find(({ name }) => name === 'mainstat');
    return (column === undefined ? undefined : unitOf(query, column)) ?? 'none';
  });
  return builder
    .targets(targets(panel.queries))
    .nodes(new NodeOptionsBuilder().mainStatUnit(nodes ?? 'none'))
    .edges(new EdgeOptionsBuilder().mainStatUnit(edges ?? 'none'))
    .zoomMode(ZoomMode.Cooperative)
    .overrides(
      panel.queries.flatMap((query) =>
        query.columns
          .filter(({ look }) => look.label !== undefined)
          .map((column) => override(column.name, columnProperties(context, query, column))),
      ),
    );
}
