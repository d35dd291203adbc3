import { useApp } from '../../parts/app-context.ts';

interface SelectionLineProps {
  readonly count: number;
  /** There are more than those. */
  readonly isCut: boolean;
  readonly selected: number;
  readonly onAcknowledge: () => void;
}

/** How many rows a table has, and what can be done with those that are selected. */
export function SelectionLine({ count, isCut, selected, onAcknowledge }: SelectionLineProps) {
  const { texts } = useApp();
  return (
    <p class="actions">
      <span role="status">{texts.incidents.count(count, isCut)}</span>
      {selected > 0 && (
        <>
          <b>{texts.incidents.selected(selected)}</b>
          <button type="button" onClick={onAcknowledge}>
            {texts.incidents.acknowledgeAll}
          </button>
        </>
      )}
    </p>
  );
}

interface SelectCellProps {
  /** What the row is about. */
  readonly about: string;
  readonly isSelected: boolean;
  readonly onToggle: () => void;
}

export function SelectCell({ about, isSelected, onToggle }: SelectCellProps) {
  const { texts } = useApp();
  return (
    <td>
      <label class="tap">
        <input
          type="checkbox"
          checked={isSelected}
          aria-label={texts.incidents.select(about)}
          onChange={onToggle}
        />
      </label>
    </td>
  );
}
