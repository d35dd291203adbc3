import { useMemo } from 'preact/hooks';
import type { Answers } from '../../api/answers.ts';
import { Chart } from '../../chart/chart.tsx';
import { shiftPoints } from '../../chart/curves.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { useAnswer } from '../../parts/use-answer.ts';
import { busiestFirst, MOST_CURVES } from './busiest.ts';
import { fieldWords } from './names.ts';
import { thresholdsOf } from './thresholds.ts';
import type { ChartChoice } from './which-charts.ts';

type Series = Answers['/api/v1/series'];

const RANGES = ['-3h', '-24h', '-7d', '-30d'] as const;
type Range = (typeof RANGES)[number];
const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const RANGE_MS: Readonly<Record<Range, number>> = {
  '-3h': 3 * HOUR_MS,
  '-24h': 24 * HOUR_MS,
  '-7d': WEEK_MS,
  '-30d': 30 * 24 * HOUR_MS,
};
const STEPS: Readonly<Record<Range, string>> = { '-3h': '1m', '-24h': '5m', '-7d': '1h', '-30d': '6h' };

interface ChartsProps {
  readonly choices: readonly ChartChoice[];
  /** What narrows the series to one element, such as `device` and its id. */
  readonly tagsOf: (choice: ChartChoice) => Readonly<Record<string, string>>;
}

/** The charts of one element over a range that the address keeps; last week under each. */
export function Charts({ choices, tagsOf }: ChartsProps) {
  const { texts, router } = useApp();
  const { filters } = useWatched(router.place);
  const range = RANGES.find((each) => each === filters['range']) ?? '-3h';
  return (
    <section class="panel">
      <div class="title-line">
        <h2>{texts.element.measurements}</h2>
        <div class="segments" role="group" aria-label={texts.element.range}>
          {RANGES.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === range}
              onClick={() => router.filter({ ...filters, range: each })}
            >
              {texts.element.ranges[each]}
            </button>
          ))}
        </div>
      </div>
      <div class="columns">
        {choices.flatMap((choice) =>
          choice.fields.map((field) => (
            <FieldChart
              key={`${choice.measurement} ${field}`}
              choice={choice}
              field={field}
              tags={tagsOf(choice)}
              range={range}
            />
          )),
        )}
      </div>
    </section>
  );
}

interface FieldChartProps {
  readonly choice: ChartChoice;
  readonly field: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly range: Range;
}

function FieldChart({ choice, field, tags, range }: FieldChartProps) {
  const { texts, locale } = useApp();
  const catalogue = useAnswer('/api/v1/catalogue', {}, { everyMs: 24 * HOUR_MS });
  const rules = useAnswer(
    '/api/v1/rules',
    { query: { measurement: choice.measurement, limit: 200 } },
    { everyMs: HOUR_MS },
  );
  const tagQuery = Object.fromEntries(Object.entries(tags).map(([name, value]) => [`tag.${name}`, value]));
  const query = { measurement: choice.measurement, field, every: STEPS[range], ...tagQuery };
  const now = useAnswer('/api/v1/series', { query: { ...query, from: range } });
  const before = useAnswer(
    '/api/v1/series',
    { query: { ...query, ...aWeekBefore(range) } },
    { everyMs: 10 * 60_000 },
  );
  const { meaning, unit, isCount } = fieldWords(catalogue.value, choice.measurement, field, locale.language);
  const curves = useMemo(
    () => [
      ...curvesOf(now.value, choice.by, meaning),
      // One line of last week is a comparison, six are a tangle.
      ...(now.value?.series.length === 1
        ? curvesOf(before.value, undefined, texts.element.lastWeek).map((curve) => ({
            ...curve,
            points: shiftPoints(curve.points, WEEK_MS),
            isBackground: true,
          }))
        : []),
    ],
    [now.value, before.value, meaning, choice.by, texts],
  );
  const limits = useMemo(
    () => thresholdsOf(rules.value?.items ?? [], choice.measurement, field, texts),
    [rules.value, choice.measurement, field, texts],
  );
  return (
    <AnswerView shown={now}>
      {({ fromMs, toMs, everyMs, series }) =>
        series.length === 0 ? (
          <section>
            <h3>{meaning}</h3>
            <p class="dim">{texts.element.noData}</p>
          </section>
        ) : (
          <div>
            {series.length > MOST_CURVES && (
              <p class="dim small">{texts.element.someSeries(MOST_CURVES, series.length)}</p>
            )}
            <Chart
              title={meaning}
              unit={unit}
              isCount={isCount}
              curves={curves}
              thresholds={limits}
              stepMs={everyMs ?? 60_000}
              range={[fromMs, toMs]}
            />
          </div>
        )
      }
    </AnswerView>
  );
}

/** The same range, seven days ago. Pure. */
function aWeekBefore(range: Range): { readonly from: string; readonly to: string } {
  const hours = RANGE_MS[range] / HOUR_MS;
  return { from: `-${hours + WEEK_MS / HOUR_MS}h`, to: `-${WEEK_MS / HOUR_MS}h` };
}

/** Named by the tag that tells them apart, where there is one. Pure. */
function curvesOf(answer: Series | undefined, by: string | undefined, name: string) {
  return busiestFirst(answer?.series ?? [])
    .slice(0, MOST_CURVES)
    .map(({ tags, points }, at) => ({
      name: (by === undefined ? undefined : tags[by]) ?? (at === 0 ? name : `${name} ${at + 1}`),
      points,
    }));
}
