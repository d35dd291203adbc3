import { expect, it } from 'vitest';
import { placeFields } from './unit-state.ts';

const EXTRAS = { alerts: undefined, inMaintenance: 0, completeness: undefined, radio: undefined };
const AGENTS = { live: 1, silent: 0, stopped: 0, never_seen: 0 };

function availabilityOf(up: number, down: number, unknown: number): number | undefined {
  return placeFields({ devices: { up, down, unreachable: 0, unknown }, agents: AGENTS }, EXTRAS)[
    'availability_pct'
  ];
}

it('availability is a share of the devices that are known, and of a place where most are unknown there is none', () => {
  expect(availabilityOf(3, 1, 0)).toBe(75);
  expect(availabilityOf(2, 0, 2)).toBe(100);
  expect([availabilityOf(1, 0, 99), availabilityOf(0, 0, 5), availabilityOf(0, 0, 0)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
