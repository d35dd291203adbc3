import { expect, it } from 'vitest';
import { boxAround, middleOf, pathOfCell, projectionAround, splitIslands } from './project.ts';

const THU_DAU_MOT = { code: '25747', longitude: 106.66051, latitude: 10.96932, areaKm2: 15.68 };
const PHU_LOI = { code: '25750', longitude: 106.67927, latitude: 10.98473, areaKm2: 17.96 };
const VUNG_TAU = { code: '26506', longitude: 107.08303, latitude: 10.37, areaKm2: 33 };
const BA_RIA = { code: '26560', longitude: 107.17, latitude: 10.5, areaKm2: 30 };
const CON_DAO = { code: '26732', longitude: 106.6, latitude: 8.69, areaKm2: 76 };

it('has km to the east and the south', () => {
  const project = projectionAround(THU_DAU_MOT);
  const { x, y } = project(PHU_LOI);
  expect(x).toBeCloseTo(2.05, 1);
  expect(y).toBeCloseTo(-1.72, 1);
  expect(project(THU_DAU_MOT)).toEqual({ x: 0, y: 0 });
});

it('puts Côn Đảo into a frame of its own, not Vũng Tàu', () => {
  const { mainland, islands } = splitIslands([THU_DAU_MOT, PHU_LOI, VUNG_TAU, BA_RIA, CON_DAO]);
  expect(islands).toEqual([CON_DAO]);
  expect(mainland).toHaveLength(4);
});

it('makes no island of a small city, and a map of an empty one', () => {
  expect(splitIslands([THU_DAU_MOT, CON_DAO]).islands).toEqual([]);
  expect(middleOf([])).toEqual({ longitude: 0, latitude: 0 });
  expect(boxAround([], 1)).toEqual({ x: -1, y: -1, width: 2, height: 2 });
});

it('writes an outline, and none of what has no land', () => {
  const centre = { x: 0, y: 0 };
  const corners = [centre, { x: 1, y: 0 }, { x: 1, y: 1.239 }];
  expect(pathOfCell({ code: 'a', centre, rings: [corners, corners] })).toBe(
    'M0.00 0.00L1.00 0.00L1.00 1.24ZM0.00 0.00L1.00 0.00L1.00 1.24Z',
  );
  expect(pathOfCell({ code: 'a', centre, rings: [[]] })).toBe('');
});
