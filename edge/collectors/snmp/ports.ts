import type { FieldValue } from '../../../contract/sample.ts';
import type { Conversation } from '../../protocols/snmp/conversation.ts';
import { readTable } from '../../protocols/snmp/table.ts';
import { toText } from '../../protocols/snmp/value.ts';
import type { PortValues } from './profile/compiled-profile.ts';
import type { Reading, TableResult } from './reading.ts';

/** ENTITY-MIB (RFC 6933): entPhysicalName; entAliasMappingIdentifier, by physical index and logical index. */
const PHYSICAL_NAME = '1.3.6.1.2.1.47.1.1.1.1.7';
const ALIAS = '1.3.6.1.2.1.47.1.3.2.1.2';
const IF_INDEX_PREFIX = '1.3.6.1.2.1.2.2.1.1.';

type Columns = Pick<Conversation, 'column'>;

/** Readings of `interface` from a maker's table with a row for each port. `ports`: the interfaces by ifIndex. */
export async function readPortTable(
  conversation: Columns,
  { index, values }: PortValues,
  ports: ReadonlyMap<string, Reading>,
): Promise<TableResult> {
  const oids = Object.fromEntries(values.map(({ column }) => [column, column]));
  const { rows, error } = await readTable(conversation, oids, values[0]?.column);
  if (rows.size === 0) return { readings: [], error };
  const portOf = await portFinder(conversation, index, ports);
  const readings = [...rows].flatMap(([key, row]): Reading[] => {
    const port = portOf(key);
    const fields: Record<string, FieldValue> = {};
    for (const { field, column, read } of values) {
      const value = read(row[column]?.value);
      if (value !== undefined) fields[field] ??= value;
    }
    if (port === undefined || Object.keys(fields).length === 0) return [];
    return [{ measurement: 'interface', tags: port.tags, fields }];
  });
  return { readings, error };
}

/** The port to which a row belongs. */
async function portFinder(
  conversation: Columns,
  index: PortValues['index'],
  ports: ReadonlyMap<string, Reading>,
): Promise<(row: string) => Reading | undefined> {
  if (index === 'ifIndex') return (row) => ports.get(row);
  const aliases = await conversation.column(ALIAS);
  const names = await conversation.column(PHYSICAL_NAME);
  const byName = new Map([...ports.values()].map((port) => [port.tags['interface'], port]));
  const ifIndexes = new Map(
    [...aliases.cells].flatMap(([key, { value }]) => {
      if (typeof value !== 'string' || !value.startsWith(IF_INDEX_PREFIX)) return [];
      return [[key.split('.')[0] ?? '', value.slice(IF_INDEX_PREFIX.length)] as const];
    }),
  );
  return (row) => ports.get(ifIndexes.get(row) ?? '') ?? byName.get(toText(names.cells.get(row)?.value));
}
