/** Where something is, km east and south of a common point. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A place with a size, in km and km². */
export interface Seed extends Point {
  readonly code: string;
  readonly areaKm2: number;
}

export interface Cell {
  readonly code: string;
  readonly centre: Point;
  /** Borders, each its corners in order; no corners where others take all of its land. */
  readonly rings: readonly (readonly Point[])[];
}

/** A cell reaches further than a circle of its area, so that neighbours meet; where there are none it ends, like a coast. */
const REACH = 1.45;
const CORNERS_OF_CIRCLE = 32;

/**
 * A cell of land for each seed: what is nearer to it than to any other, where a large one reaches further (power diagram, Aurenhammer
 * 1987), within a circle by its area. Not a boundary that anybody drew. Pure.
 */
export function drawCells(seeds: readonly Seed[]): Cell[] {
  return seeds.map((seed) => {
    const reach = radiusOf(seed) * REACH;
    let corners: readonly Point[] = Array.from({ length: CORNERS_OF_CIRCLE }, (_, at) => {
      const angle = (2 * Math.PI * at) / CORNERS_OF_CIRCLE;
      return { x: seed.x + reach * Math.cos(angle), y: seed.y + reach * Math.sin(angle) };
    });
    for (const other of seeds) {
      const distance = Math.hypot(other.x - seed.x, other.y - seed.y);
      if (other === seed || distance === 0 || distance > reach + radiusOf(other) * REACH) continue;
      corners = cutByNeighbour(corners, seed, other);
    }
    return { code: seed.code, centre: { x: seed.x, y: seed.y }, rings: [corners] };
  });
}

function radiusOf({ areaKm2 }: Seed): number {
  return Math.sqrt(areaKm2 / Math.PI);
}

/** Cuts off what belongs to the neighbour (Sutherland–Hodgman, one edge). */
function cutByNeighbour(corners: readonly Point[], seed: Seed, other: Seed): Point[] {
  const [dx, dy] = [other.x - seed.x, other.y - seed.y];
  const weight = (radiusOf(seed) ** 2 - radiusOf(other) ** 2) / 2;
  const limit = (dx * (seed.x + other.x) + dy * (seed.y + other.y)) / 2 + weight;
  // Positive: beyond the line between them.
  const beyond = ({ x, y }: Point): number => dx * x + dy * y - limit;
  return corners.flatMap((corner, at) => {
    const next = corners[(at + 1) % corners.length] ?? corner;
    const [here, there] = [beyond(corner), beyond(next)];
    const kept = here <= 0 ? [corner] : [];
    if (here <= 0 === there <= 0) return kept;
    const share = here / (here - there);
    return [
      ...kept,
      { x: corner.x + share * (next.x - corner.x), y: corner.y + share * (next.y - corner.y) },
    ];
  });
}
