import { BIGINT, VARCHAR, type DuckDBConnection } from '@duckdb/node-api';
import type { HeldBatches } from '../sample-store.ts';
import { appendColumns, rowsOf } from './schema.ts';

/** Batches of one agent and epoch whose numbers follow each other. */
export const RANGES = {
  name: 'main.written_range',
  columns: 'agent VARCHAR, epoch VARCHAR, from_seq BIGINT, to_seq BIGINT, points BIGINT, newest_ms BIGINT',
} as const;

/** Above this many ranges of one epoch the older half counts as one, as in the ledger: its holes are no longer looked at. */
const MAX_RANGES = 1_000;

/** SQL: the ranges and the batches of `table` (those that `where` names) together, with what follows each other made one. */
function merged(table: string, where = ''): string {
  return `
    WITH spans AS (
      SELECT agent, epoch, from_seq, to_seq, points, newest_ms FROM ${RANGES.name}
      UNION ALL SELECT agent, epoch, seq, seq, points, newest_ms FROM ${table} ${where}
    ), marked AS (
      SELECT *, coalesce(from_seq > 1 + max(to_seq) OVER (
        PARTITION BY agent, epoch ORDER BY from_seq, to_seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ), true) AS begins FROM spans
    ), numbered AS (
      SELECT *,
        count(*) FILTER (begins) OVER (
          PARTITION BY agent, epoch ORDER BY from_seq, to_seq ROWS UNBOUNDED PRECEDING) AS island,
        count(*) FILTER (begins) OVER (PARTITION BY agent, epoch) AS islands
      FROM marked
    )
    SELECT agent, epoch, min(from_seq) AS from_seq, max(to_seq) AS to_seq,
      sum(points)::BIGINT AS points, max(newest_ms) AS newest_ms
    FROM numbered
    GROUP BY agent, epoch,
      CASE WHEN islands > ${MAX_RANGES} AND island <= islands - ${MAX_RANGES / 2} THEN 0 ELSE island END`;
}

export async function heldIn(connection: DuckDBConnection, table: string): Promise<readonly HeldBatches[]> {
  const rows = await rowsOf(connection, `${merged(table)} ORDER BY agent, epoch, from_seq`);
  const held: {
    agent: string;
    epoch: string;
    ranges: [number, number][];
    points: number;
    newestMs: number;
  }[] = [];
  for (const [agent, epoch, from, to, points, newestMs] of rows) {
    let last = held.at(-1);
    if (last === undefined || last.agent !== agent || last.epoch !== epoch) {
      last = { agent: String(agent), epoch: String(epoch), ranges: [], points: 0, newestMs: 0 };
      held.push(last);
    }
    last.ranges.push([Number(from), Number(to)]);
    last.points += Number(points);
    last.newestMs = Math.max(last.newestMs, Number(newestMs));
  }
  return held;
}

/** Moves the batches of `table` that are older than `number` into the ranges. Inside the caller's transaction. */
export async function fold(connection: DuckDBConnection, table: string, number: number): Promise<void> {
  // A statement that creates takes no parameters.
  const older = `WHERE number < ${number}`;
  await connection.run(`CREATE OR REPLACE TEMP TABLE folded_range AS ${merged(table, older)}`);
  await connection.run(`DELETE FROM ${RANGES.name}`);
  await connection.run(`INSERT INTO ${RANGES.name} SELECT * FROM temp.folded_range`);
  await connection.run(`DELETE FROM ${table} ${older}`);
}

/** Creates the table, too, if it is missing. Inside the caller's transaction. */
export async function replaceRanges(
  connection: DuckDBConnection,
  held: readonly HeldBatches[],
): Promise<void> {
  await connection.run(`CREATE TABLE IF NOT EXISTS ${RANGES.name} (${RANGES.columns})`);
  await connection.run(`DELETE FROM ${RANGES.name}`);
  const rows = held.flatMap(({ agent, epoch, ranges, points, newestMs }) =>
    ranges.map(([from, to], index) => ({
      agent,
      epoch,
      from,
      to,
      // Only their sum is known.
      points: index === 0 ? points : 0,
      newestMs,
    })),
  );
  const appender = await connection.createAppender('written_range');
  appendColumns(
    appender,
    [VARCHAR, VARCHAR, BIGINT, BIGINT, BIGINT, BIGINT],
    [
      rows.map((row) => row.agent),
      rows.map((row) => row.epoch),
      rows.map((row) => BigInt(row.from)),
      rows.map((row) => BigInt(row.to)),
      rows.map((row) => BigInt(row.points)),
      rows.map((row) => BigInt(row.newestMs)),
    ],
  );
  appender.closeSync();
}
