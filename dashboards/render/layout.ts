import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Board, Row } from '../board.ts';
import type { Placed } from './build-panel.ts';

const COLUMNS = 24;

export interface PlacedRow {
  readonly row: Row;
  /** Of the head; undefined where the row has none. */
  readonly head?: { readonly id: number; readonly position: GridPos };
  readonly panels: readonly Placed[];
}

/** Gives every panel its place and a number that no other has. A closed row takes the height of its head alone. */
export function layOut(board: Board): readonly PlacedRow[] {
  let id = 0;
  let y = 0;
  const rows: PlacedRow[] = [];
  for (const row of board.rows) {
    const head =
      row.title === undefined ? undefined : { id: ++id, position: { h: 1, w: COLUMNS, x: 0, y: y++ } };
    let x = 0;
    let lineHeight = 0;
    let lineY = y;
    const panels = row.panels.map((panel): Placed => {
      if (x + panel.width > COLUMNS) {
        lineY += lineHeight;
        [x, lineHeight] = [0, 0];
      }
      const position = { h: panel.height, w: panel.width, x, y: lineY };
      x += panel.width;
      lineHeight = Math.max(lineHeight, panel.height);
      return { panel, id: ++id, position };
    });
    if (row.closed !== true) y = lineY + lineHeight;
    rows.push({ row, panels, ...(head !== undefined && { head }) });
  }
  return rows;
}
