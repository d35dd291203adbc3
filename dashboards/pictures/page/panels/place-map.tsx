import { formattedValueToString, type DataFrame, type Field } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import { NoData } from './no-data.tsx';
import type { PanelProps } from './props.ts';

interface Layer {
  readonly config: {
    readonly style: { readonly color: { readonly field: string }; readonly size: { readonly fixed: number } };
  };
}
interface View {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
  readonly zoom: number;
}
interface Point {
  readonly x: number;
  readonly y: number;
  readonly colour: string;
  readonly text: string;
}

/** Pixels of the whole world at zoom 0 (Web Mercator), as maps on the web have it. */
const WORLD = 256;

/** Stands in for Grafana's map, which is not published: markers at their places, without a map below. */
export function PlaceMap({ panel, frames, width, height }: PanelProps) {
  const theme = useTheme2();
  const [layer] = panel.options['layers'] as readonly Layer[];
  const [frame] = frames;
  if (frame === undefined || layer === undefined) return <NoData panel={panel} />;
  const points = placed(pointsOf(frame, layer), panel.options['view'] as View, width, height);
  const legend = new Map(points.map(({ text, colour }) => [text, colour]));
  return (
    <svg {...{ width, height }} style={{ ...theme.typography.bodySmall, background: '#0e1116' }}>
      {points.map(({ x, y, colour }, at) => (
        <circle
          key={at}
          {...{ cx: x, cy: y, r: layer.config.style.size.fixed, fill: colour }}
          fillOpacity={0.85}
          stroke="#0e1116"
        />
      ))}
      {legend.size <= 6 &&
        [...legend].map(([text, colour], at) => (
          <g key={text} transform={`translate(14, ${height - 20 * (legend.size - at) - 4})`}>
            <circle cx={6} cy={8} r={6} fill={colour} />
            <text x={20} y={12} fill={theme.colors.text.primary}>
              {text}
            </text>
          </g>
        ))}
    </svg>
  );
}

function pointsOf(frame: DataFrame, layer: Layer): readonly Point[] {
  const field = (name: string): Field | undefined => frame.fields.find((each) => each.name === name);
  const [latitude, longitude, colour] = [
    field('latitude'),
    field('longitude'),
    field(layer.config.style.color.field),
  ];
  return Array.from({ length: frame.length }, (_, row) => {
    const shown = colour?.display?.(colour.values[row]);
    const [lon, lat] = [Number(longitude?.values[row]), Number(latitude?.values[row])];
    const text = shown === undefined ? '' : formattedValueToString(shown);
    return { ...mercator(lat, lon), colour: shown?.color ?? '#8e8e8e', text };
  });
}

function mercator(lat: number, lon: number): { readonly x: number; readonly y: number } {
  const radians = (lat * Math.PI) / 180;
  return { x: (WORLD * (lon + 180)) / 360, y: (WORLD / 2) * (1 - Math.asinh(Math.tan(radians)) / Math.PI) };
}

/** `fit`: all of them within the panel; else the centre and zoom that the panel says. */
function placed(points: readonly Point[], view: View, width: number, height: number): readonly Point[] {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const isFit = view.id === 'fit';
  const scale = isFit ? 0.92 * Math.min(width / (right - left), height / (bottom - top)) : 2 ** view.zoom;
  const centre = isFit ? { x: (left + right) / 2, y: (top + bottom) / 2 } : mercator(view.lat, view.lon);
  return points.map((point) => ({
    ...point,
    x: width / 2 + (point.x - centre.x) * scale,
    y: height / 2 + (point.y - centre.y) * scale,
  }));
}
