import type { Cell } from '../../protocols/snmp/conversation.ts';
import { toNumber } from '../../protocols/snmp/value.ts';
import type { InterfaceTable } from './interface-table.ts';
import { WRAP_TICKS } from './uptime.ts';

const TICKS_PER_S = 100;
/** A change while the answer is made, or clocks of one device that differ a little. */
const JUST_NOW_TICKS = 60 * TICKS_PER_S;
/** An SNMP engine that started with the device is at most this much younger than its sysUpTime. */
const ENGINE_TOLERANCE_TICKS = 3_600 * TICKS_PER_S;

/** A port changed later than now: sysUpTime started again at 0 since, or the clocks of the device differ. Pure. */
export function hasFutureChange({ rows }: InterfaceTable): boolean {
  return [...rows.values()].some(({ lastChange }) => {
    const ticks = ticksOf(lastChange);
    return ticks !== undefined && ticks.changed > ticks.now + JUST_NOW_TICKS;
  });
}

/**
 * Seconds since ifLastChange (RFC 2863), over one wrap of sysUpTime; undefined: not known. 0 stands also for agents that do
 * not support it. `engineTicks`: snmpEngineTime, where it is known: it proves that there was no wrap. Pure.
 */
export function sinceLastChangeS(
  lastChange: Cell | undefined,
  engineTicks: number | undefined,
): number | undefined {
  const ticks = ticksOf(lastChange);
  if (ticks === undefined) return undefined;
  const { changed, now } = ticks;
  if (changed <= now + JUST_NOW_TICKS) return Math.max(0, now - changed) / TICKS_PER_S;
  const isYoung = engineTicks !== undefined && Math.abs(engineTicks - now) <= ENGINE_TOLERANCE_TICKS;
  return isYoung ? undefined : (now - changed + WRAP_TICKS) / TICKS_PER_S;
}

function ticksOf(cell: Cell | undefined): { readonly changed: number; readonly now: number } | undefined {
  const changed = toNumber(cell?.value);
  const now = cell?.ticks;
  return changed === undefined || changed === 0 || now === undefined ? undefined : { changed, now };
}
