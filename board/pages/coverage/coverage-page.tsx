import type { Answers } from '../../api/answers.ts';
import { formatNumber, formatRatio } from '../../language/format.ts';
import { CityMap } from '../../map/city-map.tsx';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { useAnswer } from '../../parts/use-answer.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { Ref } from '../../parts/where.tsx';
import { COVERAGE_CLASSES, coverageClass, DIP_CLASSES, dipClass } from './coverage-class.ts';
import { holesOf } from './coverage-holes.ts';
import { CoverageLegend } from './coverage-legend.tsx';
import { partOf, type Part } from './coverage-part.ts';
import { CoverageTable } from './coverage-table.tsx';
import { HoleList } from './hole-list.tsx';

type Item = Answers['/api/v1/coverage']['items'][number];
const SHOWS = ['covered', 'dips'] as const;

/** Mobile coverage of the last 24 hours: map and table, by operator and technology; dips, and where there is none. */
export function CoveragePage() {
  const { texts, router } = useApp();
  usePageTitle(texts.coverage.title);
  const { filters } = useWatched(router.place);
  const coverage = useAnswer(
    '/api/v1/coverage',
    { query: { from: '-24h', limit: 1_000, order: 'worst' } },
    { everyMs: 300_000 },
  );
  const { operator = '', rat = '' } = filters;
  const shows = SHOWS.find((each) => each === filters['shows']) ?? 'covered';
  const set = (name: string, value: string): void => router.filter({ ...filters, [name]: value });
  return (
    <div class="stack">
      <section class="panel">
        <h1>{texts.coverage.title}</h1>
        <p class="dim">{texts.coverage.explain}</p>
        <AnswerView shown={coverage}>
          {({ items, minimumRsrpDbm }) => {
            const rows = items.map((item) => ({ item, part: partOf(item, operator, rat) }));
            const holes = holesOf(items, operator, rat);
            return (
              <>
                <p class="dim small">{texts.coverage.minimum(minimumRsrpDbm)}</p>
                <div class="filters">
                  <Choice
                    label={texts.coverage.operator}
                    value={operator}
                    words={operatorsOf(items)}
                    onChange={(value) => set('operator', value)}
                  />
                  <Choice
                    label={texts.coverage.rat}
                    value={rat}
                    words={ratsOf(items)}
                    onChange={(value) => set('rat', value)}
                  />
                  <div class="segments" role="group" aria-label={texts.coverage.shows}>
                    {SHOWS.map((each) => (
                      <button
                        key={each}
                        type="button"
                        aria-pressed={each === shows}
                        onClick={() => set('shows', each)}
                      >
                        {texts.coverage[each]}
                      </button>
                    ))}
                  </div>
                </div>
                <div class="columns">
                  <div>
                    <CoverageMap rows={rows} shows={shows} holes={new Set(holes.map(({ unit }) => unit))} />
                    <HoleList holes={holes} />
                  </div>
                  <CoverageTable
                    label={texts.coverage.table}
                    of={texts.coverage.unit}
                    hasCompleteness
                    rows={rows.map(({ item, part }) => ({
                      key: item.unit,
                      head: <Ref of={`unit:${item.unit}`} name={item.name} />,
                      part,
                      completeness: item.completeness,
                    }))}
                  />
                </div>
              </>
            );
          }}
        </AnswerView>
      </section>
    </div>
  );
}

interface CoverageMapProps {
  readonly rows: readonly { readonly item: Item; readonly part: Part | undefined }[];
  readonly shows: (typeof SHOWS)[number];
  readonly holes: ReadonlySet<string>;
}

function CoverageMap({ rows, shows, holes }: CoverageMapProps) {
  const { texts, router, locale } = useApp();
  const units = useAnswer('/api/v1/units', { query: { limit: 1_000 } }, { everyMs: 300_000 });
  const byUnit = new Map(rows.map((row) => [row.item.unit, row]));
  const fillOf = (code: string): string => {
    const row = byUnit.get(code);
    const { part } = row ?? {};
    return shows === 'covered'
      ? coverageClass(part?.coveredPercent, row?.item.completeness)
      : dipClass(part !== undefined && part.samples > 0 ? part.dips : undefined, row?.item.completeness);
  };
  return (
    <>
      <CityMap
        label={texts.coverage.title}
        units={(units.value?.items ?? []).map((unit) => ({ ...unit, fill: fillOf(unit.code) }))}
        outlined={holes}
        onOpenUnit={(id) => router.go({ page: 'element', kind: 'unit', id })}
        onOpenSite={() => undefined}
        tell={(code) => {
          const row = byUnit.get(code);
          if (row === undefined) return code;
          const { item, part } = row;
          const covered =
            part?.coveredPercent === undefined
              ? texts.city.insufficient
              : `${formatNumber(locale, part.coveredPercent, 1)} %`;
          const dips = part === undefined || part.samples === 0 ? '–' : formatNumber(locale, part.dips);
          return (
            <>
              <b>{item.name}</b>
              <div>
                {texts.coverage.covered}: {covered}
              </div>
              <div>
                {texts.coverage.dips}: {dips}
              </div>
              <div class="dim">
                {texts.coverage.complete} {formatRatio(locale, item.completeness)}
              </div>
            </>
          );
        }}
      />
      <CoverageLegend classes={shows === 'covered' ? COVERAGE_CLASSES : DIP_CLASSES} hasHoles />
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly words: readonly string[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, words, onChange }: ChoiceProps) {
  const { texts } = useApp();
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        <option value="">{texts.all}</option>
        {words.map((word) => (
          <option key={word} value={word}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Pure. */
function operatorsOf(items: readonly Item[]): string[] {
  return [
    ...new Set(items.flatMap(({ operators }) => operators.flatMap(({ operator }) => operator ?? []))),
  ].sort();
}

/** Pure. */
function ratsOf(items: readonly Item[]): string[] {
  const rats = items.flatMap(({ operators }) =>
    operators.flatMap((each) => each.rats.flatMap(({ rat }) => rat ?? [])),
  );
  return [...new Set(rats)].sort();
}
