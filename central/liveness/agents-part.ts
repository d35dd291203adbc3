import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Part } from '../jobs/part.ts';
import type { StateDatabase } from '../state/database.ts';
import { openAgentRegistry, type AgentRegistry } from './agent-registry.ts';
import { openPhaseLog, PHASES_KEPT_MS, type PhaseChange, type PhaseLog } from './phase-log.ts';
import { PhaseWatch } from './phase-watch.ts';

export interface AgentsPartDeps {
  readonly inventory: Inventory;
  readonly database: StateDatabase;
  /** Called again and again as long as two agents use one id. */
  readonly onTwins: (agent: string, nowMs: number) => void;
  /** An agent came, fell silent, stopped or came back; it is on disk. */
  readonly onChange: (change: PhaseChange) => void;
  /** Before when what is kept for so long may be deleted; undefined: nothing may be. */
  readonly deleteBeforeMs: (keptMs: number) => number | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface AgentsPart extends Part<{ readonly registry: AgentRegistry }> {
  readonly phases: PhaseLog;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Which agents there are, and which are there. */
export function createAgentsPart(deps: AgentsPartDeps): AgentsPart {
  const { inventory, database, onTwins, onChange, deleteBeforeMs, clock, log } = deps;
  const registry = openAgentRegistry({ inventory, database, clock, log, onTwins });
  const phases = openPhaseLog(database);
  const watch = new PhaseWatch({ registry, log: phases, onChange });
  return {
    shared: { registry },
    phases,
    jobs: [
      { name: 'changes of agents', everyMs: SECOND_MS, run: () => watch.check(clock.now()) },
      { name: 'agents', everyMs: MINUTE_MS, run: () => registry.save() },
      {
        name: 'old changes of agents',
        everyMs: HOUR_MS,
        run: () => {
          const beforeMs = deleteBeforeMs(PHASES_KEPT_MS);
          if (beforeMs !== undefined) phases.deleteBefore(beforeMs);
        },
      },
    ],
    save: { name: 'agents', run: () => registry.save() },
  };
}
