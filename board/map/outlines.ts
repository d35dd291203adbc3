import type { Cell } from './cells.ts';
import outlines from './outlines.json' with { type: 'json' };
import type { Position, Projection } from './project.ts';

/** Corners of one border, in order, not closed. */
export type Ring = readonly Position[];

interface PlacedUnit extends Position {
  readonly code: string;
}

const TEXTS: ReadonlyMap<string, string> = new Map(Object.entries(outlines.units));

/** Whether the borders of all of them are known: of another city, or before a reform, they are not. */
export function hasOutlines(codes: readonly string[]): boolean {
  return codes.every((code) => TEXTS.has(code));
}

/** Units within their borders; undefined where one's are not known, since borders and drawn cells would overlap. Pure. */
export function outlinedCells(units: readonly PlacedUnit[], project: Projection): Cell[] | undefined {
  if (!hasOutlines(units.map(({ code }) => code))) return undefined;
  return units.map((unit) => ({
    code: unit.code,
    centre: project(unit),
    rings: decodeOutline(TEXTS.get(unit.code) ?? '', outlines.stepDegrees).map((ring) => ring.map(project)),
  }));
}

/**
 * Rings of a unit from a text that `scripts/board/encode-outlines.js` made (steps on a grid of `stepDegrees`, "Encoded Polyline Algorithm
 * Format"). Degrees, WGS84. Pure.
 */
export function decodeOutline(text: string, stepDegrees: number): Ring[] {
  return text.split(';').map((part) => {
    const steps = decodeNumbers(part);
    const ring: Position[] = [];
    let [x, y] = [0, 0];
    for (let at = 0; at + 1 < steps.length; at += 2) {
      x += steps[at] ?? 0;
      y += steps[at + 1] ?? 0;
      ring.push({ longitude: x * stepDegrees, latitude: y * stepDegrees });
    }
    return ring;
  });
}

function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let [value, weight] = [0, 1];
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 63;
    value += (digit % 32) * weight;
    weight *= 32;
    if (digit >= 32) continue;
    numbers.push(value % 2 === 0 ? value / 2 : -(value + 1) / 2);
    [value, weight] = [0, 1];
  }
  return numbers;
}
