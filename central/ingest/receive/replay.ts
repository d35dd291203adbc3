import type { Batch } from '../../../contract/batch.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { BatchObserver } from '../../samples/batch-observer.ts';
import type { SampleStore } from '../../store/sample-store.ts';
import { batchKey, toPendingBatch } from '../commit/pending-batch.ts';
import type { WriteBuffer } from '../commit/write-buffer.ts';
import type { Refused, ReplayIntake, Taken } from '../quarantine/replay-intake.ts';
import type { BatchValidator, CheckedBatch } from '../validate/checked-batch.ts';
import type { AgentMemory } from './agent-memory.ts';

export interface ReplayDeps {
  readonly validator: BatchValidator;
  readonly observers: readonly BatchObserver[];
  readonly ledger: Pick<Ledger, 'isStored'>;
  readonly buffer: Pick<WriteBuffer, 'has' | 'isFullFor' | 'add'>;
  readonly agents: Pick<AgentMemory, 'uniqueTimeMs' | 'batchSeries'>;
  readonly prepare: SampleStore['prepare'];
  readonly clock: Pick<Clock, 'now'>;
  /** Runs `work`; an error it throws is counted and logged, never rethrown. */
  readonly guard: (work: () => void) => void;
}

/** What the quarantine gives back goes to the store like what agents send, and to observers as history of which the agent says nothing now. */
export class Replay implements Pick<ReplayIntake, 'refusalOf' | 'take'> {
  readonly #deps: ReplayDeps;

  constructor(deps: ReplayDeps) {
    this.#deps = deps;
  }

  refusalOf(agent: string, batch: Batch): Refused | undefined {
    const { validator, clock } = this.#deps;
    return refusalIn(validator.validate(agent, batch, clock.now()));
  }

  take(agent: string, batch: Batch): Taken {
    const { validator, ledger, buffer, agents, prepare, clock } = this.#deps;
    const { epoch, seq } = batch;
    if (ledger.isStored(agent, epoch, seq)) return 'stored';
    if (buffer.has(batchKey(agent, epoch, seq))) return 'held';
    if (buffer.isFullFor(agent)) return 'full';
    const receivedAtMs = clock.now();
    const checked = validator.validate(agent, batch, receivedAtMs);
    const refusal = refusalIn(checked);
    if (refusal !== undefined) return refusal;
    try {
      const pending = toPendingBatch({
        ...{ agent, batch, checked, receivedAtMs, keptBy: 'quarantine', prepare },
        rowTimeMs: agents.uniqueTimeMs(agent, receivedAtMs),
        series: agents.batchSeries(agent, receivedAtMs),
      });
      this.#show(agent, batch, checked, receivedAtMs);
      buffer.add(pending);
      return 'taken';
    } catch (error) {
      return { code: 'internal', reason: `central could not prepare this row: ${messageOf(error)}` };
    }
  }

  #show(
    agent: string,
    { epoch, seq, sentAtMs }: Batch,
    { tables }: CheckedBatch,
    receivedAtMs: number,
  ): void {
    const { observers, guard } = this.#deps;
    const seen = { agent, epoch, seq, tables };
    const context = { receivedAtMs, sentAtMs, backfill: true, replayed: true };
    for (const observer of observers) guard(() => observer.observe(seen, context));
  }
}

/** One without a row is about a field that the catalogue lacks: the rest of the row is stored, as it is for agents. */
function refusalIn({ refusals }: CheckedBatch): Refused | undefined {
  const found = refusals.find(({ row }) => row !== undefined);
  return found && { code: found.code, reason: found.reason };
}
