import { useApp, useWatched } from '../../parts/app-context.ts';
import type { Filters } from '../../route/router.ts';

const SINCE = ['-1h', '-24h', '-7d'] as const;

/** What the address asks for, as central takes it. Pure. */
export function groupQuery({ agent, code, measurement, from }: Filters): Record<string, string> {
  const asked = {
    ...{ agent: agent?.trim(), code, measurement },
    from: SINCE.find((each) => each === from),
  };
  return Object.fromEntries(
    Object.entries(asked).flatMap(([name, value = '']) => (value === '' ? [] : [[name, value]])),
  );
}

interface QuarantineFiltersProps {
  /** That occur. */
  readonly codes: readonly string[];
  readonly measurements: readonly string[];
}

/** What the list of groups shows, kept in the address. */
export function QuarantineFilters({ codes, measurements }: QuarantineFiltersProps) {
  const { texts, router } = useApp();
  const { filters } = useWatched(router.place);
  const set = (name: string, value: string): void => router.filter({ ...filters, [name]: value, open: '' });
  return (
    <div class="filters" role="search" aria-label={texts.incidents.filter}>
      <label>
        {texts.quarantine.agent}
        <input
          type="search"
          maxLength={100}
          value={filters['agent'] ?? ''}
          placeholder={texts.quarantine.findAgent}
          onInput={({ currentTarget }) => set('agent', currentTarget.value)}
        />
      </label>
      {(
        [
          ['code', codes],
          ['measurement', measurements],
        ] as const
      ).map(([name, of]) => (
        <label key={name}>
          {texts.quarantine[name]}
          <select
            value={filters[name] ?? ''}
            onChange={({ currentTarget }) => set(name, currentTarget.value)}
          >
            <option value="">{texts.all}</option>
            {[...new Set([...of, ...(filters[name] === undefined ? [] : [filters[name]])])].map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
      ))}
      <label>
        {texts.quarantine.since}
        <select
          value={SINCE.find((each) => each === filters['from']) ?? ''}
          onChange={({ currentTarget }) => set('from', currentTarget.value)}
        >
          <option value="">{texts.all}</option>
          {SINCE.map((each) => (
            <option key={each} value={each}>
              {texts.quarantine.sinces[each]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
