import { peekHeader, readRecord, RECORD_HEADER_BYTES, type RecordHeader, type RecordRow } from './record.ts';

/** More than one group commit holds: damage of this size at the end of a file is no torn tail. */
export const MAX_TORN_BYTES = 2.5 * 1024 * 1024;
/** Longest run of seqs that were assigned but never written, because the disk was full. */
const MAX_SEQ_GAP = 1_000_000;
/** A damaged header with more points than this is not trusted. */
const MAX_CREDIBLE_POINTS = 100_000;

/** Bytes `start`…`end` that are no record, and the seqs `from`…`to` that were in them (none when `to` < `from`). */
export interface Damage {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
  /** From readable headers; 0: unknown. */
  readonly points: number;
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
}

export interface Scan {
  readonly rows: readonly RecordRow[];
  readonly damage: readonly Damage[];
  /** Where the last intact record ends. */
  readonly intactEnd: number;
}

export interface ScanLimits {
  readonly seed: number;
  /** The segment's base: no record is below it. */
  readonly firstSeq: number;
  /** The next segment's base; Infinity in the newest. */
  readonly endSeq: number;
}

/** Finds every intact record, also after damage. Pure, never throws. */
export function scanSegment(bytes: Buffer, limits: ScanLimits): Scan {
  const rows: RecordRow[] = [];
  const damage: Damage[] = [];
  let at = 0;
  let expected = limits.firstSeq;
  while (at < bytes.length) {
    const header = readRecord(bytes, at, limits.seed);
    if (header !== undefined && header.seq >= expected) {
      // Written again in the next segment after a failed sync.
      if (header.seq >= limits.endSeq) break;
      rows.push({ ...header, offset: at });
      at += RECORD_HEADER_BYTES + header.bytes;
      expected = header.seq + 1;
      continue;
    }
    const next = findRecord(bytes, at + 1, expected, limits);
    damage.push(describe(bytes, { start: at, expected, next, endSeq: limits.endSeq }));
    if (next === undefined) break;
    at = next.offset;
  }
  const last = rows.at(-1);
  return { rows, damage, intactEnd: last === undefined ? 0 : last.offset + RECORD_HEADER_BYTES + last.bytes };
}

/** Tries every offset; the CRC is computed only for a plausible seq, so this is cheap. */
function findRecord(
  bytes: Buffer,
  from: number,
  expected: number,
  limits: ScanLimits,
): RecordRow | undefined {
  const mostSeq = Math.min(limits.endSeq - 1, expected + MAX_SEQ_GAP);
  for (let at = from; at + RECORD_HEADER_BYTES <= bytes.length; at++) {
    const seq = bytes.readUIntLE(at + 8, 6);
    if (seq < expected || seq > mostSeq) continue;
    const header = readRecord(bytes, at, limits.seed);
    if (header !== undefined) return { ...header, offset: at };
  }
  return undefined;
}

interface Gap {
  readonly start: number;
  readonly expected: number;
  readonly next: RecordRow | undefined;
  readonly endSeq: number;
}

function describe(bytes: Buffer, { start, expected, next, endSeq }: Gap): Damage {
  const end = next?.offset ?? bytes.length;
  const readable: RecordHeader[] = [];
  for (let at = start; at < end;) {
    const header = peekHeader(bytes, at);
    if (header?.seq !== expected + readable.length || header.points > MAX_CREDIBLE_POINTS) break;
    readable.push(header);
    at += RECORD_HEADER_BYTES + header.bytes;
  }
  const atMost = Math.ceil((end - start) / RECORD_HEADER_BYTES);
  const inTail = Math.max(1, end - start > MAX_TORN_BYTES ? atMost : readable.length);
  return {
    start,
    end,
    from: expected,
    to: next === undefined ? Math.min(expected + inTail, endSeq) - 1 : next.seq - 1,
    points: readable.reduce((sum, header) => sum + header.points, 0),
    firstMs: readable[0]?.firstMs,
    lastMs: readable.at(-1)?.lastMs,
  };
}
