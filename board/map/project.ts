import type { Cell, Point, Seed } from './cells.ts';

/** WGS84, degrees. */
export interface Position {
  readonly longitude: number;
  readonly latitude: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Projection = (position: Position) => Point;

const KM_OF_DEGREE = 111.32;

/** Equirectangular around a middle latitude: true enough for a city. km; y grows southwards, as on a screen. Pure. */
export function projectionAround(middle: Position): Projection {
  const shrink = Math.cos((middle.latitude * Math.PI) / 180);
  return ({ longitude, latitude }) => ({
    x: (longitude - middle.longitude) * KM_OF_DEGREE * shrink,
    y: (middle.latitude - latitude) * KM_OF_DEGREE,
  });
}

/** The middle of what is given; 0,0 of nothing. Pure. */
export function middleOf(positions: readonly Position[]): Position {
  const middle = (values: readonly number[]): number =>
    values.length === 0 ? 0 : (Math.min(...values) + Math.max(...values)) / 2;
  return {
    longitude: middle(positions.map(({ longitude }) => longitude)),
    latitude: middle(positions.map(({ latitude }) => latitude)),
  };
}

/** Around all corners, with a margin; km. Pure. */
export function boxAround(points: readonly Point[], margin: number): Box {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  if (points.length === 0) return { x: -1, y: -1, width: 2, height: 2 };
  const [left, top] = [Math.min(...xs) - margin, Math.min(...ys) - margin];
  return { x: left, y: top, width: Math.max(...xs) + margin - left, height: Math.max(...ys) + margin - top };
}

interface PlacedUnit extends Position {
  readonly code: string;
  readonly areaKm2: number;
}

/** Further than this from its nearest neighbour a unit is an island, which gets a frame of its own. */
const ISLAND_KM = 60;

/** Which units are near enough to each other for one map, and which are islands. Pure. */
export function splitIslands<U extends PlacedUnit>(
  units: readonly U[],
): { readonly mainland: readonly U[]; readonly islands: readonly U[] } {
  if (units.length < 3) return { mainland: units, islands: [] };
  const project = projectionAround(middleOf(units));
  const points = units.map((unit) => ({ unit, point: project(unit) }));
  const isIsland = ({ unit, point }: (typeof points)[number]): boolean =>
    points.every(
      (other) =>
        other.unit === unit || Math.hypot(other.point.x - point.x, other.point.y - point.y) > ISLAND_KM,
    );
  const islands = points.filter(isIsland).map(({ unit }) => unit);
  return { mainland: units.filter((unit) => !islands.includes(unit)), islands };
}

/** Pure. */
export function seedsOf(units: readonly PlacedUnit[], project: Projection): Seed[] {
  return units.map((unit) => ({ code: unit.code, areaKm2: unit.areaKm2, ...project(unit) }));
}

/** As the `d` of an SVG path; to 10 m. Pure. */
export function pathOfCell({ rings }: Cell): string {
  return rings
    .filter((corners) => corners.length >= 3)
    .map((corners) => `M${corners.map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`).join('L')}Z`)
    .join('');
}
