import type { Cell, Conversation } from '../../protocols/snmp/conversation.ts';
import { readTable } from '../../protocols/snmp/table.ts';
import { roundOff, toNumber, toText } from '../../protocols/snmp/value.ts';
import { portReadings, wattsToDbm, type InterfaceTags, type OpticsField } from './optics.ts';
import type { OpticsSource, OpticsTable } from './profile.ts';
import type { Reading, TableResult } from './reading.ts';

/** ENTITY-MIB (RFC 6933): entPhysicalName; entAliasMappingIdentifier, by physical index and logical index. */
const PHYSICAL_NAME = '1.3.6.1.2.1.47.1.1.1.1.7';
const ALIAS = '1.3.6.1.2.1.47.1.3.2.1.2';
const IF_INDEX_PREFIX = '1.3.6.1.2.1.2.2.1.1.';
const WATTS_PER_MICROWATT = 1e-6;

/** Readings of `interface` from a maker's table of transceivers. `ports`: the interfaces by ifIndex. */
export async function readOpticsTable(
  conversation: Pick<Conversation, 'column'>,
  table: OpticsTable,
  ports: ReadonlyMap<string, Reading>,
): Promise<TableResult> {
  const oids = Object.fromEntries(Object.entries(table.fields).map(([name, { oid }]) => [name, oid]));
  const { rows, error } = await readTable(conversation, oids, Object.keys(oids)[0]);
  if (rows.size === 0) return { readings: [], error };
  const tags: InterfaceTags = new Map(
    [...ports.values()].map((port) => [port.tags['interface'] ?? '', port.tags]),
  );
  const nameOf = await portNames(conversation, table, ports);
  const byPort = new Map(
    [...rows].flatMap(([index, row]) => {
      const port = nameOf(index);
      return port === undefined ? [] : [[port, fieldsOf(table, row)] as const];
    }),
  );
  return { readings: portReadings(byPort, tags), error };
}

function fieldsOf(
  { fields }: OpticsTable,
  row: Readonly<Partial<Record<string, Cell>>>,
): Partial<Record<OpticsField, number | undefined>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, source]) => [name, valueOf(row[name], source)]),
  );
}

function valueOf(
  cell: Cell | undefined,
  { scale = 1, absent = [], positiveIsMicrowatts }: OpticsSource,
): number | undefined {
  const value = toNumber(cell?.value);
  if (value === undefined || absent.includes(value)) return undefined;
  if (positiveIsMicrowatts === true && value > 0) return wattsToDbm(value * WATTS_PER_MICROWATT);
  return roundOff(value * scale);
}

/** The name of the port to which a row belongs. */
async function portNames(
  conversation: Pick<Conversation, 'column'>,
  { index }: OpticsTable,
  ports: ReadonlyMap<string, Reading>,
): Promise<(row: string) => string | undefined> {
  const byIfIndex = (ifIndex: string): string | undefined => ports.get(ifIndex)?.tags['interface'];
  if (index === 'ifIndex') return byIfIndex;
  const aliases = await conversation.column(ALIAS);
  const names = await conversation.column(PHYSICAL_NAME);
  const ifIndexes = new Map(
    [...aliases.cells].flatMap(([key, { value }]) => {
      if (typeof value !== 'string' || !value.startsWith(IF_INDEX_PREFIX)) return [];
      return [[key.split('.')[0] ?? '', value.slice(IF_INDEX_PREFIX.length)] as const];
    }),
  );
  return (row) => byIfIndex(ifIndexes.get(row) ?? '') ?? toText(names.cells.get(row)?.value);
}
