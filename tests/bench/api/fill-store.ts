import { createDuckDbStore } from '../../../central/store/duckdb/store.ts';
import { createInfluxStore } from '../../../central/store/influx/store.ts';
import type { SampleStore } from '../../../central/store/sample-store.ts';
import { openLedger } from '../../../central/ledger/sqlite-ledger.ts';
import type { StateDatabase } from '../../../central/state/database.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import type { CityBatches, Round } from '../history/city-batches.ts';
import { partTeller, rollUpAll } from '../history/fill.ts';
import type { BenchContext } from '../report/section.ts';
import type { PastPlace } from '../pipeline/central-process.ts';

/** As central has it by default. */
const DATABASE = 'wardwatch';
const TIMEOUT_MS = 60_000;
const BATCHES_A_WRITE = 300;
export interface StoreFill {
  readonly city: CityBatches;
  /** Times, the oldest first. */
  readonly rounds: readonly number[];
  readonly rolledToMs: number;
  readonly progress: BenchContext['progress'];
}

export interface FilledStore {
  readonly values: number;
  readonly fillS: number;
  readonly rollUpS: number;
}

/** Writes rounds of the city as if each of its agents had sent a batch in each, and rolls them up to `rolledToMs`. */
export async function fillStore(
  { database, storeFile, influxUrl }: PastPlace,
  { city, rounds, rolledToMs, progress }: StoreFill,
  signal: AbortSignal,
): Promise<FilledStore> {
  const log = silentLogger;
  const store =
    influxUrl === undefined
      ? createDuckDbStore({ file: storeFile, catalogue: CATALOGUE, log })
      : createInfluxStore({
          ...{ url: influxUrl, database: DATABASE, catalogue: CATALOGUE, log },
          ...{ timeoutMs: TIMEOUT_MS, now: Date.now },
        });
  await store.open(signal);
  try {
    const startMs = performance.now();
    const values = await writeRounds(store, database, { city, rounds, progress }, signal);
    const fillS = (performance.now() - startMs) / 1_000;
    const rollUpS = await rollUpAll(store, rolledToMs, progress, signal);
    return { values, fillS, rollUpS };
  } finally {
    await store.close();
  }
}

async function writeRounds(
  store: SampleStore,
  database: StateDatabase,
  { city, rounds, progress }: Omit<StoreFill, 'rolledToMs'>,
  signal: AbortSignal,
): Promise<number> {
  const ledger = openLedger(database);
  ledger.recordStoreKind(store.kind);
  let values = 0;
  const tellPart = partTeller(progress);
  for (const [at, timeMs] of rounds.entries()) {
    const batches = city.eachAt(timeMs).filter((round) => round.values > 0);
    for (let from = 0; from < batches.length; from += BATCHES_A_WRITE) {
      const some = batches.slice(from, from + BATCHES_A_WRITE);
      await store.write(
        some.map(({ batch }) => store.prepare(batch)),
        signal,
      );
    }
    ledger.recordStored(
      batches.map((round) => storedBatch(round, timeMs)),
      timeMs,
    );
    values += batches.reduce((sum, round) => sum + round.values, 0);
    tellPart((at + 1) / rounds.length);
  }
  return values;
}

function storedBatch({ batch: { agent, epoch, seq, tables } }: Round, measuredAtMs: number) {
  const storedPoints = tables.reduce((sum, { rows }) => sum + rows.length, 0);
  return { agent, epoch, seq, lowest: seq, measuredAtMs, storedPoints, refusedPoints: 0, losses: [] };
}
