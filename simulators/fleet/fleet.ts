import { messageOf } from '../../runtime/errors.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Service } from '../../runtime/service.ts';
import type { CityModel } from '../city/city.ts';
import { hash01 } from '../city/noise.ts';
import { SimulatedAgent } from './simulated-agent.ts';

export interface FleetDeps {
  readonly model: CityModel;
  /** Each agent's queue is a directory in here. */
  readonly directory: string;
  readonly connection: (agent: string) => {
    readonly url: string;
    readonly username: string;
    readonly password: string;
  };
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

export interface FleetStats {
  readonly agents: number;
  readonly connected: number;
  readonly samplesProduced: number;
  readonly valuesProduced: number;
  readonly batchesAcked: number;
  readonly pendingBatches: number;
  readonly lostBatches: number;
  readonly resends: number;
}

/** So many queues are opened, and publishers stopped, at a time. */
const AT_ONCE = 64;
/** The agents' first measurements are spread over this, so that a city that is switched on does not arrive at once. */
const FIRST_SPREAD_MS = 3_000;

/** Every agent of a city in one process. */
export function createFleet(deps: FleetDeps): Service & { stats(): FleetStats } {
  const agents: SimulatedAgent[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let stopping: Promise<void> | undefined;

  const after = (delayMs: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, delayMs);
    timers.add(timer);
  };

  const step = (agent: SimulatedAgent): void => {
    if (stopping !== undefined) return;
    const nowMs = deps.clock.now();
    agent.step(deps.model.samplesAt(agent.id, nowMs)).catch((error: unknown) => {
      deps.log.error({ agent: agent.id, error: messageOf(error) }, 'a simulated agent failed');
    });
    const phaseMs = Math.floor(hash01(agent.id) * deps.intervalMs);
    const waitMs = deps.intervalMs - ((nowMs - phaseMs) % deps.intervalMs);
    // Never two measurements right after one another: the first comes at the start, the second on the agent's phase.
    after(
      waitMs < deps.intervalMs / 2 && agent.samplesProduced === 0 ? waitMs + deps.intervalMs : waitMs,
      () => step(agent),
    );
  };

  return {
    name: 'simulated agents',
    start: async () => {
      await inGroups(
        deps.model.inventory.agents.map((agent) => agent.id),
        async (id) => {
          agents.push(await SimulatedAgent.open(id, deps));
        },
      );
      for (const agent of agents) after(hash01(`first ${agent.id}`) * FIRST_SPREAD_MS, () => step(agent));
    },
    stop: () =>
      (stopping ??= (async () => {
        for (const timer of timers) clearTimeout(timer);
        await inGroups(agents, (agent) => agent.stop());
      })()),
    stats: () => {
      const statuses = agents.map((agent) => agent.publisherStatus);
      const queues = agents.map((agent) => agent.queueStats);
      return {
        agents: agents.length,
        connected: statuses.filter((status) => status?.connected === true).length,
        samplesProduced: sum(agents, (agent) => agent.samplesProduced),
        valuesProduced: sum(agents, (agent) => agent.valuesProduced),
        batchesAcked: sum(statuses, (status) => status?.acked ?? 0),
        pendingBatches: sum(queues, (queue) => queue.pendingBatches),
        lostBatches: sum(queues, (queue) => queue.lostBatches),
        resends: sum(statuses, (status) => status?.resends ?? 0),
      };
    },
  };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

async function inGroups<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE) {
    await Promise.all(items.slice(start, start + AT_ONCE).map(work));
  }
}
