import { createDuckDbStore } from '../../../central/store/duckdb/store.ts';
import { createInfluxStore } from '../../../central/store/influx/store.ts';
import type { PreparedBatch, SampleStore } from '../../../central/store/sample-store.ts';
import { openLedger } from '../../../central/ledger/sqlite-ledger.ts';
import type { StateDatabase } from '../../../central/state/database.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { CENTRAL_AGENT } from '../../../contract/topics.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import type { CityBatches, Round } from '../history/city-batches.ts';
import { partTeller, rollUpAll } from '../history/fill.ts';
import type { BenchContext } from '../report/section.ts';
import type { PastPlace } from '../pipeline/central-process.ts';
import type { FilledRound } from './week-rounds.ts';

/** As central has it by default. */
const DATABASE = 'wardwatch';
const TIMEOUT_MS = 60_000;
const BATCHES_A_WRITE = 300;

export interface StoreFill {
  readonly city: CityBatches;
  /** The oldest first. */
  readonly rounds: readonly FilledRound[];
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
  // The next batches are made while the store takes the last ones.
  let writing: Promise<unknown> = Promise.resolve();
  for (const [at, { timeMs, everyNthAgent }] of rounds.entries()) {
    const written: ReturnType<typeof storedBatch>[] = [];
    let waiting: PreparedBatch[] = [];
    const write = async (): Promise<void> => {
      await writing;
      writing = store.write(waiting, signal);
      waiting = [];
    };
    for (const round of city.roundAt(timeMs, everyNthAgent)) {
      if (round.values === 0) continue;
      waiting.push(store.prepare(round.batch));
      if (round.batch.agent !== CENTRAL_AGENT) written.push(storedBatch(round, timeMs));
      values += round.values;
      if (waiting.length >= BATCHES_A_WRITE) await write();
    }
    await write();
    ledger.recordStored(written, timeMs);
    tellPart((at + 1) / rounds.length);
  }
  await writing;
  return values;
}

function storedBatch({ batch: { agent, epoch, seq, tables } }: Round, measuredAtMs: number) {
  const storedPoints = tables.reduce((sum, { rows }) => sum + rows.length, 0);
  return { agent, epoch, seq, lowest: seq, measuredAtMs, storedPoints, refusedPoints: 0, losses: [] };
}
