import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import uplotCss from 'uplot/dist/uPlot.min.css?inline';
import { formatQuantity, formatTime } from '../language/format.ts';
import { useApp, useWatched } from '../parts/app-context.ts';
import { axisLabel, axisRange, WHOLE_STEPS } from './axis.ts';
import { joinCurves, summaryOf, type Points } from './curves.ts';

export interface ChartCurve {
  readonly name: string;
  readonly points: Points;
  /** What it is compared with: drawn thin and dashed. */
  readonly isBackground?: boolean;
}

export interface Threshold {
  readonly name: string;
  readonly value: number;
}

interface ChartProps {
  readonly title: string;
  readonly unit: string;
  /** Of things that are counted: there is no half of one. */
  readonly isCount: boolean;
  readonly curves: readonly ChartCurve[];
  readonly thresholds: readonly Threshold[];
  readonly stepMs: number;
  readonly range: readonly [fromMs: number, toMs: number];
}

const HEIGHT = 220;
const AXIS_FONT = '12px system-ui, sans-serif';
/** Ticks, and the gap between them and the labels. */
const BESIDE_LABELS_PX = 18;
/** Okabe and Ito's, in an order that stays apart on light and dark ground; lines differ in their dashes as well. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const DASHES = [[], [8, 3], [2, 3], [10, 3, 2, 3]];

let isStyled = false;

/** Once for the document, when the first chart is drawn. */
function addStyle(): void {
  if (isStyled) return;
  isStyled = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(uplotCss);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Curves over time with their limits; gaps stay gaps. Its numbers are in a table beside it for whoever does not see it. */
export function Chart(props: ChartProps) {
  const { title, unit, isCount, curves, thresholds, stepMs } = props;
  const [fromMs, toMs] = props.range;
  const { texts, locale, preferences, time } = useApp();
  const { theme } = useWatched(preferences);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = element.current;
    if (place === null) return undefined;
    addStyle();
    const style = getComputedStyle(place);
    const [ink, line, limit] = ['--text', '--line', '--down'].map((name) => style.getPropertyValue(name));
    const { timesS, values } = joinCurves(
      curves.map(({ points }) => points),
      stepMs,
    );
    const shown = (value: number | null): string =>
      value === null ? '–' : formatQuantity(locale, value, unit);
    const axis = {
      font: AXIS_FONT,
      stroke: ink ?? '',
      grid: { stroke: line ?? '', width: 1 },
      ticks: { stroke: line ?? '', width: 1 },
    };
    const options: UPlot.Options = {
      width: place.clientWidth,
      height: HEIGHT,
      cursor: { drag: { x: false, y: false } },
      scales: {
        x: { time: true, range: [fromMs / 1_000, toMs / 1_000] },
        // The limits too, so that it is seen how far away they are.
        y: {
          range: (_plot, min, max) => [
            ...axisRange([min, max, ...thresholds.map(({ value }) => value)], unit, isCount),
          ],
        },
      },
      axes: [
        {
          ...axis,
          values: (_plot, splits) => splits.map((atS) => formatTime(locale, atS * 1_000, time.now())),
          space: 70,
        },
        {
          ...axis,
          ...(isCount && { incrs: [...WHOLE_STEPS] }),
          values: (_plot, splits) => splits.map((value) => axisLabel(locale, value, unit)),
          // uPlot asks before there are labels, too.
          size: ({ ctx }, labels: readonly string[] | null) => widthOf(ctx, labels ?? []),
        },
      ],
      series: [
        {
          label: texts.element.time,
          value: (_plot, atS: number | null) =>
            atS === null ? '–' : formatTime(locale, atS * 1_000, time.now()),
        },
        ...curves.map(({ name, isBackground = false }, at) => ({
          label: name,
          stroke: isBackground ? (line ?? '') : (COLOURS[at % COLOURS.length] ?? ''),
          width: isBackground ? 2 : 1.75,
          dash: isBackground ? [3, 4] : (DASHES[Math.floor(at / 2) % DASHES.length] ?? []),
          spanGaps: false,
          points: { show: timesS.length < 40 },
          value: (_plot: UPlot, value: number | null) => shown(value),
        })),
      ],
      hooks: { draw: [(plot) => drawThresholds(plot, thresholds, limit ?? '')] },
    };
    const plot = new UPlot(options, [[...timesS], ...values.map((each) => [...each])], place);
    const resizing = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT }));
    resizing.observe(place);
    return () => {
      resizing.disconnect();
      plot.destroy();
    };
  }, [curves, thresholds, stepMs, fromMs, toMs, unit, isCount, locale.language, theme, texts, time]);
  return (
    <figure class="chart-figure">
      <figcaption>
        <b>{title}</b>
        {unit !== '' && ` (${unit})`}
      </figcaption>
      <div class="chart" ref={element} role="img" aria-label={texts.element.chartOf(title)} />
      <table class="small" aria-label={texts.element.chartOf(title)}>
        <thead>
          <tr>
            <th scope="col">{texts.element.measurements}</th>
            {(['min', 'mean', 'max'] as const).map((each) => (
              <th key={each} scope="col" class="number">
                {texts.element[each]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {curves.map(({ name, points }) => {
            const summary = summaryOf(points);
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                {(['min', 'mean', 'max'] as const).map((each) => (
                  <td key={each} class="number">
                    {summary === undefined ? '–' : formatQuantity(locale, summary[each], unit)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </figure>
  );
}

/** What the longest label needs, in CSS pixels. */
function widthOf(ctx: CanvasRenderingContext2D, labels: readonly string[]): number {
  ctx.save();
  ctx.font = AXIS_FONT;
  const widths = labels.map((label) => ctx.measureText(label).width);
  ctx.restore();
  return Math.ceil(Math.max(0, ...widths)) + BESIDE_LABELS_PX;
}

function drawThresholds(plot: UPlot, thresholds: readonly Threshold[], colour: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.setLineDash([6, 4]);
  // The axes leave it as they need it.
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  for (const { name, value } of thresholds) {
    const y = plot.valToPos(value, 'y', true);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(name, bbox.left + 6, y - 2);
  }
  ctx.restore();
}
