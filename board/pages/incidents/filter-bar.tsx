import { useApp, useWatched } from '../../parts/app-context.ts';
import { SearchField } from '../../parts/search-field.tsx';

export const SEVERITIES = ['critical', 'major', 'minor', 'warning'] as const;
export const ORDERS = ['severity', 'newest', 'oldest'] as const;

export interface FilterChoices {
  readonly states: readonly { readonly value: string; readonly words: string }[];
  readonly state: string;
  readonly find: string;
}

/** The one of the list that an address names; undefined where it names none. Pure. */
export function choiceOf<Word extends string>(
  words: readonly Word[],
  given: string | undefined,
): Word | undefined {
  return words.find((word) => word === given);
}

/** What a list shows, kept in the address: it can be sent to a colleague. */
export function FilterBar({ choices }: { readonly choices: FilterChoices }) {
  const { texts, router } = useApp();
  const { filters } = useWatched(router.place);
  const set = (name: string, value: string): void => router.filter({ ...filters, [name]: value });
  return (
    <div class="filters" role="search" aria-label={texts.incidents.filter}>
      <div class="segments" role="group" aria-label={texts.element.state}>
        {choices.states.map(({ value, words }) => (
          <button
            key={value}
            type="button"
            aria-pressed={value === choices.state}
            onClick={() => set('state', value)}
          >
            {words}
          </button>
        ))}
      </div>
      <label>
        {texts.incidents.severity}
        <select
          value={filters['severity'] ?? ''}
          onChange={({ currentTarget }) => set('severity', currentTarget.value)}
        >
          <option value="">{texts.all}</option>
          {SEVERITIES.map((each) => (
            <option key={each} value={each}>
              {texts.severities[each]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {texts.incidents.order}
        <select
          value={filters['order'] ?? 'severity'}
          onChange={({ currentTarget }) => set('order', currentTarget.value)}
        >
          {ORDERS.map((each) => (
            <option key={each} value={each}>
              {texts.incidents.orders[each]}
            </option>
          ))}
        </select>
      </label>
      <SearchField placeholder={choices.find} />
    </div>
  );
}
