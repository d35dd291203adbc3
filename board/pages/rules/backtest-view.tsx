import { formatDuration, formatDayTime, formatNumber } from '../../language/format.ts';
import { useApp } from '../../parts/app-context.ts';
import { SeverityMark } from '../../parts/marks.tsx';
import { At, Span } from '../../parts/times.tsx';
import { StackingTable } from '../../parts/stacking-table.tsx';
import type { BacktestResult } from './backtest-lines.ts';
import { countsByEntity, entityText, firedByHour } from './compare.ts';
import { isDayKnown } from './known-times.ts';
import { TimeBars, type FiredIn } from './time-bars.tsx';

const SHOWN = 50;
const MOST_ENTITIES = 20;

interface BacktestViewProps {
  readonly draft: BacktestResult;
  /** The same time by the rule that runs. */
  readonly present?: BacktestResult;
  readonly hasPresent: boolean;
}

/** What a draft would have raised, in numbers, day by day and one by one. */
export function BacktestView({ draft, present, hasPresent }: BacktestViewProps) {
  const { texts, locale } = useApp();
  const timesOf = (result: BacktestResult): readonly FiredIn[] =>
    firedByHour(result)?.map(({ atMs, fired }) => ({
      time: formatDayTime(locale, atMs),
      fired,
      isWhole: true,
    })) ??
    result.alerts.byDay.map(({ day, fired, isWhole }) => ({
      time: day,
      fired: fired > 0 || isDayKnown(result, day, locale.timeZone) ? fired : undefined,
      isWhole,
    }));
  const { alerts, fromMs, toMs, series, rows, values, notJudged } = draft;
  return (
    <div class="stack">
      <div role="status">
        <h3>{texts.rules.wouldRaise}</h3>
        <p>
          <Span fromMs={fromMs} toMs={toMs} />:{' '}
          {texts.rules.judged(
            formatNumber(locale, series),
            formatNumber(locale, rows),
            formatNumber(locale, values),
          )}
        </p>
        <div class="facts">
          <Figure words={texts.rules.draftRaises} value={alerts.total}>
            {texts.rules.about(alerts.entities, alerts.open)}
          </Figure>
          {hasPresent && (
            <Figure words={texts.rules.presentRaises} value={present?.alerts.total}>
              {present !== undefined && texts.rules.about(present.alerts.entities, present.alerts.open)}
            </Figure>
          )}
          {alerts.told !== undefined && <Figure words={texts.rules.told} value={alerts.told} />}
        </div>
      </div>
      <TimeBars draft={timesOf(draft)} {...(present !== undefined && { present: timesOf(present) })} />
      {present !== undefined && <ByEntity draft={draft} present={present} />}
      {alerts.listed.length > 0 && (
        <details open={present === undefined}>
          <summary>{texts.rules.listed(Math.min(SHOWN, alerts.listed.length), alerts.total)}</summary>
          <div class="table-frame">
            <StackingTable label={texts.rules.wouldRaise}>
              <thead>
                <tr>
                  <th scope="col">{texts.incidents.severity}</th>
                  <th scope="col">{texts.rules.entity}</th>
                  <th scope="col">{texts.alerts.value}</th>
                  <th scope="col">{texts.rules.firedAt}</th>
                  <th scope="col">{texts.rules.lasted}</th>
                </tr>
              </thead>
              <tbody>
                {alerts.listed.slice(0, SHOWN).map((alert) => (
                  <tr key={`${alert.firedAtMs} ${entityText(alert.entity)}`}>
                    <td>
                      <SeverityMark severity={alert.severity} />
                    </td>
                    <td>{entityText(alert.entity)}</td>
                    <td>{alert.valueText}</td>
                    <td>
                      <At atMs={alert.firedAtMs} />
                    </td>
                    <td>
                      {alert.endedAtMs === undefined
                        ? texts.rules.stillOpen
                        : formatDuration(locale, alert.endedAtMs - alert.startedAtMs)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </StackingTable>
          </div>
        </details>
      )}
      <div>
        <h3>{texts.rules.notJudged}</h3>
        <ul class="lines dim">
          {notJudged.map((line) => (
            <li key={line} lang="en">
              {line}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

interface FigureProps {
  readonly words: string;
  readonly value: number | undefined;
  readonly children?: preact.ComponentChildren;
}

function Figure({ words, value, children }: FigureProps) {
  const { locale } = useApp();
  return (
    <div class="fact">
      <small>{words}</small>
      <b>{value === undefined ? '…' : formatNumber(locale, value)}</b>
      <small class="dim">{children}</small>
    </div>
  );
}

function ByEntity({ draft, present }: Required<Pick<BacktestViewProps, 'draft' | 'present'>>) {
  const { texts } = useApp();
  const counts = countsByEntity(draft.alerts.listed, present.alerts.listed);
  if (counts.length === 0) return null;
  return (
    <div class="table-frame">
      <table aria-label={texts.rules.byEntity}>
        <thead>
          <tr>
            <th scope="col">{texts.rules.entity}</th>
            <th scope="col" class="number">
              {texts.rules.draftRaises}
            </th>
            <th scope="col" class="number">
              {texts.rules.presentRaises}
            </th>
          </tr>
        </thead>
        <tbody>
          {counts.slice(0, MOST_ENTITIES).map((each) => (
            <tr key={each.entity}>
              <td>{each.entity}</td>
              <td class="number">{each.draft}</td>
              <td class="number">{each.present}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
