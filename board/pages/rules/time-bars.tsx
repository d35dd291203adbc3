import { useApp } from '../../parts/app-context.ts';

/** Alerts of a day, or of an hour. */
export interface FiredIn {
  readonly time: string;
  /** undefined: nothing is stored of that time. */
  readonly fired: number | undefined;
  readonly isWhole: boolean;
}

interface TimeBarsProps {
  readonly draft: readonly FiredIn[];
  readonly present?: readonly FiredIn[];
}

/** Alerts over time, as numbers with a bar. A day that was judged in part says so. */
export function TimeBars({ draft, present }: TimeBarsProps) {
  const { texts } = useApp();
  const most = Math.max(1, ...[...draft, ...(present ?? [])].map(({ fired }) => fired ?? 0));
  const firedBefore = new Map(present?.map(({ time, fired }) => [time, fired]));
  return (
    <div class="table-frame">
      <table class="bars" aria-label={texts.rules.byTime}>
        <thead>
          <tr>
            <th scope="col">{texts.rules.time}</th>
            <th scope="col">{texts.rules.draftRaises}</th>
            {present !== undefined && <th scope="col">{texts.rules.presentRaises}</th>}
          </tr>
        </thead>
        <tbody>
          {draft.map(({ time, fired, isWhole }) => (
            <tr key={time}>
              <th scope="row">
                {time} {!isWhole && <span class="dim">({texts.rules.partOfDay})</span>}
              </th>
              <td>
                <Bar value={fired} most={most} />
              </td>
              {present !== undefined && (
                <td>
                  <Bar value={firedBefore.get(time)} most={most} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Bar({ value, most }: { readonly value: number | undefined; readonly most: number }) {
  const { texts } = useApp();
  if (value === undefined)
    return (
      <span class="dim" title={texts.rules.notStored}>
        –<span class="hidden"> {texts.rules.notStored}</span>
      </span>
    );
  return (
    <span class="bar">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect width={(100 * value) / most} height="8" />
      </svg>
      {value}
    </span>
  );
}
