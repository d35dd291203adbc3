import type { Position } from './radio-state.ts';

/** H3 cell of a position; stored at resolution 9, shown at 8. */
export type CellOf = (position: Position) => string;

const RESOLUTION = 9;

/** The library is large: loaded only when a modem has a position. */
export async function loadH3(): Promise<CellOf> {
  const { latLngToCell } = await import('h3-js');
  return ({ latitude, longitude }) => latLngToCell(latitude, longitude, RESOLUTION);
}
