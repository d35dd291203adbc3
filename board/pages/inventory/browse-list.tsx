import { useState } from 'preact/hooks';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { Link } from '../../parts/link.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { useRows } from '../../parts/use-rows.ts';
import { StackingTable } from '../../parts/stacking-table.tsx';
import { EntryForm } from './entry-form.tsx';
import { writtenOf, type Entry } from './form-fields.ts';
import { kindOf, KINDS, type Kind } from './kinds.ts';

const SHOWN = 100;
const FACTS = ['name', 'kind', 'unit', 'site', 'agency', 'retiredOn'] as const;

/** One list, searched by central. */
export function BrowseList({ mayWrite }: { readonly mayWrite: boolean }) {
  const { texts, router } = useApp();
  const { filters } = useWatched(router.place);
  const [isAdding, setAdding] = useState(false);
  const kind = kindOf(filters['kind']) ?? 'devices';
  const cursor = filters['cursor'] === '' ? undefined : filters['cursor'];
  const q = filters['q'] === '' ? undefined : filters['q'];
  const list = useAnswer('/api/v1/inventory/entries', {
    query: { kind, q, limit: SHOWN, cursor },
  });
  return (
    <>
      <div class="filters" role="search">
        <label>
          {texts.inventory.kind}
          <select
            value={kind}
            onChange={({ currentTarget }) =>
              router.filter({ ...filters, cursor: '', kind: currentTarget.value })
            }
          >
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {texts.inventory.kinds[each]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {texts.tools.search}
          <input
            type="search"
            maxLength={100}
            value={filters['q'] ?? ''}
            placeholder={texts.inventory.find}
            onInput={({ currentTarget }) => router.filter({ ...filters, cursor: '', q: currentTarget.value })}
          />
        </label>
        {mayWrite && (
          <button type="button" onClick={() => setAdding(true)}>
            {texts.inventory.add}
          </button>
        )}
      </div>
      {isAdding && (
        <EntryForm
          kind={kind}
          onClose={() => setAdding(false)}
          onDone={(id) => router.go({ page: 'entry', kind, id })}
        />
      )}
      <AnswerView shown={list}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <p class="dim">{texts.inventory.none}</p>
          ) : (
            <>
              <Table kind={kind} items={items} isCut={nextCursor !== undefined} />
              <div class="actions">
                {cursor !== undefined && (
                  <button type="button" onClick={() => router.filter({ ...filters, cursor: '' })}>
                    {texts.inventory.firstPage}
                  </button>
                )}
                {nextCursor !== undefined && (
                  <button type="button" onClick={() => router.filter({ ...filters, cursor: nextCursor })}>
                    {texts.inventory.nextPage}
                  </button>
                )}
              </div>
            </>
          )
        }
      </AnswerView>
    </>
  );
}

interface TableProps {
  readonly kind: Kind;
  readonly items: readonly { readonly id: string; readonly entry: Entry }[];
  readonly isCut: boolean;
}

function Table({ kind, items, isCut }: TableProps) {
  const { texts, router } = useApp();
  const rows = useRows(
    items.map(({ id }) => id),
    (id) => router.go({ page: 'entry', kind, id }),
  );
  const shown = FACTS.filter((name) => items.some(({ entry }) => entry[name] !== undefined));
  return (
    <>
      <p role="status">{texts.incidents.count(items.length, isCut)}</p>
      <div class="table-frame">
        <StackingTable label={texts.inventory.kinds[kind]}>
          <thead>
            <tr>
              <th scope="col">{texts.inventory.id}</th>
              {shown.map((name) => (
                <th key={name} scope="col">
                  {texts.inventory.fields[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map(({ id, entry }, at) => (
              <tr key={id} class={at === rows.at ? 'chosen' : ''}>
                <td>
                  <Link to={{ page: 'entry', kind, id }}>{id}</Link>
                </td>
                {shown.map((name) => (
                  <td key={name}>{writtenOf(entry[name])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </StackingTable>
      </div>
    </>
  );
}
