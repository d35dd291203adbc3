import { PROTOCOL_VERSION } from '../../contract/batch.ts';
import type { AgentState } from '../../contract/state.ts';
import type { Queue } from '../queue/queue.ts';

/** What a birth message tells about the agent, beside its queue. */
export type AgentDescription = Partial<
  Pick<
    AgentState,
    'kind' | 'site' | 'unit' | 'software' | 'intervalMs' | 'configRevision' | 'configTrial' | 'configProblem'
  >
>;

export interface Connection {
  /** Grows with each connection. */
  readonly birth: number;
  /** Random id of this process. */
  readonly run: string;
}

/** A birth, or with a `reason` the death of the same connection. */
export function stateMessage(
  { birth, run }: Connection,
  queue: Pick<Queue, 'epoch' | 'lowest' | 'highest' | 'stats'>,
  description: AgentDescription,
  reason?: 'stop' | 'will',
): string {
  const stats = queue.stats();
  const state: AgentState = {
    v: PROTOCOL_VERSION,
    online: reason === undefined,
    birth,
    run,
    ...(reason !== undefined && { reason }),
    ...description,
    epoch: queue.epoch,
    lowest: queue.lowest(),
    highest: queue.highest(),
    queueBytes: stats.pendingBytes,
    lostBatches: stats.lostBatches,
  };
  return JSON.stringify(state);
}
