/** H3 cell of a position in degrees, WGS 84; stored at resolution 9, shown at 8. */
export type CellOf = (position: { readonly latitude: number; readonly longitude: number }) => string;

const RESOLUTION = 9;

/** The library is large: loaded only when there is a position. */
export async function loadH3(): Promise<CellOf> {
  const { latLngToCell } = await import('h3-js');
  return ({ latitude, longitude }) => latLngToCell(latitude, longitude, RESOLUTION);
}
