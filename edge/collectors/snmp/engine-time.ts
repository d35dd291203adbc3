import type { Conversation } from '../../protocols/snmp/conversation.ts';
import { toNumber } from '../../protocols/snmp/value.ts';

/** snmpEngineTime (SNMP-FRAMEWORK-MIB, RFC 3411): seconds since the SNMP engine started; does not wrap within 68 years. */
const ENGINE_TIME = '1.3.6.1.6.3.10.2.1.3';
const TICKS_PER_S = 100;

/** In the unit of sysUpTime; undefined: the device does not have it. */
export async function readEngineTicks(
  conversation: Pick<Conversation, 'column'>,
): Promise<number | undefined> {
  const { cells } = await conversation.column(ENGINE_TIME);
  const [cell] = cells.values();
  const seconds = toNumber(cell?.value);
  return seconds === undefined ? undefined : seconds * TICKS_PER_S;
}
