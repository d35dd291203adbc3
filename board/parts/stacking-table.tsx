import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface StackingTableProps {
  readonly label: string;
  readonly children: ComponentChildren;
}

/** A table whose cells stand below each other on a phone, where each then says its column. */
export function StackingTable({ label, children }: StackingTableProps) {
  const table = useRef<HTMLTableElement>(null);
  // Rows come and go, and so does the language: after every drawing.
  useLayoutEffect(() => {
    if (table.current !== null) labelCells(table.current);
  });
  return (
    <table class="stacking" aria-label={label} ref={table}>
      {children}
    </table>
  );
}

/** Writes the head of its column onto each cell; the first names its row and needs none. */
function labelCells({ tHead, tBodies }: HTMLTableElement): void {
  const heads = [...(tHead?.rows[0]?.cells ?? [])].map(({ textContent }) => textContent);
  for (const { rows } of tBodies)
    for (const { cells } of rows)
      for (const [at, cell] of [...cells].entries())
        if (at > 0 && cell.colSpan === 1) cell.dataset['label'] = heads[at] ?? '';
}
