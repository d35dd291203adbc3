import { join } from 'node:path';
import type { Clock } from '../../runtime/clock.ts';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { nodeDisk, type Disk } from './disk.ts';
import type { QueueLoss } from './loss-declarations.ts';
import { SetAsideFiles } from './set-aside-files.ts';
import type { Queue } from './queue.ts';
import { recover } from './recovery.ts';
import { SegmentQueue } from './segment-queue.ts';

export const QUEUE_DEFAULTS = {
  /** About 15 days of a gateway at 2 KB every 10 s. */
  maxBytes: 256 * 1024 * 1024,
  maxAgeMs: 30 * 86_400_000,
  segmentBytes: 4 * 1024 * 1024,
  commitDelayMs: 1_000,
  commitMaxRecords: 64,
} as const;

const MIN_QUEUE_BYTES = 16 * 1024;

export interface QueueOptions {
  /** Of its own, created if missing; the program has to lock it. */
  readonly directory: string;
  /** Of all segments together; the oldest is dropped first. `quarantine/` may take a sixteenth of it in addition. */
  readonly maxBytes?: number;
  /** A segment is dropped when its newest batch is older. */
  readonly maxAgeMs?: number;
  /** Size of one file, at most a quarter of `maxBytes`. */
  readonly segmentBytes?: number;
  /** How long a batch may wait for others before it is made durable. */
  readonly commitDelayMs?: number;
  /** A group of this size is committed at once. */
  readonly commitMaxRecords?: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Body of a batch that declares these losses (contract/codec.ts, `encodeLossBody`). At most 64 at once. */
  readonly encodeLoss: (losses: readonly QueueLoss[], nowMs: number) => Buffer;
}

/**
 * Opens the queue in `directory`, and recovers it from a crash or damaged files. Rejects with a UserError when the
 * directory is unusable, with a RangeError when an option is.
 */
export async function openQueue(options: QueueOptions, disk: Disk = nodeDisk): Promise<Queue> {
  const { directory, clock, log } = options;
  const settings = { ...QUEUE_DEFAULTS, ...options };
  for (const [name, least] of [
    ['maxBytes', MIN_QUEUE_BYTES],
    ['maxAgeMs', 1],
    ['segmentBytes', 1],
    ['commitDelayMs', 0],
    ['commitMaxRecords', 1],
  ] as const) {
    if (settings[name] >= least) continue;
    throw new RangeError(`queue.${name} must be at least ${least}, got ${settings[name]}`);
  }
  const maxBytes = Math.floor(settings.maxBytes);
  const setAsideFiles = new SetAsideFiles({
    disk,
    directory: join(directory, 'quarantine'),
    maxBytes: Math.floor(maxBytes / 16),
    clock,
    log,
  });
  try {
    await disk.makeDirectory(directory);
    const recovered = await recover({ disk, directory, setAsideFiles, log, nowMs: clock.now() });
    const segmentBytes = Math.min(settings.segmentBytes, Math.floor(maxBytes / 4));
    const queue = new SegmentQueue({ ...settings, maxBytes, segmentBytes, disk, setAsideFiles }, recovered);
    queue.start(recovered);
    return queue;
  } catch (error) {
    throw new UserError(
      EXIT.dataDirectory,
      [`${directory}: queue cannot be opened: ${messageOf(error)}`],
      error,
    );
  }
}
