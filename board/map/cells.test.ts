import { expect, it } from 'vitest';
import { drawCells, type Cell, type Point, type Seed } from './cells.ts';

const seed = (code: string, x: number, y: number, areaKm2 = Math.PI): Seed => ({ code, x, y, areaKm2 });

/** Of a polygon, by the shoelace formula. */
function areaOf({ rings: [corners = []] }: Cell): number {
  return Math.abs(
    corners.reduce((sum, { x, y }, at) => {
      const next = corners[(at + 1) % corners.length]!;
      return sum + (x * next.y - next.x * y) / 2;
    }, 0),
  );
}

/** Corners are in the direction of the clock. */
function isWithin({ rings: [corners = []] }: Cell, { x, y }: Point): boolean {
  if (corners.length < 3) return false;
  return corners.every((corner, at) => {
    const next = corners[(at + 1) % corners.length]!;
    return (next.x - corner.x) * (y - corner.y) - (next.y - corner.y) * (x - corner.x) >= -1e-9;
  });
}

it('gives one that stands alone a circle somewhat larger than its area', () => {
  const [cell] = drawCells([seed('26506', 3, 4, 100)]);
  expect(areaOf(cell!)).toBeGreaterThan(100);
  expect(areaOf(cell!)).toBeLessThan(220);
});

it('divides the land between neighbours, and gives the larger one more', () => {
  const [small, large] = drawCells([seed('a', 0, 0, 3), seed('b', 2, 0, 12)]);
  const border = Math.max(...small!.rings[0]!.map(({ x }) => x));
  expect(border).toBeLessThan(1);
  expect(Math.min(...large!.rings[0]!.map(({ x }) => x))).toBeCloseTo(border, 9);
});

it('has no point in two cells, whatever the city', () => {
  const seeds = Array.from({ length: 60 }, (_, at) =>
    seed(`${at}`, (at * 37) % 23, (at * 53) % 29, 1 + ((at * 7) % 11)),
  );
  const cells = drawCells(seeds);
  for (let x = 0; x < 23; x += 0.7)
    for (let y = 0; y < 29; y += 0.7)
      expect(
        cells.filter((cell) => isWithin(cell, { x: x + 0.013, y: y + 0.017 })).length,
      ).toBeLessThanOrEqual(1);
});
