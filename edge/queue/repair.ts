import { join } from 'node:path';
import { codeOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { replaceFile, type Disk } from './disk.ts';
import type { SetAsideFiles } from './set-aside-files.ts';
import { RECORD_HEADER_BYTES, type RecordRow } from './record.ts';
import { MAX_TORN_BYTES, scanSegment, type Damage, type Scan } from './scan.ts';
import { Segment, type SegmentName } from './segment.ts';

/** After other errors (too many open files, no permission) the data may be intact: the queue does not open. */
const UNREADABLE_CODES = new Set(['EIO', 'ENOENT', 'EISDIR', 'EUCLEAN', 'EBADMSG']);
const UNKNOWN_SEGMENT_BYTES = 4 * 1024 * 1024;

export interface RepairDeps {
  readonly disk: Disk;
  readonly directory: string;
  readonly setAsideFiles: SetAsideFiles;
  readonly log: Logger;
}

export interface RepairedSegment {
  readonly segment: Segment;
  readonly damage: readonly Damage[];
  /** More than a torn tail. */
  readonly isDamaged: boolean;
}

/**
 * Reads one segment, removes damaged bytes from the file and returns its index. An unreadable file is moved to
 * quarantine. When the repair fails, the index omits the damage and the next open tries again.
 */
export async function openSegment(
  name: SegmentName,
  limits: { readonly seed: number; readonly endSeq: number },
  deps: RepairDeps,
): Promise<RepairedSegment> {
  const segment = new Segment(deps.directory, name.epoch, name.base);
  let bytes: Buffer;
  try {
    bytes = await deps.disk.readWhole(segment.file);
  } catch (error) {
    if (!UNREADABLE_CODES.has(codeOf(error) ?? '')) throw error;
    deps.log.error({ file: segment.file, err: error }, 'queue segment cannot be read');
    const damage = await describeUnread(segment, limits.endSeq, deps.disk);
    await deps.setAsideFiles.moveIn(segment.file);
    return { segment, damage: [damage], isDamaged: true };
  }
  const scan = scanSegment(bytes, { ...limits, firstSeq: name.base });
  const rows = await repair(segment, bytes, scan, deps);
  for (const row of rows) segment.add(row);
  return { segment, damage: scan.damage, isDamaged: !isTornTail(scan) };
}

/** The most seqs that the file can have held: too many are only declared lost, too few would be used twice. */
async function describeUnread(segment: Segment, endSeq: number, disk: Disk): Promise<Damage> {
  const end = await disk.sizeOf(segment.file).catch(() => UNKNOWN_SEGMENT_BYTES);
  const to = Math.min(segment.base + Math.ceil(end / RECORD_HEADER_BYTES), endSeq) - 1;
  return { start: 0, end, from: segment.base, to, points: 0, firstMs: undefined, lastMs: undefined };
}

async function repair(
  segment: Segment,
  bytes: Buffer,
  scan: Scan,
  deps: RepairDeps,
): Promise<readonly RecordRow[]> {
  segment.bytes = bytes.length;
  if (scan.damage.length === 0 && scan.intactEnd === bytes.length) return scan.rows;
  const context = {
    file: segment.file,
    lastIntactSeq: scan.rows.at(-1)?.seq,
    badBytes: bytes.length - scan.intactEnd,
  };
  try {
    if (isTornTail(scan)) {
      deps.log.info(context, 'queue segment had a torn tail (kill or power cut during a write), truncated');
      await truncateFile(segment.file, scan.intactEnd, deps.disk);
      segment.bytes = scan.intactEnd;
      return scan.rows;
    }
    deps.log.error(
      { ...context, damage: scan.damage },
      'queue segment is damaged: bad bytes moved to quarantine',
    );
    await saveDamage(segment, bytes, scan, deps);
    const { intact, rows } = withoutDamage(bytes, scan);
    await replaceFile(deps.disk, segment.file, intact, true);
    await deps.disk.syncDirectory(deps.directory);
    segment.bytes = intact.length;
    return rows;
  } catch (error) {
    deps.log.error({ ...context, err: error }, 'queue segment could not be repaired');
    return scan.rows;
  }
}

/** Whether the only damage is an incomplete last write. */
function isTornTail(scan: Scan): boolean {
  const [first, ...more] = scan.damage;
  if (first === undefined) return true;
  return more.length === 0 && first.start === scan.intactEnd && first.end - first.start <= MAX_TORN_BYTES;
}

async function truncateFile(file: string, length: number, disk: Disk): Promise<void> {
  const handle = await disk.reopen(file);
  try {
    await handle.truncate(length);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function saveDamage(segment: Segment, bytes: Buffer, scan: Scan, deps: RepairDeps): Promise<void> {
  for (const { start, end } of scan.damage) {
    await deps.setAsideFiles.write(`segment-${segment.base}-offset-${start}`, bytes.subarray(start, end));
  }
}

function withoutDamage(bytes: Buffer, scan: Scan): { intact: Buffer; rows: readonly RecordRow[] } {
  const parts: Buffer[] = [];
  const rows: RecordRow[] = [];
  let offset = 0;
  for (const row of scan.rows) {
    const size = RECORD_HEADER_BYTES + row.bytes;
    parts.push(bytes.subarray(row.offset, row.offset + size));
    rows.push({ ...row, offset });
    offset += size;
  }
  return { intact: Buffer.concat(parts), rows };
}

/** Temporary files of an interrupted write and rename. */
export async function removeLeftovers(
  names: readonly string[],
  directory: string,
  disk: Disk,
): Promise<void> {
  for (const name of names) {
    if (name !== 'cursor.tmp' && !name.endsWith('.seg.tmp')) continue;
    await disk.remove(join(directory, name)).catch(() => undefined);
  }
}
