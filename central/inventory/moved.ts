import type { Inventory } from './inventory.ts';

type Placed = Pick<Inventory, 'devices' | 'agents'>;

/** Devices and agents that are at another site or unit, or in only one of the two inventories. Pure. */
export function movedBetween(before: Placed, now: Placed): ReadonlySet<string> {
  const moved = new Set<string>();
  for (const kind of ['devices', 'agents'] as const) {
    for (const id of new Set([...before[kind].keys(), ...now[kind].keys()])) {
      const [was, is] = [before[kind].get(id), now[kind].get(id)];
      if (was?.site !== is?.site || was?.unit !== is?.unit) moved.add(id);
    }
  }
  return moved;
}
