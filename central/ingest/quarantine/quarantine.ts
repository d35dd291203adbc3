import { appendFile, readFile } from 'node:fs/promises';
import type { Clock } from '../../../runtime/clock.ts';
import { EXIT, messageOf, UserError } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { makeDirectory } from '../../../runtime/make-directory.ts';
import { TokenBuckets } from '../../../runtime/token-bucket.ts';
import {
  parseLines,
  type NewQuarantineEntry,
  type QuarantineEntry,
  type QuarantineQuery,
} from './quarantine-entry.ts';
import { QuarantineFiles } from './quarantine-files.ts';

export interface QuarantineStats {
  readonly entries: number;
  readonly bytes: number;
  /** Entries by code. */
  readonly byCode: Readonly<Record<string, number>>;
  /** Not kept, since the start: the agent had used up its share, or the disk could not be written. */
  readonly notKept: number;
}

/** An agent that had used up its share, and how many of its entries were not kept since the last report. */
export interface NotKept {
  readonly agent: string;
  readonly entries: number;
}

/** Bounded: the oldest entries are deleted first, and no sender can displace those of the others. */
export interface Quarantine {
  add(entry: NewQuarantineEntry): void;
  /** Resolves once everything added so far is in its file. Never rejects; a failing disk is counted. */
  flush(): Promise<void>;
  /** The number of the oldest entry that is kept, and the one that the next one gets. */
  idRange(): { readonly oldest: number; readonly next: number };
  /** Newest first. Rejects with a QuarantineBusyError while many calls wait: the files are read for one at a time. */
  list(query: QuarantineQuery): Promise<readonly QuarantineEntry[]>;
  stats(): QuarantineStats;
  /** Since the last call. */
  takeNotKept(): readonly NotKept[];
}

/** As many wait for the files to be read as may. */
export class QuarantineBusyError extends Error {
  override readonly name = 'QuarantineBusyError';
}

export interface QuarantineLimits {
  readonly maxBytes: number;
  readonly maxEntries: number;
  /** Per agent and code. */
  readonly entryBurstPerAgent: number;
  readonly entriesPerAgentPerS: number;
}

export interface QuarantineOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Numbers up to this one are not given again. Default: 0. */
  readonly afterId?: number;
  readonly limits?: Partial<QuarantineLimits>;
}

const DEFAULT_LIMITS: QuarantineLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxEntries: 200_000,
  entryBurstPerAgent: 200,
  entriesPerAgentPerS: 2,
};
const MAX_RAW_BYTES = 4 * 1024;
const MAX_REASON_CHARS = 1_000;
/** Largest part of `maxBytes` and `maxEntries` that one agent may use. */
const AGENT_SHARE = 1 / 16;
/** What it was refused before that does not count: the oldest files give way to others when space is short. */
const SHARE_WINDOW_MS = 30 * 86_400_000;
/** The name of a stranger may be as long as a packet. */
const MAX_AGENT_CHARS = 64;
const MAX_WAITING_CHARS = 4 * 1024 * 1024;
const MAX_AGENTS = 10_000;
/** One of them is under way: each may read all files. */
const MOST_LISTS = 8;

/** JSON lines in rotating files. Throws a UserError (exit 4) when the directory cannot be used. */
export function openQuarantine(options: QuarantineOptions): Quarantine {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  try {
    makeDirectory(options.directory, 0o750);
    return new FileQuarantine(options, limits);
  } catch (error) {
    const problem = `${options.directory}: cannot be used: ${messageOf(error)}`;
    throw new UserError(EXIT.dataDirectory, [problem], error);
  }
}

class FileQuarantine implements Quarantine {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #limits: QuarantineLimits;
  readonly #files: QuarantineFiles;
  readonly #rates: TokenBuckets;
  #waiting: { readonly file: string; text: string }[] = [];
  #waitingChars = 0;
  #writing: Promise<void> = Promise.resolve();
  #lists = 0;
  #listing: Promise<unknown> = Promise.resolve();
  #notKept = 0;
  readonly #notKeptOf = new Map<string, number>();
  #diskFails = false;

