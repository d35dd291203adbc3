import type { Catalogue } from '../../../contract/catalogue.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { LiveInventory } from '../../inventory/live-inventory.ts';
import type { Part } from '../../jobs/part.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import type { StateDatabase } from '../../state/database.ts';
import type { AlertEngine } from '../engine/engine.ts';
import { ruleKinds } from '../rules/kinds/index.ts';
import { createBacklog, type Backlog } from './backlog.ts';

export interface BacklogPartDeps {
  readonly alerts: Pick<AlertEngine, 'live' | 'rules'>;
  readonly registry: Pick<AgentRegistry, 'clockCorrectionOf'>;
  readonly ledger: Pick<Ledger, 'entries'>;
  readonly inventory: LiveInventory;
  readonly catalogue: Catalogue;
  readonly database: StateDatabase;
  readonly clock: Clock;
  readonly log: Logger;
}

const SECOND_MS = 1_000;

/** What agents measured while they were cut off becomes history. */
export function createBacklogPart(deps: BacklogPartDeps): Part<{ readonly backlog: Backlog }> {
  const { alerts, registry, ledger, inventory, catalogue, database, clock, log } = deps;
  const backlog = createBacklog({
    live: alerts.live,
    rules: () => alerts.rules.all(),
    devices: () => inventory.devices,
    clockCorrectionOf: (agent) => registry.clockCorrectionOf(agent),
    awaitsBelow: (agent, epoch, seq) =>
      ledger
        .entries(agent)
        .some((entry) => entry.epoch === epoch && entry.awaited.some(([from]) => from < seq)),
    ...{ catalogue, kinds: ruleKinds, database, clock, log },
  });
  return {
    shared: { backlog },
    jobs: [{ name: 'backlog', everyMs: SECOND_MS, run: () => backlog.tick() }],
    save: { name: 'backlog', run: () => backlog.save() },
  };
}
