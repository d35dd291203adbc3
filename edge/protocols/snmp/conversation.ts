import type { AnswerSize } from './answer-size.ts';
import { chooseBatch, type PendingColumn } from './choose-batch.ts';
import { isAtOrBelow, compareOids, indexBelow } from './oid.ts';
import { isException, SnmpError, type SnmpSession, type Varbind, type VarbindValue } from './session.ts';

/** One value of a column. */
export interface Cell {
  readonly value: VarbindValue;
  /** The device's sysUpTime when it answered, 1/100 s; undefined: not sent. */
  readonly ticks: number | undefined;
}

export interface Column {
  /** By row index: what follows the column in the OID. */
  readonly cells: ReadonlyMap<string, Cell>;
  /** Why the column is not complete. */
  readonly error?: Error;
}

/** State of a device between polls. */
export class ColumnMemory {
  readonly size: AnswerSize;
  /** Rows by column, so that no more are requested than exist. */
  readonly rowCounts = new Map<string, number>();
  /** Columns that were wanted and not reached: they are first next time. */
  readonly unread = new Set<string>();
  /** Columns that failed together with others: each gets requests of its own, after all others. */
  readonly alone = new Set<string>();

  constructor(size: AnswerSize) {
    this.size = size;
  }
}

const SYS_UP_TIME = '1.3.6.1.2.1.1.3';

export const RETRIES = 1;
/** More rows than the largest chassis has; a longer walk is an endless one. */
export const MAX_ROWS = 4_096;
/** Limit for all answers of one poll together. */
export const MAX_POLL_BYTES = 4 * 1024 * 1024;
const CELL_BYTES = 64;
/** Requested of a column of unknown length, and then as many as there were already. */
const UNKNOWN_ROWS = 10;

/** A column that is being read. */
interface Walk extends PendingColumn {
  readonly column: string;
  readonly cells: Map<string, Cell>;
  /** The OID to continue from. */
  last: string;
  readonly end: (column: Column) => void;
}

/** Reads one device, request after request, within bounds. Columns that are wanted at the same time share their requests. */
export class Conversation {
  readonly #session: SnmpSession;
  readonly #memory: ColumnMemory;
  readonly #signal: AbortSignal;
  readonly #retriesEmpty: boolean;
  readonly #walks = new Set<Walk>();
  #isWalking = false;
  #bytes = 0;

  constructor(deps: {
    readonly session: SnmpSession;
    readonly memory: ColumnMemory;
    readonly signal: AbortSignal;
    /** Whether columns that were empty are requested again. */
    readonly retriesEmpty: boolean;
  }) {
    this.#session = deps.session;
    this.#memory = deps.memory;
    this.#signal = deps.signal;
    this.#retriesEmpty = deps.retriesEmpty;
  }

  /** Scalars by OID, without those that the device does not have. Rejects with an SnmpError, or the signal's reason. */
  async get(oids: readonly string[]): Promise<ReadonlyMap<string, VarbindValue>> {
    const varbinds = await this.#retry(() => this.#session.get(oids, this.#signal));
    const values = new Map<string, VarbindValue>();
    for (const { oid, value } of varbinds) {
      if (value !== undefined && oids.includes(oid)) values.set(oid, value);
    }
    return values;
  }

