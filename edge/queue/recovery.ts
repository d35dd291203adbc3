import { join } from 'node:path';
import { codeOf } from '../../runtime/errors.ts';
import { CURSOR_FILE, decodeCursor, type Cursor } from './cursor.ts';
import { HeldRecords } from './held-records.ts';
import type { OpenLoss, QueueLoss } from './loss-declarations.ts';
import { epochSeed } from './record.ts';
import { openSegment, removeLeftovers, type RepairDeps } from './repair.ts';
import type { Damage } from './scan.ts';
import { parseSegmentName, type Segment, type SegmentName, type SeqRange } from './segment.ts';
import { newEpoch } from './epoch.ts';

export interface RecoveryDeps extends RepairDeps {
  readonly nowMs: number;
}

export interface Recovered {
  readonly epoch: string;
  readonly nextSeq: number;
  readonly held: HeldRecords;
  /** Detected by this recovery: not counted and not declared yet. */
  readonly newLosses: readonly QueueLoss[];
  /** From the cursor: already counted. */
  readonly openLosses: readonly OpenLoss[];
  readonly lostBatches: number;
  readonly lostPoints: number;
  readonly damagedSegments: number;
}

/** Recovers a directory after a crash, deleted files or disk damage. Rejects when the files cannot be accessed. */
export async function recover(deps: RecoveryDeps): Promise<Recovered> {
  const names = await deps.disk.list(deps.directory);
  await removeLeftovers(names, deps.directory, deps.disk);
  const found = names.map(parseSegmentName).filter((name) => name !== undefined);
  const saved = await loadCursor(deps);
  const epoch = chooseEpoch(found, saved);
  if (epoch === undefined) return startEpoch(saved, deps);

  const foreign = found.filter((name) => name.epoch !== epoch);
  for (const { name } of foreign) {
    deps.log.error({ file: name, epoch }, 'queue segment of another epoch moved to quarantine');
    await deps.setAsideFiles.moveIn(join(deps.directory, name));
  }
  const own = found.filter((name) => name.epoch === epoch).sort((a, b) => a.base - b.base);
  const opened = await openSegments(own, epochSeed(epoch), deps);
  await makeDurable(opened.held.newest, deps);
  const cursor = saved?.epoch === epoch ? saved : undefined;
  const nextSeq = nextSeqAfter(opened, cursor);
  if (cursor !== undefined) settleDelivered(opened.held, cursor);
  return {
    epoch,
    nextSeq,
    held: opened.held,
    newLosses: findLosses(opened, cursor, nextSeq, deps.nowMs),
    openLosses: cursor?.losses ?? [],
    lostBatches: cursor?.lostBatches ?? 0,
    lostPoints: cursor?.lostPoints ?? 0,
    damagedSegments: (cursor?.damagedSegments ?? 0) + opened.damagedSegments + foreign.length,
  };
}

interface Opened {
  readonly held: HeldRecords;
  readonly damage: readonly Damage[];
  readonly damagedSegments: number;
}

async function openSegments(own: readonly SegmentName[], seed: number, deps: RecoveryDeps): Promise<Opened> {
  const held = new HeldRecords();
  const damage: Damage[] = [];
  let damagedSegments = 0;
  for (const [index, name] of own.entries()) {
    const result = await openSegment(name, { seed, endSeq: own[index + 1]?.base ?? Infinity }, deps);
    held.push(result.segment);
    damage.push(...result.damage);
    if (result.isDamaged) damagedSegments++;
  }
  return { held, damage, damagedSegments };
}

/** After a kill the tail may be in the page cache only, and a record must be durable before it is used. */
async function makeDurable(newest: Segment | undefined, deps: RecoveryDeps): Promise<void> {
  if (newest === undefined || newest.recordCount === 0) return;
  try {
    const file = await deps.disk.reopen(newest.file);
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await deps.disk.syncDirectory(deps.directory);
  } catch (error) {
    deps.log.error({ file: newest.file, err: error }, 'queue segment cannot be synced');
  }
}

async function loadCursor(deps: RecoveryDeps): Promise<Cursor | undefined> {
  const file = join(deps.directory, CURSOR_FILE);
  try {
    const cursor = decodeCursor(await deps.disk.readWhole(file));
    if (cursor === undefined)
      deps.log.warn({ file }, 'queue cursor is damaged: all batches on disk are sent again');
    return cursor;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') {
      deps.log.warn({ file, err: error }, 'queue cursor cannot be read');
    }
    return undefined;
  }
}

/** From the names of the segments. Undefined without segments: which seqs were used is unknown, so a new epoch starts. */
function chooseEpoch(found: readonly SegmentName[], cursor: Cursor | undefined): string | undefined {
  if (found.some((name) => name.epoch === cursor?.epoch)) return cursor?.epoch;
  const highestFirst = [...found].sort((a, b) => b.base - a.base);
  return highestFirst[0]?.epoch;
}

function startEpoch(saved: Cursor | undefined, deps: RecoveryDeps): Recovered {
  const epoch = newEpoch();
  if (saved !== undefined) {
    deps.log.error(
      { directory: deps.directory, oldEpoch: saved.epoch, pending: saved.pending, epoch },
      'queue segments are missing: a new epoch starts',
    );
  }
  return {
    epoch,
    nextSeq: 1,
    held: new HeldRecords(),
    newLosses: [],
    openLosses: [],
    lostBatches: 0,
    lostPoints: 0,
    damagedSegments: 0,
  };
}

/** Above every seq that may have been used, including damaged and torn records. */
function nextSeqAfter({ held, damage }: Opened, cursor: Cursor | undefined): number {
  const newest = held.newest;
  return Math.max(
    newest?.base ?? 1,
    (newest?.last?.seq ?? 0) + 1,
    cursor?.nextSeq ?? 1,
    ...damage.map(({ to }) => to + 1),
  );
}

function settleDelivered(held: HeldRecords, cursor: Cursor): void {
  let next = 1;
  for (const [from, to] of cursor.pending) {
    if (from > next) held.markSettled(next, from - 1);
    next = to + 1;
  }
  held.markSettled(next, cursor.nextSeq - 1);
}

/** Seqs that should be pending but are in no segment. Without a cursor only damage is known. */
function findLosses(
  opened: Opened,
  cursor: Cursor | undefined,
  nextSeq: number,
  nowMs: number,
): readonly QueueLoss[] {
  const expected: readonly SeqRange[] =
    cursor === undefined
      ? opened.damage.map(({ from, to }) => [from, to] as const)
      : [...cursor.pending, [cursor.nextSeq, nextSeq - 1]];
  return expected
    .flatMap(([from, to]) => opened.held.missingIn(from, to))
    .map(([from, to]) => describeLoss(from, to, opened, nowMs));
}

function describeLoss(from: number, to: number, { held, damage }: Opened, nowMs: number): QueueLoss {
  const known = damage.filter((part) => part.from <= to && part.to >= from);
  const before = held.segmentOf(from)?.lastBefore(from)?.lastMs ?? nowMs;
  return {
    from,
    to,
    points: known.reduce((sum, part) => sum + part.points, 0),
    fromMs: known[0]?.firstMs ?? before,
    toMs: Math.max(known.at(-1)?.lastMs ?? nowMs, known[0]?.firstMs ?? before),
    reason: 'damaged',
  };
}
