import type { Clock } from '../runtime/clock.ts';
import type { AlertEngine } from './alerts/engine/engine.ts';
import { leftBetween } from './inventory/left.ts';
import type { LiveInventory } from './inventory/live-inventory.ts';
import type { AgentRegistry } from './liveness/agent-registry.ts';

export interface FollowInventoryDeps {
  readonly inventory: LiveInventory;
  readonly registry: Pick<AgentRegistry, 'recordInventoryChange' | 'get'>;
  readonly alerts: Pick<AlertEngine, 'withdraw' | 'withdrawDevices'>;
  /** The calendar day of the city, such as 2025-07-01. */
  readonly today: () => string;
  readonly clock: Pick<Clock, 'now'>;
}

/** Agents and devices that the inventory no longer has are missed no more, and their alerts end. */
export function followInventory({ inventory, registry, alerts, today, clock }: FollowInventoryDeps): void {
  inventory.onChange((_now, before) => {
    registry.recordInventoryChange(before);
    for (const agent of before.agents.keys()) {
      // Nobody misses it any more, and it was never there to say that it is back.
      if (registry.get(agent, clock.now()) === undefined) alerts.withdraw(agent, clock.now());
    }
  });
  inventory.onChange((now, before) => alerts.withdrawDevices(leftBetween(before, now, today()), clock.now()));
}