  constructor(options: QuarantineOptions, limits: QuarantineLimits) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#limits = limits;
    this.#files = new QuarantineFiles(options.directory, limits, options.afterId ?? 0);
    this.#rates = new TokenBuckets({
      capacity: limits.entryBurstPerAgent,
      refillPerS: limits.entriesPerAgentPerS,
      maxKeys: MAX_AGENTS,
    });
  }

  add({ agent: sender, ...given }: NewQuarantineEntry): void {
    const nowMs = this.#clock.now();
    const entry = { agent: sender.slice(0, MAX_AGENT_CHARS), ...given };
    const { agent } = entry;
    // Limited per code: many entries of one code must not hide the first of another.
    const isWithinRate = this.#rates.tryTake(`${agent} ${entry.code}`, 1, this.#clock.monotonicMs());
    if (!isWithinRate || !this.#isWithinShare(agent, nowMs) || this.#waitingChars > MAX_WAITING_CHARS) {
      this.#notKept++;
      this.#notKeptOf.set(agent, (this.#notKeptOf.get(agent) ?? 0) + 1);
      return;
    }
    const line = `${JSON.stringify(this.#toEntry(entry, nowMs))}\n`;
    const file = this.#files.allocate({ ...entry, atMs: nowMs }, Buffer.byteLength(line));
    const last = this.#waiting.at(-1);
    if (last?.file === file) last.text += line;
    else this.#waiting.push({ file, text: line });
    this.#waitingChars += line.length;
    if (this.#waitingChars === line.length) setImmediate(() => void this.flush());
  }

  takeNotKept(): readonly NotKept[] {
    const found = [...this.#notKeptOf].map(([agent, entries]) => ({ agent, entries }));
    this.#notKeptOf.clear();
    return found;
  }

  flush(): Promise<void> {
    if (this.#waiting.length > 0) {
      const writes = this.#waiting;
      this.#waiting = [];
      this.#waitingChars = 0;
      this.#writing = this.#writing.then(() => this.#write(writes));
    }
    return this.#writing;
  }

  idRange(): { readonly oldest: number; readonly next: number } {
    return { oldest: this.#files.oldestId(), next: this.#files.nextId() };
  }

  async list(query: QuarantineQuery): Promise<readonly QuarantineEntry[]> {
    if (this.#lists >= MOST_LISTS)
      throw new QuarantineBusyError(`the quarantine is read for ${this.#lists} requests already`);
    this.#lists++;
    const listed = this.#listing.then(() => this.#list(query)).finally(() => this.#lists--);
    this.#listing = listed.catch(() => undefined);
    return listed;
  }

  async #list(query: QuarantineQuery): Promise<readonly QuarantineEntry[]> {
    await this.flush();
    const found: QuarantineEntry[] = [];
    for (const file of this.#files.newestFirst(query)) {
      for (const entry of parseLines(await readOrEmpty(file)).reverse()) {
        if (found.length >= query.limit) return found;
        if (matches(entry, query)) found.push(entry);
      }
    }
    return found;
  }

  stats(): QuarantineStats {
    return { ...this.#files.totals(), notKept: this.#notKept };
  }

  async #write(writes: readonly { readonly file: string; readonly text: string }[]): Promise<void> {
    try {
      for (const { file, text } of writes) await appendFile(file, text, { mode: 0o640 });
      this.#diskFails = false;
    } catch (error) {
      this.#notKept += writes.reduce((sum, { text }) => sum + text.split('\n').length - 1, 0);
      if (!this.#diskFails) this.#log.error({ err: error }, 'quarantine cannot be written');
      this.#diskFails = true;
    }
  }

  #isWithinShare(agent: string, nowMs: number): boolean {
    const { bytes, entries } = this.#files.usedBy(agent, nowMs - SHARE_WINDOW_MS);
    const { maxBytes, maxEntries } = this.#limits;
    return bytes < maxBytes * AGENT_SHARE && entries < maxEntries * AGENT_SHARE;
  }

  #toEntry({ payload, raw, reason, ...rest }: NewQuarantineEntry, atMs: number): QuarantineEntry {
    return {
      id: this.#files.nextId(),
      atMs,
      ...rest,
      reason: reason.slice(0, MAX_REASON_CHARS),
      ...(raw !== undefined && { raw: bounded(raw) }),
      ...(payload !== undefined && {
        payloadBase64: payload.subarray(0, MAX_RAW_BYTES).toString('base64'),
        payloadBytes: payload.length,
      }),
    };
  }
}

/** Plain JSON of at most 4 KiB; a longer value becomes the start of its text. */
function bounded(raw: unknown): unknown {
  const text = JSON.stringify(raw, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return text.length <= MAX_RAW_BYTES ? (JSON.parse(text) as unknown) : text.slice(0, MAX_RAW_BYTES);
}

function matches(entry: QuarantineEntry, query: QuarantineQuery): boolean {
  return (
    (query.before === undefined || entry.id < query.before) &&
    (query.agent === undefined || entry.agent === query.agent) &&
    (query.code === undefined || entry.code === query.code) &&
    (query.measurement === undefined || entry.measurement === query.measurement) &&
    (query.ids === undefined || query.ids.has(entry.id)) &&
    (query.isWanted === undefined || query.isWanted(entry))
  );
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    // Deleted by rotation, or never written to the disk.
    return '';
  }
}
