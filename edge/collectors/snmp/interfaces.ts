import type { Cell } from '../../protocols/snmp/conversation.ts';
import type { InterfaceColumn, InterfaceTable } from './interface-table.ts';
import { COUNTERS, faults, Growth, traffic, type Counts } from './growth.ts';
import { sinceLastChangeS } from './last-change.ts';
import { speedBitsPerS } from './port-speed.ts';
import { presentFields, UniqueNames, type Reading } from './reading.ts';
import { toCounter, toNumber, toText } from '../../protocols/snmp/value.ts';

type Row = Partial<Record<InterfaceColumn, Cell>>;

/** A port at the previous poll. */
interface Port {
  readonly index: string;
  readonly counts: Counts;
  readonly discontinuity: number | undefined;
  readonly wasUp: boolean;
  /** ifType, which is only read in slow polls. */
  readonly type: number | undefined;
  /** ifLastChange of a port that is down and not in use. */
  readonly unusedSince: number | undefined;
}

/** Ports by name: an index may stand for another port after a restart. */
export type PortMemory = ReadonlyMap<string, Port>;

export interface Interfaces {
  /** By ifIndex, which is valid for this poll only. */
  readonly readings: ReadonlyMap<string, Reading>;
  readonly memory: PortMemory;
}

/** ifOperStatus and ifAdminStatus. */
const UP = 1;
/** A port that has been down for longer when we first see it counts as unused. */
const FORGOTTEN_AFTER_S = 7 * 86_400;

/** ifType softwareLoopback and tunnel: their speed (10 Mbit/s, 9 kbit/s) is no limit. */
const WITHOUT_SPEED: readonly (number | undefined)[] = [24, 131];

/** After a restart: counters restart, but a port that was up is still expected to be up. Pure. */
export function forgetCounts(memory: PortMemory): PortMemory {
  return new Map([...memory].map(([name, port]) => [name, { ...port, counts: new Map() }]));
}

/** Measurement `interface`: a reading a port, with rates since the previous poll. Pure. */
export function interfaceReadings(
  { rows, incomplete }: InterfaceTable,
  before: PortMemory,
  engineTicks?: number,
): Interfaces {
  const readings = new Map<string, Reading>();
  const memory = new Map<string, Port>(incomplete.has('name') ? before : []);
  const names = new UniqueNames();
  for (const [index, row] of rows) {
    const name = portName(row, index, incomplete.has('name'));
    if (name === undefined) continue;
    const unique = names.name(name, index);
    const port = portReading({ name: unique, index, row, engineTicks }, before.get(unique));
    readings.set(index, port.reading);
    memory.set(unique, port.memory);
  }
  return { readings, memory };
}

/** undefined: the name could not be read this time; any other name would start a new series. */
function portName(row: Row, index: string, isIncomplete: boolean): string | undefined {
  const name = toText(row.name?.value);
  if (name !== undefined || isIncomplete) return name;
  return toText(row.description?.value) ?? `#${index}`;
}

interface PortRow {
  readonly name: string;
  readonly index: string;
  readonly row: Row;
  readonly engineTicks: number | undefined;
}

function portReading(
  { name, index, row, engineTicks }: PortRow,
  before: Port | undefined,
): { reading: Reading; memory: Port } {
  const type = toNumber(row.type?.value) ?? before?.type;
  const speed = WITHOUT_SPEED.includes(type) ? undefined : portSpeed(row);
  const discontinuity = toNumber(row.discontinuity?.value);
  // Another index without a restart: the port and its counters were created again.
  const isSame = before?.discontinuity === discontinuity && before?.index === index;
  const known: Counts = isSame ? before.counts : new Map();
  const counts = countsOf(row, known);
  const growth = new Growth(known, counts, speed);
  const operStatus = status(row.operStatus, 7);
  const adminStatus = status(row.adminStatus, 3);
  const wasUp = adminStatus === UP && (operStatus === UP || before?.wasUp === true);
  const alias = toText(row.alias?.value);
  const sinceChangeS = sinceLastChangeS(row.lastChange, engineTicks);
  const changedAt = toNumber(row.lastChange?.value);
  const isUsed =
    operStatus === UP || wasUp || (!isStillUnused(before, changedAt) && wasUsed(row, sinceChangeS));
  const reading = {
    measurement: 'interface',
    tags: { interface: name, ...(alias !== undefined && { alias }) },
    fields: presentFields({
      oper_status: operStatus,
      admin_status: adminStatus,
      in_use: operStatus === undefined ? undefined : isUsed,
      speed_mbps: speed === undefined ? undefined : speed / 1e6,
      ...traffic(growth, speed),
      ...faults(growth),
      last_change_s: sinceChangeS,
      description: toText(row.description?.value),
    }),
  };
  return {
    reading,
    memory: { index, counts, discontinuity, wasUp, type, unusedSince: isUsed ? undefined : changedAt },
  };
}

function portSpeed({ highSpeed, speed }: Row): number | undefined {
  return speedBitsPerS({ ifHighSpeed: toNumber(highSpeed?.value), ifSpeed: toNumber(speed?.value) });
}

function status(cell: Cell | undefined, max: number): number | undefined {
  const value = toNumber(cell?.value);
  return value !== undefined && value >= 1 && value <= max ? value : undefined;
}

/**
 * Whether a port that is down and that we have not seen up should be up: it has carried traffic and went down recently. Many
 * ports are enabled but never connected, which is no fault.
 */
function wasUsed(row: Row, downForS: number | undefined): boolean {
  if ([row.inOctets, row.outOctets].every((cell) => (toNumber(cell?.value) ?? 0) === 0)) return false;
  return downForS === undefined || downForS <= FORGOTTEN_AFTER_S;
}

/** A port that has not changed since stays unused, also when after a wrap of sysUpTime its last change looks recent. */
function isStillUnused(before: Port | undefined, changedAt: number | undefined): boolean {
  return changedAt !== undefined && changedAt !== 0 && before?.unusedSince === changedAt;
}

/** A counter that could not be read keeps its previous value: rates use the device's own time between both. */
function countsOf(row: Row, before: Counts): Counts {
  const counts = new Map(before);
  for (const name of COUNTERS) {
    const counter = toCounter(row[name]?.value);
    const ticks = row[name]?.ticks;
    if (counter !== undefined && ticks !== undefined)
      counts.set(name, { value: counter.value, bits: counter.bits, ticks });
  }
  return counts;
}
