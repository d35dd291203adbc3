import { FieldType, type DataFrame } from '@grafana/data';
import type { VizLegendOptions } from '@grafana/schema';
import { TimeSeries, useTheme2, type UPlotConfigBuilder } from '@grafana/ui';
import type { Mark } from '../answers.ts';
import { TIME_ZONE } from '../answers.ts';
import { NoData } from './no-data.tsx';
import type { PanelProps } from './props.ts';

/** Grafana's graph. Marks of incidents and planned work are a stand-in: its core draws them. */
export function Lines({ panel, frames, answers, width, height }: PanelProps) {
  const theme = useTheme2();
  const drawn = frames.filter(({ fields }) => fields.some(({ type }) => type === FieldType.number));
  if (drawn.length === 0) return <NoData panel={panel} />;
  return (
    <TimeSeries
      frames={drawn as DataFrame[]}
      {...{ width, height, timeRange: answers.range, timeZone: TIME_ZONE }}
      legend={panel.options['legend'] as VizLegendOptions}
      options={panel.options}
    >
      {(builder) => {
        drawMarks(builder, answers.marks, (colour) => theme.visualization.getColorByName(colour));
        return null;
      }}
    </TimeSeries>
  );
}

const withMarks = new WeakSet<UPlotConfigBuilder>();

function drawMarks(
  builder: UPlotConfigBuilder,
  marks: readonly Mark[],
  colourOf: (name: string) => string,
): void {
  if (withMarks.has(builder)) return;
  withMarks.add(builder);
  builder.addHook('drawClear', (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height + 6);
    ctx.clip();
    for (const { colour, fromMs, toMs } of marks) {
      const [left, right] = [plot.valToPos(fromMs, 'x', true), plot.valToPos(toMs, 'x', true)];
      ctx.fillStyle = ctx.strokeStyle = colourOf(colour);
      ctx.globalAlpha = 0.1;
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
      ctx.globalAlpha = 0.8;
      ctx.setLineDash([5, 5]);
      ctx.beginPath();
      for (const x of new Set([left, right])) {
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
      }
      ctx.stroke();
      ctx.fillRect(left, bbox.top + bbox.height, Math.max(4, right - left), 4);
    }
    ctx.restore();
  });
}
