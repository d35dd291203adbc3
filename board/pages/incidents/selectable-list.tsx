import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useApp } from '../../parts/app-context.ts';
import { StackingTable } from '../../parts/stacking-table.tsx';
import { useRows } from '../../parts/use-rows.ts';
import { AcknowledgeDialog } from './acknowledge-dialog.tsx';
import { SelectCell, SelectionLine } from './selection.tsx';

interface SelectableListProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  /** There are more than those. */
  readonly isCut: boolean;
  /** Heads of the columns behind the box of each row. */
  readonly columns: readonly string[];
  /** The cells of a row, a `td` each. */
  readonly cells: (item: Item) => ComponentChildren;
  /** What a row is about. */
  readonly about: (item: Item) => string;
  /** What is acknowledged with it. */
  readonly alertsOf: (item: Item) => readonly string[];
  readonly onOpen: (id: string) => void;
  /** They were acknowledged. */
  readonly onDone: () => void;
}

/** A list whose rows are opened, selected and acknowledged, by keys or by hand; without a selection the keys mean the row they are at. */
export function SelectableList<Item extends { readonly id: string }>(props: SelectableListProps<Item>) {
  const { items, isCut, columns, cells, about, alertsOf } = props;
  const { texts } = useApp();
  const [isAsking, setAsking] = useState(false);
  const rows = useRows(
    items.map(({ id }) => id),
    props.onOpen,
    { a: () => setAsking(true) },
  );
  const chosen = items
    .filter(({ id }, at) => (rows.selected.size > 0 ? rows.selected.has(id) : at === rows.at))
    .flatMap(alertsOf);
  return (
    <>
      <SelectionLine
        count={items.length}
        isCut={isCut}
        selected={rows.selected.size}
        onAcknowledge={() => setAsking(true)}
      />
      <div class="table-frame">
        <StackingTable label={props.label}>
          <thead>
            <tr>
              <th scope="col">
                <span class="hidden">{texts.keys.select}</span>
              </th>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((item, at) => (
              <tr key={item.id} class={at === rows.at ? 'chosen' : ''}>
                <SelectCell
                  about={about(item)}
                  isSelected={rows.selected.has(item.id)}
                  onToggle={() => rows.toggle(item.id)}
                />
                {cells(item)}
              </tr>
            ))}
          </tbody>
        </StackingTable>
      </div>
      {isAsking && chosen.length > 0 && (
        <AcknowledgeDialog
          alerts={chosen}
          onClose={() => setAsking(false)}
          onDone={() => {
            rows.clear();
            props.onDone();
          }}
        />
      )}
    </>
  );
}
