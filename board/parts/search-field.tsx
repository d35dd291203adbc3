import { useApp, useWatched } from './app-context.ts';

/** Narrows a list by words, kept in the address as `q`. */
export function SearchField({ placeholder }: { readonly placeholder: string }) {
  const { texts, router } = useApp();
  const { filters } = useWatched(router.place);
  return (
    <label>
      {texts.tools.search}
      <input
        type="search"
        maxLength={100}
        value={filters['q'] ?? ''}
        placeholder={placeholder}
        onInput={({ currentTarget }) => router.filter({ ...filters, q: currentTarget.value })}
      />
    </label>
  );
}
