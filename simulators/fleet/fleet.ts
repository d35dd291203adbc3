import type { Service } from '../../runtime/service.ts';
import { phaseMs } from '../city/cadence.ts';
import { hash01 } from '../city/noise.ts';
import type { FleetDeps } from './fleet-deps.ts';
import { SimulatedAgent } from './simulated-agent.ts';

export interface FleetStats {
  readonly agents: number;
  readonly connected: number;
  /** Measuring, but unable to reach central because of a fault. */
  readonly cutOff: number;
  /** Without power. */
  readonly dark: number;
  readonly samplesProduced: number;
  readonly valuesProduced: number;
  readonly batchesAcked: number;
  readonly pendingBatches: number;
  readonly lostBatches: number;
  readonly resends: number;
}

/** Queues opened, or publishers stopped, at a time. */
const GROUP_SIZE = 64;
/** The first measurements are spread over this, so that agents do not all start at once. */
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
    const { model } = deps;
    agent
      .step(model.conditionAt(agent.id, nowMs), model.samplesAt(agent.id, nowMs))
      .catch((error: unknown) => {
        deps.log.error({ agent: agent.id, err: error }, 'simulated agent failed');
      });
    after(untilNextMs(agent.id, nowMs, deps.intervalMs), () => step(agent));
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
      const queues = agents.map((agent) => agent.queueStats);
      return {
        agents: agents.length,
        connected: agents.filter((agent) => agent.isConnected).length,
        cutOff: agents.filter((agent) => agent.condition === 'cut_off').length,
        dark: agents.filter((agent) => agent.condition === 'dark').length,
        samplesProduced: sum(agents, (agent) => agent.samplesProduced),
        valuesProduced: sum(agents, (agent) => agent.valuesProduced),
        batchesAcked: sum(agents, (agent) => agent.batchesAcked),
        pendingBatches: sum(queues, (queue) => queue.pendingBatches),
        lostBatches: sum(queues, (queue) => queue.lostBatches),
        resends: sum(agents, (agent) => agent.resends),
      };
    },
  };
}

/** Until the agent's next measurement: at least half an interval, also at the start or when a timer fires early. */
function untilNextMs(agent: string, nowMs: number, intervalMs: number): number {
  const waitMs = intervalMs - ((nowMs - phaseMs(agent, intervalMs)) % intervalMs);
  return waitMs < intervalMs / 2 ? waitMs + intervalMs : waitMs;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

async function inGroups<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += GROUP_SIZE) {
    await Promise.all(items.slice(start, start + GROUP_SIZE).map(work));
  }
}
