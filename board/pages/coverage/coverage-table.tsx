import type { ComponentChildren } from 'preact';
import { formatNumber, formatRatio } from '../../language/format.ts';
import { useApp } from '../../parts/app-context.ts';
import { StackingTable } from '../../parts/stacking-table.tsx';
import type { Part } from './coverage-part.ts';

interface CoverageTableProps {
  readonly label: string;
  /** What a row is. */
  readonly of: string;
  readonly rows: readonly {
    readonly key: string;
    readonly head: ComponentChildren;
    /** undefined: not measured. */
    readonly part: Part | undefined;
    /** Share of the time that was measured, 0 to 1; only where a row has one of its own. */
    readonly completeness?: number | undefined;
  }[];
  readonly hasCompleteness?: boolean;
}

/** Coverage by unit, or by operator of one. What was not measured is a dash, and a share of too few samples is not told. */
export function CoverageTable({ label, of, rows, hasCompleteness = false }: CoverageTableProps) {
  const { texts, locale } = useApp();
  const percent = (value: number): string => `${formatNumber(locale, value, 1)} %`;
  const heads = [
    texts.coverage.covered,
    ...(hasCompleteness ? [texts.coverage.complete] : []),
    ...[texts.coverage.dips, texts.coverage.fallBacks, texts.coverage.samples],
  ];
  return (
    <div class="table-frame">
      <StackingTable label={label}>
        <thead>
          <tr>
            <th scope="col">{of}</th>
            {heads.map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, head, part, completeness }) => {
            const measured = part !== undefined && part.samples > 0 ? part : undefined;
            const count = (value: number | undefined): string =>
              value === undefined ? '–' : formatNumber(locale, value);
            return (
              <tr key={key}>
                <th scope="row">{head}</th>
                <td class="number">
                  {part?.coveredPercent === undefined
                    ? texts.city.insufficient
                    : percent(part.coveredPercent)}
                  {part?.atLeastPercent !== undefined && (
                    <small class="dim block" title={texts.coverage.atLeast}>
                      ≥ {percent(part.atLeastPercent)}
                    </small>
                  )}
                </td>
                {hasCompleteness && <td class="number">{formatRatio(locale, completeness)}</td>}
                <td class="number">{count(measured?.dips)}</td>
                <td class="number">{count(measured?.fallBacks)}</td>
                <td class="number">{count(measured?.samples)}</td>
              </tr>
            );
          })}
        </tbody>
      </StackingTable>
    </div>
  );
}
