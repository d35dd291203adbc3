import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { readRecord, writeRecord } from '../../../runtime/record-file.ts';
import { stillCounted, type Spent } from './budget.ts';

/** Bytes spent on tests, kept through restarts. */
export interface BudgetRecord {
  /** Last 30 days. */
  spent(): readonly Spent[];
  /** Call before a test with the most it may take, so that a test ended by a power cut counts. Throws when it cannot be written. */
  reserve(bytes: number): Reservation;
}

export interface Reservation {
  /** Replaces the reserved bytes by those that were used. */
  recordSpent(bytes: number): void;
  /** No test was made. */
  cancel(): void;
}

const MAX_FILE_BYTES = 256 * 1024;
const fileSchema = z.strictObject({
  v: z.literal(1),
  spent: z.array(z.strictObject({ atMs: z.number().min(0), bytes: z.number().min(0) })).max(2_000),
});

/** In memory, for a run that writes nothing. */
export function createBudgetRecord(clock: Clock): BudgetRecord {
  let kept: readonly Spent[] = [];
  return recordOver(clock, { read: () => kept, write: (spent) => (kept = spent) });
}

/** In a file, read each time, so that several collectors of one line share it. */
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
      // Entries from the future count from now on: write them back with today's date, so that they expire.
      if (storage.read().some(({ atMs }) => atMs > clock.now())) storage.write(spent);
      return spent;
    },
    reserve: (bytes) => {
      const entry: Spent = { atMs: clock.now(), bytes };
      const isEntry = (other: Spent): boolean => other.atMs === entry.atMs && other.bytes === entry.bytes;
      storage.write([...counted(), entry]);
      const without = (): readonly Spent[] => counted().filter((other) => !isEntry(other));
      return {
        recordSpent: (spentBytes) => storage.write([...without(), { atMs: entry.atMs, bytes: spentBytes }]),
        cancel: () => storage.write(without()),
      };
    },
  };
}

/** An unreadable file is treated as a test made just now, so that the next one waits. */
function readSpent(
  file: string,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): readonly Spent[] {
  try {
    return readRecord(file, fileSchema, MAX_FILE_BYTES)?.spent ?? [];
  } catch (error) {
    log.warn(
      { file, err: error },
      'budget of speed tests cannot be read; the next test waits as if one had just been made',
    );
    const unknown = [{ atMs: clock.now(), bytes: 0 }];
    writeSpent(file, unknown);
    return unknown;
  }
}

function writeSpent(file: string, spent: readonly Spent[]): void {
  writeRecord(file, { v: 1, spent });
}
