import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalogue } from '../../../contract/catalogue.ts';
import { behindRows, MeasurementError, readBehind } from '../history/behind.ts';
import type { HistoryTables, RollWork } from '../history/history-keeper.ts';
import type { LateHour } from '../history/late-hours.ts';
import type { HistoryStanding, LevelName } from '../history/levels.ts';
import { isDamage } from './damage.ts';
import { KnownColumns } from './known-columns.ts';
import { HISTORY_SCHEMAS } from './level-tables.ts';
import type { ReaderPool } from './readers.ts';
import { rollUp } from './roll-up.ts';
import { rollUpStates } from './state-tables.ts';
import { rowsOf, sqlName, storedMeasurements, tableName, TIME_COLUMN } from './schema.ts';

const STANDING = 'main.history_standing';
const LATE = 'main.late_hour';

export interface StoredHistory {
  readonly standing: HistoryStanding;
  readonly late: readonly LateHour[];
  /** Why it had to be begun anew. */
  readonly damage?: unknown;
}

/**
 * Creates what is missing. A file of an earlier version has none of it: all its samples are rolled up from then on, and so they are, once
 * more, where it cannot be read.
 */
export async function prepareHistory(connection: DuckDBConnection): Promise<StoredHistory> {
  try {
    return await load(connection);
  } catch (error) {
    if (!isDamage(error)) throw error;
    for (const table of [STANDING, LATE]) await connection.run(`DROP TABLE IF EXISTS ${table}`);
    return { ...(await load(connection)), damage: error };
  }
}

