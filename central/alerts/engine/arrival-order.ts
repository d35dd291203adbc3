import type { SampleBatch, SampleTable } from '../../samples/sample-table.ts';

interface Track {
  epoch: string;
  seq: number;
  /** Newest sample of each measurement. */
  readonly newestMs: Map<string, number>;
}

/**
 * Finds rows that arrive after newer ones of the same agent and measurement, because their batch was overtaken on the
 * way. They are history: nothing may start from them, even where no state is kept for their entity.
 */
export class ArrivalOrder {
  readonly #tracks = new Map<string, Track>();

  /** For each table of the batch: rows up to that time were overtaken. Undefined for a batch in order. */
  record(batch: SampleBatch): ((table: SampleTable) => number) | undefined {
    let track = this.#tracks.get(batch.agent);
    if (track === undefined) {
      track = { epoch: batch.epoch, seq: 0, newestMs: new Map() };
      this.#tracks.set(batch.agent, track);
    }
    const overtaken = track.epoch === batch.epoch && batch.seq < track.seq;
    if (!overtaken) {
      track.epoch = batch.epoch;
      track.seq = batch.seq;
    }
    const before = overtaken ? new Map(track.newestMs) : undefined;
    for (const table of batch.tables) recordNewest(track.newestMs, table);
    return before && ((table) => before.get(table.measurement) ?? -Infinity);
  }
}

function recordNewest(newestMs: Map<string, number>, table: SampleTable): void {
  const known = newestMs.get(table.measurement) ?? -Infinity;
  let newest = known;
  for (const row of table.rows) if (row.timeMs > newest) newest = row.timeMs;
  if (newest > known) newestMs.set(table.measurement, newest);
}
