import type { Conversation } from '../../protocols/snmp/conversation.ts';
import { toNumber, toText } from '../../protocols/snmp/value.ts';

/** SNMPv2-MIB (RFC 3418), system group. */
const DESCRIPTION = '1.3.6.1.2.1.1.1.0';
const OBJECT_ID = '1.3.6.1.2.1.1.2.0';
const UP_TIME = '1.3.6.1.2.1.1.3.0';
const NAME = '1.3.6.1.2.1.1.5.0';

/** Identity of a device. */
export interface System {
  readonly description: string | undefined;
  /** sysObjectID, dotted; empty if not sent. */
  readonly objectId: string;
  /** sysUpTime, 1/100 s; starts again at 0 after 497 days. */
  readonly uptimeTicks: number | undefined;
  readonly name: string | undefined;
}

/** One GET; every poll begins with it. */
export async function readSystem(conversation: Conversation): Promise<System> {
  const values = await conversation.get([DESCRIPTION, OBJECT_ID, UP_TIME, NAME]);
  const objectId = values.get(OBJECT_ID);
  return {
    description: toText(values.get(DESCRIPTION)),
    objectId: typeof objectId === 'string' ? objectId : '',
    uptimeTicks: toNumber(values.get(UP_TIME)),
    name: toText(values.get(NAME)),
  };
}
