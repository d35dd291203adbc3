import { messageOf } from '../../../runtime/errors.ts';

/**
 * What DuckDB 1.5 says about a file or log whose content cannot be right, from its sources `src/storage/wal_replay.cpp`,
 * `single_file_block_manager.cpp`, `storage/checkpoint/` and `common/serializer/`. Everything else (a full disk, a lock, rights, a file of a
 * newer DuckDB) says nothing about the content, and the files stay where they are.
 */
const DAMAGED = [
  /Failure while replaying (?:checkpoint )?WAL file/,
  /WAL does not match database file/,
  /This WAL was created for this database file/,
  /Corrupt (?:Encrypted )?(?:WAL|database) file/i,
  /not a valid DuckDB database file/,
  /[Cc]hecksum .* (?:does not match|mismatch)/,
  /Could not read enough bytes/,
  /Could not read all .*bytes/,
  /^(?:Serialization|INTERNAL|Internal) Error/,
];
const NOT_ABOUT_CONTENT =
  /No space left|Could not set lock|Permission denied|Read-only file system|Too many open/i;

export function isDamage(error: unknown): boolean {
  if (error === undefined) return false;
  const message = messageOf(error);
  return !NOT_ABOUT_CONTENT.test(message) && DAMAGED.some((pattern) => pattern.test(message));
}

/** Where in the log the damaged entry begins, as DuckDB's message names it; undefined: it names none. */
export function damagedAtByte(error: unknown): number | undefined {
  const found = /byte position (\d+)/.exec(messageOf(error))?.[1];
  return found === undefined ? undefined : Number(found);
}
