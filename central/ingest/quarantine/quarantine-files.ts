import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseLines, type QuarantineEntry, type QuarantineQuery } from './quarantine-entry.ts';

const FILE_NAME = /^quarantine-(\d{12})\.jsonl$/;
const FILES_AT_MOST = 256;
/** A full quarantine has about this many files, so that deleting the oldest loses only a small part. */
const FILES_WHEN_FULL = 16;

interface QuarantineFile {
  readonly path: string;
  readonly firstId: number;
  entries: number;
  bytes: number;
  /** Of its newest entry, Unix time, ms. */
  newestAtMs: number;
  readonly usedByAgent: Map<string, SpaceUsed>;
  readonly entriesByCode: Map<string, number>;
  readonly measurements: Set<string>;
}

type CountedEntry = Pick<QuarantineEntry, 'agent' | 'code' | 'measurement' | 'atMs'>;

export interface SpaceUsed {
  readonly bytes: number;
  readonly entries: number;
}

/** Index of the files: sizes, agents, codes and measurements, never contents. Deletes the oldest files above the limits. */
export class QuarantineFiles {
  readonly #directory: string;
  readonly #limits: { readonly maxBytes: number; readonly maxEntries: number };
  readonly #files: QuarantineFile[];
  #nextId: number;
  #isOpen = false;

  /** Numbers up to `afterId` are not given again, whatever is left of the files. */
  constructor(
    directory: string,
    limits: { readonly maxBytes: number; readonly maxEntries: number },
    afterId: number,
  ) {
    this.#directory = directory;
    this.#limits = limits;
    this.#files = loadFiles(directory);
    const last = this.#files.at(-1);
    this.#nextId = Math.max(afterId + 1, last === undefined ? 1 : last.firstId + last.entries);
  }

  /** The id of the entry for which allocate() is called next. */
  nextId(): number {
    return this.#nextId;
  }

  /** Of what is kept; without anything the next one. */
  oldestId(): number {
    return this.#files[0]?.firstId ?? this.#nextId;
  }

  /** Counts one entry and returns the file to append it to; may delete the oldest files. */
  allocate(entry: CountedEntry, bytes: number): string {
    const file = this.#current(bytes);
    this.#nextId++;
    file.entries++;
    countEntry(file, entry, bytes);
    return file.path;
  }

  /** By an agent, in the files that have an entry since then. */
  usedBy(agent: string, sinceMs: number): SpaceUsed {
    return this.#files.reduce(
      (sum, { usedByAgent, newestAtMs }) => (newestAtMs < sinceMs ? sum : sumOf(sum, usedByAgent.get(agent))),
      NOTHING,
    );
  }

  /** Paths of the files that may hold what the query asks for. */
  newestFirst(query: Omit<QuarantineQuery, 'limit'>): readonly string[] {
    return this.#files
      .filter(
        (file) =>
          (query.before === undefined || file.firstId < query.before) &&
          (query.ids === undefined || hasAny(file, query.ids)) &&
          (query.agent === undefined || file.usedByAgent.has(query.agent)) &&
          (query.code === undefined || file.entriesByCode.has(query.code)) &&
          (query.measurement === undefined || file.measurements.has(query.measurement)),
      )
      .map((file) => file.path)
      .reverse();
  }

  totals(): { entries: number; bytes: number; byCode: Record<string, number> } {
    const byCode = new Map<string, number>();
    for (const file of this.#files)
      for (const [code, entries] of file.entriesByCode) count(byCode, code, entries);
    return { entries: this.#entries(), bytes: this.#bytes(), byCode: Object.fromEntries(byCode) };
  }

  #current(bytes: number): QuarantineFile {
    const last = this.#files.at(-1);
    const fileBytes = this.#limits.maxBytes / FILES_WHEN_FULL;
    const fileEntries = this.#limits.maxEntries / FILES_WHEN_FULL;
    // A file of an earlier run may end in an incomplete line: never append to it.
    if (this.#isOpen && last !== undefined && last.bytes + bytes <= fileBytes && last.entries < fileEntries) {
      return last;
    }
    this.#isOpen = true;
    const name = `quarantine-${String(this.#nextId).padStart(12, '0')}.jsonl`;
    const file = emptyFile(join(this.#directory, name), this.#nextId);
    this.#files.push(file);
    this.#dropOldest();
    return file;
  }

  #dropOldest(): void {
    const { maxBytes, maxEntries } = this.#limits;
    while (
      this.#files.length > 1 &&
      (this.#bytes() > maxBytes * (1 - 1 / FILES_WHEN_FULL) ||
        this.#entries() > maxEntries * (1 - 1 / FILES_WHEN_FULL) ||
        this.#files.length > FILES_AT_MOST)
    ) {
      const oldest = this.#files.shift();
      if (oldest !== undefined) rmSync(oldest.path, { force: true });
    }
  }

  #bytes(): number {
    return this.#files.reduce((sum, file) => sum + file.bytes, 0);
  }

  #entries(): number {
    return this.#files.reduce((sum, file) => sum + file.entries, 0);
  }
}

function hasAny({ firstId, entries }: QuarantineFile, ids: ReadonlySet<number>): boolean {
  for (const id of ids) if (id >= firstId && id < firstId + entries) return true;
  return false;
}

function loadFiles(directory: string): QuarantineFile[] {
  const names = readdirSync(directory).filter((name) => FILE_NAME.test(name));
  const files = names.sort().map((name) => {
    const path = join(directory, name);
    const file = emptyFile(path, Number(FILE_NAME.exec(name)?.[1]));
    for (const entry of parseLines(readFileSync(path, 'utf8'))) {
      const bytes = Buffer.byteLength(JSON.stringify(entry)) + 1;
      file.entries = entry.id - file.firstId + 1;
      countEntry(file, entry, bytes);
    }
    return file;
  });
  for (const file of files) if (file.entries === 0) rmSync(file.path, { force: true });
  return files.filter((file) => file.entries > 0);
}

function emptyFile(path: string, firstId: number): QuarantineFile {
  return {
    path,
    firstId,
    entries: 0,
    bytes: 0,
    newestAtMs: 0,
    usedByAgent: new Map(),
    entriesByCode: new Map(),
    measurements: new Set(),
  };
}

const NOTHING: SpaceUsed = { bytes: 0, entries: 0 };

function sumOf(used: SpaceUsed, more: SpaceUsed = NOTHING): SpaceUsed {
  return { bytes: used.bytes + more.bytes, entries: used.entries + more.entries };
}

function countEntry(
  file: QuarantineFile,
  { agent, code, measurement, atMs }: CountedEntry,
  bytes: number,
): void {
  file.bytes += bytes;
  file.newestAtMs = Math.max(file.newestAtMs, atMs);
  file.usedByAgent.set(agent, sumOf({ bytes, entries: 1 }, file.usedByAgent.get(agent)));
  count(file.entriesByCode, code, 1);
  if (measurement !== undefined) file.measurements.add(measurement);
}

function count(counts: Map<string, number>, key: string, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount);
}
