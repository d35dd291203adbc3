import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { readRecord, writeRecord } from '../../../runtime/record-file.ts';
import { stillCounted, type Spent } from './budget.ts';

/** What was spent on tests, through restarts. */
export interface BudgetRecord {
  /** Last 30 days. */
  spent(): readonly Spent[];
  /** Before a test, with all it may take: a test that a power cut ends has cost no less. Throws when it cannot be kept. */
  reserve(bytes: number): Reservation;
}

export interface Reservation {
  /** What it really took. */
  settle(bytes: number): void;
  /** No test was made. */
  cancel(): void;
}

const MAX_FILE_BYTES = 256 * 1024;
const fileSchema = z.strictObject({
  v: z.literal(1),
  spent: z.array(z.strictObject({ atMs: z.number().min(0), bytes: z.number().min(0) })).max(2_000),
});

/** In memory, for a run that leaves nothing behind. */
export function createBudgetRecord(clock: Clock): BudgetRecord {
  let kept: readonly Spent[] = [];
  return recordOver(clock, { read: () => kept, write: (spent) => (kept = spent) });
}

/** In a file, read anew each time, so that several tests of one line share it. */
export function openBudgetRecord(
  file: string,
  deps: { readonly clock: Clock; readonly log: Logger },
): BudgetRecord {
  return recordOver(deps.clock, {
    read: () => readSpent(file, deps),
    write: (spent) => writeSpent(file, spent),
  });
}

interface SpentStorage {
  read(): readonly Spent[];
  write(spent: readonly Spent[]): void;
}

function recordOver(clock: Clock, storage: SpentStorage): BudgetRecord {
  const counted = (): readonly Spent[] => stillCounted(storage.read(), clock.now());
  return {
    spent: () => {
      const spent = counted();
      // What came from the future is now dated today, and has to stay there to grow old.
      if (storage.read().some(({ atMs }) => atMs > clock.now())) storage.write(spent);
      return spent;
    },
    reserve: (bytes) => {
      const entry: Spent = { atMs: clock.now(), bytes };
      const isEntry = (other: Spent): boolean => other.atMs === entry.atMs && other.bytes === entry.bytes;
      storage.write([...counted(), entry]);
      const without = (): readonly Spent[] => counted().filter((other) => !isEntry(other));
      return {
        settle: (spentBytes) => storage.write([...without(), { atMs: entry.atMs, bytes: spentBytes }]),
        cancel: () => storage.write(without()),
      };
    },
  };
}

/** A file that cannot be read hides what was spent: as if a test had just been made, the next one waits its time. */
function readSpent(
  file: string,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): readonly Spent[] {
  try {
    return readRecord(file, fileSchema, MAX_FILE_BYTES)?.spent ?? [];
  } catch (error) {
    log.warn(
      { file, problem: messageOf(error) },
      'what speed tests have spent is not known; the next one waits as if one had just been made',
    );
    const unknown = [{ atMs: clock.now(), bytes: 0 }];
    writeSpent(file, unknown);
    return unknown;
  }
}

function writeSpent(file: string, spent: readonly Spent[]): void {
  writeRecord(file, { v: 1, spent });
}