async function load(connection: DuckDBConnection): Promise<StoredHistory> {
  for (const schema of HISTORY_SCHEMAS)
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${sqlName(schema)}`);
  await connection.run(
    `CREATE TABLE IF NOT EXISTS ${STANDING} (resolution VARCHAR, from_ms BIGINT, rolled_to_ms BIGINT)`,
  );
  await connection.run(`CREATE TABLE IF NOT EXISTS ${LATE} (agent VARCHAR, hour_ms BIGINT, id BIGINT)`);
  const rows = await rowsOf(connection, `SELECT resolution, from_ms, rolled_to_ms FROM ${STANDING}`);
  const find = (resolution: string) => rows.find(([name]) => name === resolution) ?? [];
  const level = (name: LevelName) => {
    const [, fromMs, rolledToMs] = find(name);
    return { fromMs: timeOf(fromMs), rolledToMs: timeOf(rolledToMs) };
  };
  const behind = readBehind(rows.map(([name, , rolledToMs]) => [String(name), timeOf(rolledToMs)]));
  const late = await rowsOf(connection, `SELECT agent, hour_ms, id FROM ${LATE}`);
  return {
    standing: { rawFromMs: timeOf(find('raw')[1]), minute: level('minute'), hour: level('hour'), ...behind },
    late: late.map(([agent, hourMs, id]) => ({
      agent: String(agent),
      hourMs: Number(hourMs),
      id: Number(id),
    })),
  };
}

function timeOf(value: unknown): number | undefined {
  return typeof value === 'bigint' ? Number(value) : undefined;
}

/** Inside the caller's transaction, with the rows that are late. */
export async function storeLate(connection: DuckDBConnection, hours: readonly LateHour[]): Promise<void> {
  for (const { agent, hourMs, id } of hours) {
    await connection.run(`INSERT INTO ${LATE} VALUES ($1, $2, $3)`, [agent, BigInt(hourMs), BigInt(id)]);
  }
}

interface Parts {
  readonly catalogue: Catalogue;
  /** One connection: a roll at a time. */
  readonly roller: ReaderPool;
  readonly settleWrites: () => Promise<void>;
  readonly deleteRows: (standing: HistoryStanding, signal: AbortSignal) => Promise<void>;
  /** A measurement could not be read in a window, which has nothing of it. */
  readonly onDamage: (error: unknown) => void;
}

/** Rolls up in transactions of its own, beside the connection that writes samples. */
export class DuckDbHistoryTables implements HistoryTables {
  readonly stepMinutes = { least: 1, most: 60 };
  readonly settleWrites: () => Promise<void>;
  readonly deleteBefore: (standing: HistoryStanding, signal: AbortSignal) => Promise<void>;
  readonly #catalogue: Catalogue;
  readonly #roller: ReaderPool;
  readonly #onDamage: Parts['onDamage'];
  readonly #columns = new KnownColumns();

  constructor({ catalogue, roller, settleWrites, deleteRows, onDamage }: Parts) {
    this.#catalogue = catalogue;
    this.#onDamage = onDamage;
    this.#roller = roller;
    this.settleWrites = settleWrites;
    this.deleteBefore = deleteRows;
  }

  oldestSampleMs(sinceMs: number, signal: AbortSignal): Promise<number | undefined> {
    return this.#roller.run(signal, async (connection) => {
      let oldest: number | undefined;
      for (const measurement of await storedMeasurements(connection)) {
        const timeMs = await this.#oldestOf(connection, measurement, sinceMs);
        if (timeMs !== undefined) oldest = Math.min(oldest ?? timeMs, timeMs);
      }
      return oldest;
    });
  }

  async #oldestOf(
    connection: DuckDBConnection,
    measurement: string,
    sinceMs: number,
  ): Promise<number | undefined> {
    try {
      const [[time] = []] = await rowsOf(
        connection,
        `SELECT min(${TIME_COLUMN}) FROM ${tableName(measurement)} WHERE ${TIME_COLUMN} >= $1`,
        [BigInt(sinceMs)],
      );
      return timeOf(time);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#onDamage(error);
      throw new MeasurementError(measurement, error);
    }
  }

  async roll(work: RollWork, signal: AbortSignal): Promise<number> {
    const damaged = new Set<string>();
    for (;;) {
      const outcome = await this.#roller.run(signal, (connection) =>
        this.#rollOnce(connection, work, damaged),
      );
      if (typeof outcome === 'number') return outcome;
      damaged.add(outcome);
    }
  }

  /** The number of rows; or the name of a measurement that cannot be read, and nothing was done. */
  async #rollOnce(
    connection: DuckDBConnection,
    work: RollWork,
    damaged: ReadonlySet<string>,
  ): Promise<number | string> {
    const source = { connection, columns: this.#columns };
    let current: string | undefined;
    await connection.run('BEGIN');
    try {
      let rows = 0;
      for (const measurement of await storedMeasurements(connection)) {
        const definition = this.#catalogue.get(measurement);
        if (definition === undefined || damaged.has(measurement) || !work.takes(measurement)) continue;
        current = measurement;
        for (const window of work.windows) {
          rows += await rollUp(source, definition, window, work.agents);
          rows += await rollUpStates(source, definition, window, work.agents);
        }
      }
      current = undefined;
      await saveStanding(connection, work.standing);
      await forgetLate(connection, work.late);
      await connection.run('COMMIT');
      return rows;
    } catch (error) {
      // It fails where the error has ended the transaction already.
      await connection.run('ROLLBACK').catch(() => undefined);
      this.#columns.forgetAll();
      if (current === undefined) throw error;
      if (!isDamage(error)) throw (await answers(connection)) ? new MeasurementError(current, error) : error;
      this.#onDamage(error);
      return current;
    }
  }
}

async function answers(connection: DuckDBConnection): Promise<boolean> {
  try {
    await connection.run('SELECT 1');
    return true;
  } catch {
    return false;
  }
}

/** Inside the caller's transaction. */
export async function saveStanding(connection: DuckDBConnection, standing: HistoryStanding): Promise<void> {
  const { rawFromMs, minute, hour } = standing;
  await connection.run(`DELETE FROM ${STANDING}`);
  const rows = [
    ['raw', rawFromMs, undefined],
    ['minute', minute.fromMs, minute.rolledToMs],
    ['hour', hour.fromMs, hour.rolledToMs],
    ...behindRows(standing).map(([name, rolledToMs]) => [name, undefined, rolledToMs] as const),
  ] as const;
  for (const [name, fromMs, rolledToMs] of rows) {
    await connection.run(`INSERT INTO ${STANDING} VALUES ($1, $2, $3)`, [
      name,
      cell(fromMs),
      cell(rolledToMs),
    ]);
  }
}

function cell(timeMs: number | undefined): bigint | null {
  return timeMs === undefined ? null : BigInt(timeMs);
}

async function forgetLate(connection: DuckDBConnection, late: readonly LateHour[]): Promise<void> {
  for (const { agent, hourMs, id } of late) {
    await connection.run(`DELETE FROM ${LATE} WHERE agent = $1 AND hour_ms = $2 AND id <= $3`, [
      agent,
      BigInt(hourMs),
      BigInt(id),
    ]);
  }
}
