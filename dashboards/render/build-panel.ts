import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { GridPos, Panel as GrafanaPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TextBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import type { Note, Panel } from '../panel/panel.ts';
import { barsBuilder } from './bars.ts';
import { say, type Context } from './context.ts';
import { graphBuilder } from './graph.ts';
import { linesBuilder } from './lines.ts';
import { mapBuilder } from './place-map.ts';
import { statBuilder } from './stat.ts';
import { statesBuilder } from './states.ts';
import { tableBuilder } from './table.ts';

export interface Placed {
  readonly panel: Panel;
  readonly id: number;
  readonly position: GridPos;
}

export function buildPanel({ panel, id, position }: Placed, context: Context): GrafanaPanel {
  return { ...builderOf(panel, context).build(), id, gridPos: position };
}

function builderOf(panel: Panel, context: Context): Builder<GrafanaPanel> {
  switch (panel.draws) {
    case 'stat':
      return statBuilder(panel, context);
    case 'lines':
      return linesBuilder(panel, context);
    case 'states':
      return statesBuilder(panel, context);
    case 'table':
      return tableBuilder(panel, context);
    case 'map':
      return mapBuilder(panel, context);
    case 'bars':
      return barsBuilder(panel, context);
    case 'graph':
      return graphBuilder(panel, context);
    case 'note':
      return noteBuilder(panel, context);
  }
}

function noteBuilder(panel: Note, context: Context): TextBuilder {
  return new TextBuilder()
    .title(say(context, panel.title))
    .description(say(context, panel.about))
    .mode(TextMode.Markdown)
    .content(say(context, panel.markdown));
}
