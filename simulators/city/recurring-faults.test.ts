import { describe, expect, it } from 'vitest';
import { buildInventory } from './build-inventory.ts';
import type { Fault } from './faults.ts';
import { RECURRENCES, recurringFaults } from './recurring-faults.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, OFFICE_HOURS } from './test-support.ts';

const inventory = buildInventory({ seed: 7, unitCount: 168 });
const faults = recurringFaults(inventory, 7);

function kindsOf(list: readonly Fault[]): string[] {
  return [...new Set(list.map((fault) => fault.kind))].sort();
}

describe('faults that recur', () => {
  it('are of nearly every kind on each day, and every day differs', () => {
    const days = Array.from({ length: 60 }, (_, day) => {
      const fromMs = OFFICE_HOURS + day * DAY_MS;
      return faults.between(fromMs, fromMs + DAY_MS).filter((fault) => fault.fromMs >= fromMs);
    });
    for (const day of days) expect(kindsOf(day).length).toBeGreaterThanOrEqual(8);
    expect(kindsOf(days.slice(0, 3).flat())).toEqual(Object.keys(RECURRENCES).sort());
    const shapes = days.map((day) => day.map(({ kind, target }) => `${kind} ${target}`).join());
    expect(new Set(shapes).size).toBe(days.length);
  });

  it('are about as many as planned, for any size of the city', () => {
    const spanMs = 30 * DAY_MS;
    for (const unitCount of [40, 168]) {
      const city = buildInventory({ seed: 3, unitCount });
      const found = recurringFaults(city, 3).between(OFFICE_HOURS, OFFICE_HOURS + spanMs);
      const cuts = found.filter((fault) => fault.kind === 'site_power_cut').length;
      const planned = spanMs / (RECURRENCES.site_power_cut.everyMinutes * MINUTE_MS);
      expect(cuts / planned).toBeGreaterThan(0.8);
      expect(cuts / planned).toBeLessThan(1.25);
    }
  });

  it('are the same for the same seed, and differ for another', () => {
    const ask = (seed: number): readonly Fault[] =>
      recurringFaults(inventory, seed).between(OFFICE_HOURS, OFFICE_HOURS + DAY_MS);
    expect(ask(7)).toEqual(ask(7));
    expect(ask(8)).not.toEqual(ask(7));
  });

  it('are the same in the list and by target, in any order of calls', () => {
    const list = faults.between(OFFICE_HOURS, OFFICE_HOURS + DAY_MS);
    expect(list.length).toBeGreaterThan(100);
    for (const fault of [...list].reverse()) {
      const track = faults.track(fault.kind, fault.target);
      expect(track.at(fault.fromMs)).toEqual(fault);
      expect(track.at(fault.toMs - 1)).toEqual(fault);
      expect(track.at(fault.fromMs - 1)).toBeUndefined();
      expect(track.at(fault.toMs)).toBeUndefined();
      expect(track.endedBy(fault.toMs)).toEqual(fault);
      expect(track.endedBy(fault.toMs - 1)?.toMs).toBeLessThan(fault.fromMs);
    }
  });

  it('do not occur at targets of another kind', () => {
    const track = faults.track('site_power_cut', 'hub-01');
    expect(track.endedBy(OFFICE_HOURS + 1_000 * DAY_MS)).toBeUndefined();
  });

  it('are left out in a quiet span, and only there', () => {
    const quiet = { fromMs: OFFICE_HOURS, toMs: OFFICE_HOURS + MINUTE_MS };
    const quieter = recurringFaults(inventory, 7, quiet);
    expect(quieter.between(quiet.fromMs, quiet.toMs)).toEqual([]);
    const touches = (fault: Fault): boolean => fault.fromMs < quiet.toMs && fault.toMs > quiet.fromMs;
    const [fromMs, toMs] = [OFFICE_HOURS - 6 * HOUR_MS, OFFICE_HOURS + 6 * HOUR_MS];
    const spared = faults.between(fromMs, toMs).filter(touches);
    expect(spared.length).toBeGreaterThan(0);
    expect(quieter.between(fromMs, toMs)).toEqual(
      faults.between(fromMs, toMs).filter((fault) => !touches(fault)),
    );
    for (const { kind, target, toMs: endMs } of spared)
      expect(quieter.track(kind, target).endedBy(endMs)?.toMs).toBeLessThan(quiet.fromMs);
  });
});
