import type { SampleBatch, SampleTable } from '../../samples/sample-table.ts';
import { judgedTimeMs, type AgentTime } from './agent-time.ts';

interface Track {
  epoch: string;
  seq: number;
  /** Newest sample of each measurement, by central's time. */
  readonly newestMs: Map<string, number>;
}

/**
 * Finds rows that arrive after newer ones of the same agent and measurement, because their batch was overtaken on the
 * way. They are history: nothing may start from them, even where no state is kept for their entity.
 */
export class ArrivalOrder {
  readonly #tracks = new Map<string, Track>();

  /** For each table of the batch: rows up to that time, by central's, were overtaken. Undefined for a batch in order. */
  record(batch: SampleBatch, time: AgentTime): ((table: SampleTable) => number) | undefined {
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
    for (const table of batch.tables) recordNewest(track.newestMs, table, time);
    return before && ((table) => before.get(table.measurement) ?? -Infinity);
  }
}

function recordNewest(newestMs: Map<string, number>, table: SampleTable, time: AgentTime): void {
  const known = newestMs.get(table.measurement) ?? -Infinity;
  let newestSent = -Infinity;
  for (const row of table.rows) if (row.timeMs > newestSent) newestSent = row.timeMs;
  const newest = judgedTimeMs(newestSent, time);
  if (newest > known) newestMs.set(table.measurement, newest);
}
