import { expect, it } from 'vitest';
import { hasOutlines, outlinedCells } from './outlines.ts';
import { middleOf, projectionAround } from './project.ts';

const THU_DAU_MOT = { code: '25747', longitude: 106.66051, latitude: 10.96932 };
const CON_DAO = { code: '26732', longitude: 106.6, latitude: 8.69 };
const project = projectionAround(middleOf([THU_DAU_MOT]));

it('draws a unit within its borders, some km around it', () => {
  const [cell] = outlinedCells([THU_DAU_MOT], project) ?? [];
  expect(cell).toMatchObject({ code: '25747', centre: { x: 0, y: 0 } });
  const corners = cell!.rings.flat();
  expect(corners.length).toBeGreaterThan(20);
  for (const { x, y } of corners) expect(Math.hypot(x, y)).toBeLessThan(6);
});

it('draws an archipelago as several', () => {
  const [cell] = outlinedCells([CON_DAO], projectionAround(CON_DAO)) ?? [];
  expect(cell!.rings.length).toBeGreaterThan(4);
});

it('draws no borders where one of them is not known', () => {
  expect(hasOutlines(['25747', '99999'])).toBe(false);
  expect(outlinedCells([THU_DAU_MOT, { ...CON_DAO, code: '99999' }], project)).toBeUndefined();
});
