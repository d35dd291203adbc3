import type { Point } from './cells.ts';
import type { Box } from './project.ts';

/** How far in a map may be looked at: a sixteenth of it. */
const MOST_ZOOM = 16;

/** The part of `whole` that is shown after zooming by `factor` (above 1: nearer), with `around` staying where it is. Pure. */
export function zoomBox(shown: Box, whole: Box, factor: number, around: Point): Box {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, (whole.width / shown.width) * factor));
  const [width, height] = [whole.width / zoom, whole.height / zoom];
  const ratio = width / shown.width;
  return withinWhole(
    { width, height, x: around.x - (around.x - shown.x) * ratio, y: around.y - (around.y - shown.y) * ratio },
    whole,
  );
}

/** Pure. */
export function moveBox(shown: Box, whole: Box, by: Point): Box {
  return withinWhole({ ...shown, x: shown.x + by.x, y: shown.y + by.y }, whole);
}

/** How near: 1 shows all. Pure. */
export function zoomOf(shown: Box, whole: Box): number {
  return whole.width / shown.width;
}

function withinWhole(box: Box, whole: Box): Box {
  const keep = (from: number, size: number, start: number, all: number): number =>
    Math.min(Math.max(from, start), start + all - size);
  return {
    ...box,
    x: keep(box.x, box.width, whole.x, whole.width),
    y: keep(box.y, box.height, whole.y, whole.height),
  };
}
