import type { SampleBatch } from '../../samples/sample-table.ts';
import { measuredTimeMs, type AgentTime } from '../engine/agent-time.ts';
import { LEAST_SILENCE_MS } from './cut-watch.ts';

/**
 * Pure. When a cut ended, by the first live batch after it, Unix ms by central's clock: its oldest row. Rows older than any live batch
 * do not count, since something that began long ago is told with the time of its begin; its arrival where it has no others.
 */
export function cutEndOf({ tables }: SampleBatch, time: AgentTime): number {
  const { receivedAtMs } = time;
  let endMs = receivedAtMs;
  for (const { rows } of tables) {
    for (const row of rows) {
      const timeMs = measuredTimeMs(row.timeMs, time);
      if (timeMs >= receivedAtMs - LEAST_SILENCE_MS) endMs = Math.min(endMs, timeMs);
    }
  }
  return endMs;
}
