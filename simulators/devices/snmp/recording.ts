import { integerBytes, oidBytes, TAG, tlv } from './ber.ts';

/** One object of an agent. Numbers are `bigint`, everything else is the bytes of the value. */
export interface Entry {
  readonly oid: readonly number[];
  readonly tag: number;
  readonly value: bigint | Buffer;
}

/** The objects of an agent in the order of their OIDs. */
export type Recording = readonly Entry[];

export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

const NUMBERS: ReadonlySet<number> = new Set([
  TAG.integer,
  TAG.counter32,
  TAG.gauge32,
  TAG.timeTicks,
  TAG.counter64,
]);
const BYTES: ReadonlySet<number> = new Set([TAG.octets, TAG.null, TAG.oid, TAG.ipAddress, TAG.opaque]);

/** Reads `.snmprec`: a line is `OID|TAG|VALUE`; an `x` after the tag marks a hexadecimal value. */
export function parseRecording(text: string, name: string): Recording {
  const entries: Entry[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const entry = parseLine(line);
    if (entry === undefined) {
      const shown = JSON.stringify(line.slice(0, 80));
      throw new RecordingError(`${name}:${index + 1}: expected OID|TAG|VALUE, got ${shown}`);
    }
    entries.push(entry);
  }
  return entries.sort((a, b) => compareOids(a.oid, b.oid));
}

/** Several parts of what one agent has. */
export function joinRecordings(...parts: readonly Recording[]): Recording {
  return parts.flat().sort((a, b) => compareOids(a.oid, b.oid));
}

function parseLine(line: string): Entry | undefined {
  const match = /^([0-9.]+)\|(\d+)(x?)\|(.*)$/s.exec(line);
  if (match === null) return undefined;
  const [, oidText = '', tagText, hex, text = ''] = match;
  const oid = parseOid(oidText);
  const tag = Number(tagText);
  if (NUMBERS.has(tag)) return /^-?\d+$/.test(text) ? { oid, tag, value: BigInt(text) } : undefined;
  if (!BYTES.has(tag)) return undefined;
  if (hex === 'x') return { oid, tag, value: Buffer.from(text, 'hex') };
  if (tag === TAG.oid) return { oid, tag, value: oidBytes(parseOid(text)) };
  if (tag === TAG.ipAddress) return { oid, tag, value: Buffer.from(text.split('.').map(Number)) };
  return { oid, tag, value: Buffer.from(text, 'utf8') };
}

export function parseOid(text: string): number[] {
  return text
    .split('.')
    .filter((arc) => arc !== '')
    .map(Number);
}

export function compareOids(a: readonly number[], b: readonly number[]): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Index of the first entry at `oid` or after it; with `after`, strictly after it. */
export function findEntry(recording: Recording, oid: readonly number[], after: boolean): number {
  let low = 0;
  let high = recording.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareOids(recording[middle]?.oid ?? [], oid);
    if (order < 0 || (after && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function encodeVarbind(entry: Entry): Buffer {
  const content = typeof entry.value === 'bigint' ? integerBytes(entry.value) : entry.value;
  return tlv(TAG.sequence, tlv(TAG.oid, oidBytes(entry.oid)), tlv(entry.tag, content));
}
