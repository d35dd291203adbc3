import { dateTimeFormat, formattedValueToString, getFieldDisplayName, type DataFrame } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import { TIME_ZONE } from '../answers.ts';
import { NoData } from './no-data.tsx';
import type { PanelProps } from './props.ts';

interface Bar {
  readonly fromMs: number;
  readonly toMs: number;
  readonly colour: string;
  readonly text: string;
}

const NAME_WIDTH = 130;
const AXIS_HEIGHT = 24;
const LEGEND_HEIGHT = 22;
const TICKS = 6;

/** Stands in for Grafana's state timeline, which is not published. Its colours and words come from Grafana's processors. */
export function States({ panel, frames, answers, width, height }: PanelProps) {
  const theme = useTheme2();
  if (frames.length === 0) return <NoData panel={panel} />;
  const rows = [...frames]
    .sort((a, b) => (a.name ?? '').localeCompare(b.name ?? ''))
    .slice(0, Number(panel.options['perPage']));
  const [fromMs, toMs] = [answers.range.from.valueOf(), answers.range.to.valueOf()];
  const xOf = (ms: number): number =>
    NAME_WIDTH + ((ms - fromMs) / (toMs - fromMs)) * (width - NAME_WIDTH - 4);
  const rowHeight = (height - AXIS_HEIGHT - LEGEND_HEIGHT) / rows.length;
  const thickness = rowHeight * 0.85;
  const drawn = rows.map((frame) => ({ name: nameOf(frame, frames), bars: barsOf(frame) }));
  const legend = new Map(drawn.flatMap(({ bars }) => bars.map(({ text, colour }) => [text, colour])));
  const ticks = Array.from({ length: TICKS }, (_, at) => fromMs + ((at + 0.5) * (toMs - fromMs)) / TICKS).map(
    (ms) => Math.round(ms / 600_000) * 600_000,
  );
  return (
    <svg {...{ width, height }} style={{ ...theme.typography.bodySmall, fill: theme.colors.text.primary }}>
      {ticks.map((ms) => (
        <g key={ms}>
          <line
            x1={xOf(ms)}
            x2={xOf(ms)}
            y1={0}
            y2={height - AXIS_HEIGHT - LEGEND_HEIGHT}
            stroke={theme.colors.border.weak}
          />
          <text x={xOf(ms)} y={height - LEGEND_HEIGHT - 8} textAnchor="middle">
            {dateTimeFormat(ms, { format: 'HH:mm', timeZone: TIME_ZONE })}
          </text>
        </g>
      ))}
      {drawn.map(({ name, bars }, row) => (
        <g key={name}>
          <text x={NAME_WIDTH - 8} y={(row + 0.5) * rowHeight + 4} textAnchor="end">
            {name}
          </text>
          {bars.map((bar) => (
            <g key={bar.fromMs}>
              <rect
                {...{
                  x: xOf(bar.fromMs),
                  y: row * rowHeight + (rowHeight - thickness) / 2,
                  height: thickness,
                }}
                {...{ width: Math.max(1, xOf(bar.toMs) - xOf(bar.fromMs)), fill: bar.colour, opacity: 0.85 }}
              />
              {xOf(bar.toMs) - xOf(bar.fromMs) > 7 * bar.text.length && thickness > 14 && (
                <text
                  x={xOf(bar.fromMs) + 4}
                  y={(row + 0.5) * rowHeight + 4}
                  fill={theme.colors.getContrastText(bar.colour)}
                >
                  {bar.text}
                </text>
              )}
            </g>
          ))}
        </g>
      ))}
      {[...legend].map(([text, colour], at) => (
        <g key={text} transform={`translate(${at * 130}, ${height - LEGEND_HEIGHT + 8})`}>
          <rect width={14} height={4} y={4} fill={colour} rx={2} />
          <text x={20} y={10}>
            {text}
          </text>
        </g>
      ))}
    </svg>
  );
}

function nameOf(frame: DataFrame, all: readonly DataFrame[]): string {
  const field = frame.fields[1];
  return field === undefined ? '' : getFieldDisplayName(field, frame, [...all]);
}

/** Equal neighbours are one bar; where nothing was measured there is none. */
function barsOf({ fields: [time, state] }: DataFrame): readonly Bar[] {
  const bars: Bar[] = [];
  const times = (time?.values ?? []) as readonly number[];
  times.forEach((fromMs, at) => {
    const value: unknown = state?.values[at];
    if (value === null || value === undefined || state?.display === undefined) return;
    const shown = state.display(value);
    const toMs = times[at + 1] ?? fromMs + (fromMs - (times[at - 1] ?? fromMs));
    const [text, colour] = [formattedValueToString(shown), shown.color ?? '#8e8e8e'];
    const before = bars.at(-1);
    if (before !== undefined && before.toMs === fromMs && before.text === text)
      bars[bars.length - 1] = { ...before, toMs };
    else bars.push({ fromMs, toMs, colour, text });
  });
  return bars;
}
