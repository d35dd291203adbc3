import type { Conversation } from '../../protocols/snmp/conversation.ts';
import { TableReader, type Table } from '../../protocols/snmp/table.ts';

const IF = '1.3.6.1.2.1.2.2.1';
const IF_X = '1.3.6.1.2.1.31.1.1.1';

/** Read in every poll. IF-MIB (RFC 2863), ifTable and ifXTable. */
const ALWAYS = {
  name: `${IF_X}.1`,
  adminStatus: `${IF}.7`,
  operStatus: `${IF}.8`,
  lastChange: `${IF}.9`,
  speed: `${IF}.5`,
  highSpeed: `${IF_X}.15`,
  alias: `${IF_X}.18`,
  discontinuity: `${IF_X}.19`,
  inErrors: `${IF}.14`,
  outErrors: `${IF}.20`,
  inDiscards: `${IF}.13`,
  outDiscards: `${IF}.19`,
} as const;

/** 64-bit counters, then the 32-bit ones for devices without them. */
const COUNTERS = {
  inOctets: [`${IF_X}.6`, `${IF}.10`],
  outOctets: [`${IF_X}.10`, `${IF}.16`],
  inUnicast: [`${IF_X}.7`, `${IF}.11`],
  inMulticast: [`${IF_X}.8`, `${IF_X}.2`, `${IF}.12`],
  inBroadcast: [`${IF_X}.9`, `${IF_X}.3`],
  outUnicast: [`${IF_X}.11`, `${IF}.17`],
  outMulticast: [`${IF_X}.12`, `${IF_X}.4`, `${IF}.18`],
  outBroadcast: [`${IF_X}.13`, `${IF_X}.5`],
} as const;

const DESCRIPTION = `${IF}.2`;
const TYPE = `${IF}.3`;

export type InterfaceColumn = keyof typeof ALWAYS | keyof typeof COUNTERS | 'description' | 'type';
export type InterfaceTable = Table<InterfaceColumn>;

/** ifTable and ifXTable by column; 32-bit counters only when some port has no others; with `isSlow` also the columns that do not change. */
export async function readInterfaceTable(
  conversation: Pick<Conversation, 'column'>,
  { isSlow }: { readonly isSlow: boolean },
): Promise<InterfaceTable> {
  const reader = new TableReader<InterfaceColumn>(conversation);
  const always = entries(ALWAYS).filter(([name]) => name !== 'name');
  const readAlways = always.map(
    ([name, oid]) =>
      () =>
        reader.read(name, oid),
  );
  const readCounters = entries(COUNTERS).map(
    ([name, oids]) =>
      () =>
        reader.read(name, ...oids),
  );
  const readTexts = isSlow
    ? [() => reader.read('description', DESCRIPTION), () => reader.read('type', TYPE)]
    : [];
  const named = await reader.read('name', ALWAYS.name);
  // All at once, so that what a deadline cuts off is asked for first next time.
  if (named > 0) await readAll([...readAlways, ...readTexts, ...readCounters]);
  else await readAll(readAlways);
  const ports = reader.table().rows.size;
  if (named === 0 && ports > 0) await readAll([...readTexts, ...readCounters]);
  // The description replaces a missing name.
  if (!isSlow && named < ports) await reader.read('description', DESCRIPTION);
  return reader.table();
}

async function readAll(reads: readonly (() => Promise<number>)[]): Promise<void> {
  await Promise.all(reads.map((read) => read()));
}

function entries<Name extends string, Value>(record: Readonly<Record<Name, Value>>): [Name, Value][] {
  return Object.entries(record) as [Name, Value][];
}
