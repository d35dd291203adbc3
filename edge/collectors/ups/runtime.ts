import { knownRuntime } from '../battery-runtime.ts';
import { confirmedStatus, inputVoltage } from './samples.ts';
import { batteryStatus, BATTERY_LOW, mainsOk, onBattery } from './status.ts';
import { numberOf, type Variables } from './variables.ts';

const RUNTIME = 'battery.runtime';

/** Which UPSs have reported a runtime that counts, by server and name. */
export type RuntimeMemory = Map<string, boolean>;
/** More than 32 servers with 64 UPSs each have: a server that makes up new names must not fill memory. */
const MAX_REMEMBERED = 4_096;

/** The variables without a `battery.runtime` that means nothing. Notes in the memory what was seen. */
export function withKnownRuntime(variables: Variables, key: string, memory: RuntimeMemory): Variables {
  const reported = numberOf(variables, RUNTIME);
  const status = confirmedStatus(variables) ?? new Set();
  const state = {
    onBattery: onBattery(status, mainsOk(status, inputVoltage(variables))),
    isBatteryLow: batteryStatus(status) === BATTERY_LOW,
  };
  const { runtime, counts } = knownRuntime(reported, state, memory.get(key) ?? false);
  if (memory.size >= MAX_REMEMBERED) memory.clear();
  memory.set(key, counts);
  if (runtime === reported) return variables;
  return new Map([...variables].filter(([name]) => name !== RUNTIME));
}
