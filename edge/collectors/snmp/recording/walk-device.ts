import type { Clock } from '../../../../runtime/clock.ts';
import { messageOf } from '../../../../runtime/errors.ts';
import { AnswerSize } from '../../../protocols/snmp/answer-size.ts';
import { compareOids, isAtOrBelow } from '../../../protocols/snmp/oid.ts';
import { isException, SnmpError, type SnmpSession, type Varbind } from '../../../protocols/snmp/session.ts';

/** An object with its value. */
export type Recorded = Varbind & { readonly value: NonNullable<Varbind['value']> };

/** What is walked: MIB-2, LLDP and the makers' own objects. */
const ROOTS = ['1.0.8802.1.1', '1.3.6.1.2.1', '1.3.6.1.4.1'];

/**
 * Left out: they name what hangs on the device and what runs on it (addresses, stations, routes, connections, command lines), are long,
 * and no profile reads them.
 */
const LEFT_OUT = [
  '1.3.6.1.2.1.3', // at: ARP
  ...['21', '22', '24', '32', '34', '35', '37', '39'].map((arc) => `1.3.6.1.2.1.4.${arc}`), // routes, ARP, IPv6 addresses
  ...['13', '19', '20'].map((arc) => `1.3.6.1.2.1.6.${arc}`), // TCP connections
  ...['5', '7'].map((arc) => `1.3.6.1.2.1.7.${arc}`), // UDP listeners
  ...['4', '5', '6'].map((arc) => `1.3.6.1.2.1.16.${arc}`), // RMON: stations and who speaks with whom
  '1.3.6.1.2.1.17.4.3', // forwarding tables
  '1.3.6.1.2.1.17.5',
  '1.3.6.1.2.1.17.7.1.2',
  ...['4', '5', '6'].map((arc) => `1.3.6.1.2.1.25.${arc}`), // processes, installed software
  '1.3.6.1.2.1.31.1.4', // ifRcvAddressTable
  '1.3.6.1.2.1.55', // IPV6-MIB
  '1.3.6.1.4.1.8072.1', // net-snmp: its own configuration, scripts and their output
  '1.3.6.1.4.1.2021.2', // processes and scripts of UCD-SNMP-MIB
  '1.3.6.1.4.1.2021.8',
];

export interface WalkLimits {
  readonly maxObjects: number;
  readonly maxBytes: number;
  /** Of the whole walk. */
  readonly timeoutMs: number;
}

export interface Walked {
  readonly objects: readonly Recorded[];
  /** Why there may be more; undefined: that is all. */
  readonly problem: string | undefined;
}

const ANSWER_SIZE = { start: 20, most: 50 };
const RETRIES = 2;
const OBJECT_BYTES = 64;

/** Reads the whole of a device within limits, one request at a time; what was read before a problem is kept. Never rejects. */
export async function walkDevice(
  session: SnmpSession,
  { maxObjects, maxBytes, timeoutMs }: WalkLimits,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Walked> {
  const endMs = clock.monotonicMs() + timeoutMs;
  const objects: Recorded[] = [];
  const size = new AnswerSize(ANSWER_SIZE);
  let bytes = 0;
  const walkRoot = async (root: string): Promise<string | undefined> => {
    for (let last = root; ;) {
      if (clock.monotonicMs() >= endMs) return `not done within ${Math.round(timeoutMs / 1_000)} s`;
      const answer = await ask(session, last, size, signal);
      for (const varbind of answer) {
        const { oid, value } = varbind;
        if (isException(varbind) || !isAtOrBelow(root, oid)) return undefined;
        if (compareOids(oid, last) <= 0) return `its OIDs do not increase after ${last}`;
        const left = LEFT_OUT.find((prefix) => isAtOrBelow(prefix, oid));
        last = left === undefined ? oid : `${left}.4294967295`;
        if (left !== undefined) break;
        if (value === undefined) continue;
        bytes += OBJECT_BYTES + oid.length + (Buffer.isBuffer(value) ? value.length : 0);
        if (objects.length >= maxObjects || bytes > maxBytes) return `more than ${objects.length} objects`;
        objects.push({ ...varbind, value });
      }
      if (answer.length === 0) return 'an empty answer';
    }
  };
  for (const root of ROOTS) {
    const problem = await walkRoot(root).catch((error: unknown) => messageOf(error));
    if (problem !== undefined) return { objects, problem: `below ${root}: ${problem}` };
  }
  return { objects, problem: undefined };
}

async function ask(
  session: SnmpSession,
  last: string,
  size: AnswerSize,
  signal: AbortSignal,
): Promise<readonly Varbind[]> {
  for (let lost = 0; ;) {
    const maxRepetitions = size.values;
    try {
      const answer = await session.getBulk({ nonRepeaters: [], repeaters: [last], maxRepetitions }, signal);
      size.grow(maxRepetitions);
      return answer;
    } catch (error) {
      const code = error instanceof SnmpError ? error.code : undefined;
      if (code === 'too-big' && size.shrink(maxRepetitions)) continue;
      if (code !== 'timeout' || lost++ === RETRIES) throw error;
      size.lose(maxRepetitions);
    }
  }
}
