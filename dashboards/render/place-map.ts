import {
  FrameGeometrySourceBuilder,
  FrameGeometrySourceMode,
  MapLayerOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  ControlsOptionsBuilder,
  MapCenterID,
  MapViewConfigBuilder,
  PanelBuilder,
  TooltipMode,
  TooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/geomap';
import type { NamedColumn } from '../query/query.ts';
import { COLOUR } from '../panel/colour.ts';
import type { PlaceMap } from '../panel/panel.ts';
import { columnProperties } from './columns.ts';
import { say, type Context } from './context.ts';
import { colour, dress, override } from './panel.ts';
import { tagLabel } from './tag-labels.ts';
import { targets } from './target.ts';

/** `style` of Grafana's layer of markers, which the SDK leaves open. */
interface MarkersConfig {
  readonly showLegend: boolean;
  readonly style: {
    readonly color: { readonly field: string; readonly fixed: string };
    readonly size: { readonly fixed: number; readonly min: number; readonly max: number };
    readonly symbol: { readonly mode: 'fixed'; readonly fixed: string };
    readonly opacity: number;
  };
}

/** Markers, not outlines: Grafana colours outlines by their file, not by data. */
export function mapBuilder(panel: PlaceMap, context: Context): PanelBuilder {
  const builder = new PanelBuilder();
  dress(builder, panel, context);
  // The state is that of one column: a count of 0 is not "down".
  colour(builder, context, { thresholds: 'none' });
  const config: MarkersConfig = {
    showLegend: true,
    style: {
      color: { field: panel.colour, fixed: COLOUR.unknown },
      size: { fixed: 7, min: 4, max: 12 },
      symbol: { mode: 'fixed', fixed: 'img/icons/marker/circle.svg' },
      opacity: 0.85,
    },
  };
  return (
    builder
      .targets(targets(panel.queries))
      // Drawn in this order: what is bad lies on top of what is well.
      .transformations([
        { id: 'sortBy', options: { fields: {}, sort: [{ field: panel.colour, desc: true }] } },
      ])
      .view(viewOf(panel))
      .controls(new ControlsOptionsBuilder().showZoom(true).mouseWheelZoom(false).showAttribution(true))
      .tooltip(new TooltipOptionsBuilder().mode(TooltipMode.Details))
      // The server decides which map lies below: a closed network has its own or none.
      .basemap(new MapLayerOptionsBuilder().type('default').name('Basemap'))
      .layers([
        new MapLayerOptionsBuilder()
          .type('markers')
          .name(say(context, panel.title))
          .tooltip(true)
          .location(
            new FrameGeometrySourceBuilder()
              .mode(FrameGeometrySourceMode.Coords)
              .latitude('latitude')
              .longitude('longitude'),
          )
          .config(config),
      ])
      .overrides(
        panel.queries.flatMap((query) => [
          ...query.tags.map((tag) =>
            override(tag, [{ id: 'displayName', value: say(context, tagLabel(tag)) }]),
          ),
          ...query.columns
            .filter(({ look }) => look.hidden !== true)
            .map((column) => override(column.name, columnProperties(context, query, judged(panel, column)))),
        ]),
      )
  );
}

function viewOf({ view }: PlaceMap): MapViewConfigBuilder {
  if (view === undefined) return new MapViewConfigBuilder().id(MapCenterID.Fit).allLayers(true).padding(8);
  const { latitude, longitude, zoom } = view;
  return new MapViewConfigBuilder().id(MapCenterID.Coords).lat(latitude).lon(longitude).zoom(zoom);
}

function judged({ colour: name, thresholds, mapping }: PlaceMap, column: NamedColumn): NamedColumn {
  if (column.name !== name) return column;
  return { ...column, look: { ...column.look, thresholds, ...(mapping !== undefined && { mapping }) } };
}
