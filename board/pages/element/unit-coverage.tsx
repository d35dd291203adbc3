import { formatRatio } from '../../language/format.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import { useAnswer } from '../../parts/use-answer.ts';
import { holesOf } from '../coverage/coverage-holes.ts';
import { CoverageTable } from '../coverage/coverage-table.tsx';
import { HoleList } from '../coverage/hole-list.tsx';

/** Mobile coverage of one unit by operator and technology, 24 hours. */
export function UnitCoverage({ unit }: { readonly unit: string }) {
  const { texts, locale } = useApp();
  const coverage = useAnswer('/api/v1/coverage', { query: { unit, from: '-24h' } }, { everyMs: 300_000 });
  return (
    <section class="panel">
      <h2>{texts.coverage.title}</h2>
      <AnswerView shown={coverage}>
        {({ items }) => (
          <>
            <p class="dim small">
              {texts.coverage.complete}: {formatRatio(locale, items[0]?.completeness)}
            </p>
            <HoleList holes={holesOf(items, '', '')} />
            <CoverageTable
              label={texts.coverage.title}
              of={texts.coverage.operator}
              rows={(items[0]?.operators ?? []).map((part) => ({
                key: part.operator ?? '',
                head: (
                  <>
                    {part.operator ?? texts.coverage.noNetwork}{' '}
                    <small class="dim">{part.rats.map(({ rat }) => rat).join(', ')}</small>
                  </>
                ),
                part,
              }))}
            />
          </>
        )}
      </AnswerView>
    </section>
  );
}
