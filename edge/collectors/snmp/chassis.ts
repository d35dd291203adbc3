import type { Conversation } from '../../protocols/snmp/conversation.ts';
import { toMacOrText, toNumber, toText } from '../../protocols/snmp/value.ts';

/** LLDP-MIB (IEEE 802.1AB): lldpLocChassisIdSubtype and lldpLocChassisId. */
const TYPE = '1.0.8802.1.1.2.1.3.1';
const CHASSIS = '1.0.8802.1.1.2.1.3.2';
/** LldpChassisIdSubtype macAddress. */
const MAC = 4;

/** As neighbours see it in their LLDP tables; undefined: the device has no LLDP. */
export async function readChassis(
  conversation: Pick<Conversation, 'column'>,
): Promise<{ readonly chassis: string | undefined; readonly error?: Error | undefined }> {
  const { cells, error } = await conversation.column(CHASSIS);
  const [value] = [...cells.values()].map((cell) => cell.value);
  if (value === undefined) return { chassis: undefined, error };
  const type = await conversation.column(TYPE);
  const [subtype] = [...type.cells.values()].map((cell) => toNumber(cell.value));
  return { chassis: subtype === MAC ? toMacOrText(value) : toText(value), error: type.error };
}
