import { expect, it } from 'vitest';
import { moveBox, zoomBox, zoomOf } from './view-box.ts';

const WHOLE = { x: -50, y: -100, width: 100, height: 200 };

it('zooms so that what is under the pointer stays there, and not beyond the whole', () => {
  const nearer = zoomBox(WHOLE, WHOLE, 2, { x: 0, y: 0 });
  expect(nearer).toEqual({ x: -25, y: -50, width: 50, height: 100 });
  expect(zoomOf(nearer, WHOLE)).toBe(2);
  expect(zoomBox(nearer, WHOLE, 0.1, { x: 9, y: 9 })).toEqual(WHOLE);
  expect(zoomOf(zoomBox(WHOLE, WHOLE, 1_000, { x: 0, y: 0 }), WHOLE)).toBe(16);
});

it('moves within the whole', () => {
  const nearer = zoomBox(WHOLE, WHOLE, 2, { x: 0, y: 0 });
  expect(moveBox(nearer, WHOLE, { x: 5, y: -500 })).toEqual({ x: -20, y: -100, width: 50, height: 100 });
});
