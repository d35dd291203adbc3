import type { Conversation } from '../../protocols/snmp/conversation.ts';
import { toNumber, toText } from '../../protocols/snmp/value.ts';

/** SNMPv2-MIB (RFC 3418), system group. */
const DESCRIPTION = '1.3.6.1.2.1.1.1.0';
const OBJECT_ID = '1.3.6.1.2.1.1.2.0';
const UP_TIME = '1.3.6.1.2.1.1.3.0';
const NAME = '1.3.6.1.2.1.1.5.0';
const TICKS_PER_S = 100;

/** Identity of a device. */
export interface System {
  readonly description: string | undefined;
  /** sysObjectID, dotted; empty if not sent. */
  readonly objectId: string;
  readonly uptimeS: number | undefined;
  readonly name: string | undefined;
}

/** One GET; every poll begins with it. */
export async function readSystem(conversation: Conversation): Promise<System> {
  const values = await conversation.get([DESCRIPTION, OBJECT_ID, UP_TIME, NAME]);
  const objectId = values.get(OBJECT_ID);
  const upTime = toNumber(values.get(UP_TIME));
  return {
    description: toText(values.get(DESCRIPTION)),
    objectId: typeof objectId === 'string' ? objectId : '',
    uptimeS: upTime === undefined ? undefined : Math.floor(upTime / TICKS_PER_S),
    name: toText(values.get(NAME)),
  };
}

/** An uptime, and when by our clock it was read. */
export interface UptimeReading {
  readonly uptimeS: number;
  readonly atMs: number;
}

/**
 * Whether a device restarted in between: its uptime is smaller, or has grown by far less than the time that passed, as
 * when it restarts soon after a restart. Pure.
 */
export function hasRestarted(before: UptimeReading, now: UptimeReading): boolean {
  const passedS = (now.atMs - before.atMs) / 1_000;
  return now.uptimeS - before.uptimeS < passedS / 2 - 1;
}
