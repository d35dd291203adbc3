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
/** From its `src/storage/standard_buffer_manager.cpp` and `buffer_pool.cpp`; after one in a checkpoint all else fails until the file is opened anew. */
const SHORT_OF_MEMORY = /Out of Memory Error|failed to (?:pin|allocate|offload|evict)|could not allocate/i;

export function isDamage(error: unknown): boolean {
  if (error === undefined) return false;
  const message = messageOf(error);
  if (NOT_ABOUT_CONTENT.test(message) || SHORT_OF_MEMORY.test(message)) return false;
  return DAMAGED.some((pattern) => pattern.test(message));
}

/** DuckDB needed more than it may take for its buffers. */
export function isShortOfMemory(error: unknown): boolean {
  return error !== undefined && SHORT_OF_MEMORY.test(messageOf(error));
}

/** Where in the log the damaged entry begins, as DuckDB's message names it; undefined: it names none. */
export function damagedAtByte(error: unknown): number | undefined {
  const found = /byte position (\d+)/.exec(messageOf(error))?.[1];
  return found === undefined ? undefined : Number(found);
}