  /** Walks a column, or a scalar as a column of one row. Never rejects: cells read before an error are returned with it. */
  column(column: string): Promise<Column> {
    const known = this.#memory.rowCounts.get(column);
    if (known === 0 && !this.#retriesEmpty) return Promise.resolve({ cells: new Map() });
    return new Promise((end) => {
      this.#walks.add(this.#start(column, end));
      if (!this.#isWalking) void this.#walk();
    });
  }

  #start(column: string, end: Walk['end']): Walk {
    const { rowCounts, alone } = this.#memory;
    const cells = new Map<string, Cell>();
    return {
      column,
      cells,
      last: column,
      end,
      get expectedRows() {
        const left = (rowCounts.get(column) ?? -1) - cells.size;
        return left >= 0 ? left + 1 : Math.max(UNKNOWN_ROWS, cells.size);
      },
      get isAlone() {
        return alone.has(column);
      },
    };
  }

  async #walk(): Promise<void> {
    this.#isWalking = true;
    await Promise.resolve(); // for the columns that are wanted in this turn
    for (let next = this.#inOrder(); next !== undefined; next = this.#inOrder()) await this.#step(next);
    this.#isWalking = false;
  }

  /** What was not reached last time first, what can take down others last. undefined: nothing is pending. */
  #inOrder(): readonly [Walk, ...Walk[]] | undefined {
    const { unread } = this.#memory;
    const rank = ({ isAlone, column }: Walk): number => (isAlone ? 2 : 0) + (unread.has(column) ? 0 : 1);
    const [first, ...others] = [...this.#walks].sort((a, b) => rank(a) - rank(b));
    return first === undefined ? undefined : [first, ...others];
  }

  async #step(pending: readonly [Walk, ...Walk[]]): Promise<void> {
    const { size } = this.#memory;
    let walks: readonly Walk[] = [];
    try {
      let maxRepetitions = 0;
      const answer = await this.#retry(
        () => {
          const batch = chooseBatch(pending, size.values);
          walks = batch.columns;
          maxRepetitions = batch.maxRepetitions;
          // With sysUpTime in front, so that each value carries the device's own time.
          const request = {
            nonRepeaters: [SYS_UP_TIME],
            repeaters: walks.map(({ last }) => last),
            maxRepetitions,
          };
          return this.#session.getBulk(request, this.#signal);
        },
        () => walks.length * maxRepetitions,
      );
      this.#take(walks, answer, maxRepetitions);
    } catch (error) {
      this.#fail(walks, error instanceof Error ? error : new Error(String(error)));
    }
  }

  #take(walks: readonly Walk[], answer: readonly Varbind[], maxRepetitions: number): void {
    const [upTime, ...values] = answer;
    const hasUpTime = upTime !== undefined && isAtOrBelow(SYS_UP_TIME, upTime.oid);
    const ticks = hasUpTime && typeof upTime.value === 'number' ? upTime.value : undefined;
    if (values.length === 0) throw new SnmpError('failed', 'an empty answer');
    const open = new Set(walks);
    for (const [at, varbind] of values.entries()) {
      const walk = walks[at % walks.length];
      if (walk === undefined || !open.has(walk)) continue;
      const isOver = this.#takeValue(walk, varbind, ticks, walks.length > 1);
      if (isOver) open.delete(walk);
    }
    const requested = walks.length * maxRepetitions;
    const isCut = open.size > 0 && values.length < requested;
    if (isCut) this.#memory.size.fit(values.length);
    else this.#memory.size.grow(requested);
  }

  /** True: nothing more of this answer belongs to the column. Throws when the device sends too much. */
  #takeValue(walk: Walk, varbind: Varbind, ticks: number | undefined, isShared: boolean): boolean {
    const { column, cells } = walk;
    const { oid, value } = varbind;
    const index = indexBelow(column, oid);
    if (index === undefined || isException(varbind)) {
      const known = this.#memory.rowCounts.get(column) ?? 0;
      // Some agents mix up the columns of an answer: a column that seems to have become shorter is asked for alone.
      if (isShared && cells.size < known) this.#memory.alone.add(column);
      else this.#complete(walk);
      return true;
    }
    const error = this.#errorOf(walk, oid);
    if (error !== undefined) {
      if (isShared) this.#memory.alone.add(column);
      else this.#end(walk, error);
      return true;
    }
    this.#countBytes(index, value);
    // A value that could not be read is the loss of this cell alone.
    if (value !== undefined) cells.set(index, { value, ticks });
    walk.last = oid;
    return false;
  }

  #errorOf({ last, cells }: Walk, oid: string): SnmpError | undefined {
    if (compareOids(oid, last) <= 0) return new SnmpError('failed', `OIDs do not increase after ${last}`);
    return cells.size === MAX_ROWS ? new SnmpError('failed', `more than ${MAX_ROWS} rows`) : undefined;
  }

  #complete(walk: Walk): void {
    const { rowCounts, unread, alone } = this.#memory;
    rowCounts.set(walk.column, walk.cells.size);
    unread.delete(walk.column);
    alone.delete(walk.column);
    this.#end(walk);
  }

  #end(walk: Walk, error?: Error): void {
    this.#walks.delete(walk);
    const { cells } = walk;
    walk.end(error === undefined ? { cells } : { cells, error });
  }

  /** An error of columns that were requested together may be that of one of them: they are requested again one by one. */
  #fail(walks: readonly Walk[], error: Error): void {
    const { alone, unread } = this.#memory;
    const code = error instanceof SnmpError ? error.code : undefined;
    const isTimeout = code === 'timeout';
    const isOfOne = code === 'failed' || code === 'too-big';
    if ((isTimeout || isOfOne) && walks.length > 1) for (const { column } of walks) alone.add(column);
    if (isOfOne) {
      if (walks.length === 1) for (const walk of walks) this.#end(walk, error);
      return;
    }
    for (const walk of [...this.#walks]) {
      // What gets no answer is not asked first again.
      if (isTimeout && walks.includes(walk)) unread.delete(walk.column);
      else unread.add(walk.column);
      this.#end(walk, error);
    }
  }

  #countBytes(index: string, value: VarbindValue | undefined): void {
    const length = typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 0;
    this.#bytes += CELL_BYTES + index.length + length;
    if (this.#bytes > MAX_POLL_BYTES)
      throw new SnmpError('over-limit', `more than ${MAX_POLL_BYTES} bytes of answers`);
  }

  /** Retries a lost answer, and asks for less when `requested` values may have been too many. */
  async #retry<T>(ask: () => Promise<T>, requested = () => 0): Promise<T> {
    const { size } = this.#memory;
    for (let lost = 0; ;) {
      try {
        return await ask();
      } catch (error) {
        const code = error instanceof SnmpError ? error.code : undefined;
        if (code === 'too-big' && size.shrink(requested())) continue;
        if (code !== 'timeout' || lost++ === RETRIES) throw error;
        size.lose(requested());
      }
    }
  }
}
