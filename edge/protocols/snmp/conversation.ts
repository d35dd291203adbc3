import { isAtOrBelow, compareOids, indexBelow } from './oid.ts';
import type { Repetitions } from './repetitions.ts';
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
export interface ColumnMemory {
  readonly repetitions: Repetitions;
  /** Rows by column, so that no more are requested than exist. */
  readonly rowCounts: Map<string, number>;
}

const SYS_UP_TIME = '1.3.6.1.2.1.1.3';
export const RETRIES = 1;
/** More rows than the largest chassis has; a longer walk is an endless one. */
export const MAX_ROWS = 4_096;
/** Limit for all answers of one poll together. */
export const MAX_POLL_BYTES = 4 * 1024 * 1024;
const CELL_BYTES = 64;

/** Reads one device, request after request, within bounds. */
export class Conversation {
  readonly #session: SnmpSession;
  readonly #memory: ColumnMemory;
  readonly #signal: AbortSignal;
  readonly #retriesEmpty: boolean;
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
  async column(column: string): Promise<Column> {
    const cells = new Map<string, Cell>();
    const known = this.#memory.rowCounts.get(column) ?? MAX_ROWS;
    if (known === 0 && !this.#retriesEmpty) return { cells };
    try {
      let last: string | undefined = column;
      while (last !== undefined) {
        const answer = await this.#bulk(last, known >= cells.size ? known - cells.size + 1 : MAX_ROWS);
        last = this.#take(column, last, answer, cells);
      }
    } catch (error) {
      return { cells, error: error instanceof Error ? error : new Error(String(error)) };
    }
    this.#memory.rowCounts.set(column, cells.size);
    return { cells };
  }

  /** The OID to continue from; undefined: the column has ended. */
  #take(
    column: string,
    from: string,
    answer: readonly Varbind[],
    cells: Map<string, Cell>,
  ): string | undefined {
    const [upTime, ...rows] = answer;
    const hasUpTime = upTime !== undefined && isAtOrBelow(SYS_UP_TIME, upTime.oid);
    const ticks = hasUpTime && typeof upTime.value === 'number' ? upTime.value : undefined;
    let last = from;
    for (const varbind of rows) {
      const { oid, value } = varbind;
      const index = indexBelow(column, oid);
      if (index === undefined || isException(varbind)) return undefined;
      if (compareOids(oid, last) <= 0) throw new SnmpError('failed', `OIDs do not increase after ${last}`);
      if (cells.size === MAX_ROWS) throw new SnmpError('failed', `more than ${MAX_ROWS} rows`);
      this.#countBytes(index, value);
      // A value that could not be read is the loss of this cell alone.
      if (value !== undefined) cells.set(index, { value, ticks });
      last = oid;
    }
    if (last === from) throw new SnmpError('failed', 'an empty answer');
    return last;
  }

  #countBytes(index: string, value: VarbindValue | undefined): void {
    const length = typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 0;
    this.#bytes += CELL_BYTES + index.length + length;
    if (this.#bytes > MAX_POLL_BYTES)
      throw new SnmpError('over-limit', `more than ${MAX_POLL_BYTES} bytes of answers`);
  }

  /** With sysUpTime in front, so that each value carries the device's own time. */
  async #bulk(after: string, wanted: number): Promise<readonly Varbind[]> {
    const { repetitions } = this.#memory;
    const answer = await this.#retry(() => {
      const maxRepetitions = Math.min(repetitions.limit, wanted);
      const request = { nonRepeaters: [SYS_UP_TIME], repeaters: [after], maxRepetitions };
      return this.#session.getBulk(request, this.#signal);
    });
    repetitions.grow();
    return answer;
  }

  /** Retries a lost answer with fewer rows, and reduces further while an answer is too big. */
  async #retry<T>(ask: () => Promise<T>): Promise<T> {
    for (let lost = 0; ;) {
      try {
        return await ask();
      } catch (error) {
        const code = error instanceof SnmpError ? error.code : undefined;
        const isSmaller = (code === 'timeout' || code === 'too-big') && this.#memory.repetitions.shrink();
        if (code === 'too-big' && isSmaller) continue;
        if (code !== 'timeout' || lost++ === RETRIES) throw error;
      }
    }
  }
}
