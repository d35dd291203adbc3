import { join } from 'node:path';
import type { Service } from '../../runtime/service.ts';
import { phaseMs } from '../city/cadence.ts';
import { hash01 } from '../city/noise.ts';
import type { FleetDeps } from './fleet-deps.ts';
import { FleetJournal } from './fleet-journal.ts';
import { FleetLinks } from './fleet-links.ts';
import { SimulatedAgent } from './simulated-agent.ts';
import { TickWheel } from './tick-wheel.ts';

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
}

/** Publishers stopped at a time. */
const GROUP_SIZE = 64;
/** The first measurements are spread over this, so that agents do not all start at once. */
const FIRST_SPREAD_MS = 3_000;
/** Agents that are due within a tick measure together, so that their batches share a write to disk. */
const TICK_MS = 250;

/** Every agent of a city in one process. */
export function createFleet(deps: FleetDeps): Service & { stats(): FleetStats } {
  const { model, clock, log, intervalMs } = deps;
  const agents: SimulatedAgent[] = [];
  const wheel = new TickWheel<SimulatedAgent>(TICK_MS);
  const links = new FleetLinks(clock);
  let journal: FleetJournal | undefined;
  let ticking: NodeJS.Timeout | undefined;
  let stopping: Promise<void> | undefined;

  const step = (agent: SimulatedAgent): void => {
    const nowMs = clock.now();
    agent
      .step(model.conditionAt(agent.id, nowMs), model.samplesAt(agent.id, nowMs))
      .catch((error: unknown) => log.error({ agent: agent.id, err: error }, 'simulated agent failed'));
    wheel.add(clock.monotonicMs() + untilNextMs(agent.id, nowMs, intervalMs), agent);
  };

  return {
    name: 'simulated agents',
    start: async () => {
      const opened = await FleetJournal.open({ directory: join(deps.directory, 'journal'), clock, log });
      journal = opened;
      const nowMs = clock.monotonicMs();
      for (const { id, kind, site, unit } of model.inventory.agents) {
        const place = { kind, site, unit };
        const agent = new SimulatedAgent({ fleet: deps, id, place, queue: opened.queueOf(id), links });
        agents.push(agent);
        wheel.add(nowMs + hash01(`first ${id}`) * FIRST_SPREAD_MS, agent);
      }
      ticking = setInterval(() => wheel.takeDue(clock.monotonicMs()).forEach(step), TICK_MS);
    },
    stop: () =>
      (stopping ??= (async () => {
        clearInterval(ticking);
        await inGroups(agents, (agent) => agent.stop());
        await journal?.close();
      })()),
    stats: () => addUp(agents, links.readyCount),
  };
}

function addUp(agents: readonly SimulatedAgent[], connected: number): FleetStats {
  const total = {
    agents: agents.length,
    connected,
    cutOff: 0,
    dark: 0,
    samplesProduced: 0,
    valuesProduced: 0,
    batchesAcked: 0,
    pendingBatches: 0,
    lostBatches: 0,
  };
  for (const agent of agents) {
    if (agent.condition === 'cut_off') total.cutOff++;
    if (agent.condition === 'dark') total.dark++;
    total.samplesProduced += agent.samplesProduced;
    total.valuesProduced += agent.valuesProduced;
    total.batchesAcked += agent.queue.acked;
    total.pendingBatches += agent.queue.pendingBatches;
    total.lostBatches += agent.queue.lostBatches;
  }
  return total;
}

/** Until the agent's next measurement: at least half an interval, also at the start or when a timer fires early. */
function untilNextMs(agent: string, nowMs: number, intervalMs: number): number {
  const waitMs = intervalMs - ((nowMs - phaseMs(agent, intervalMs)) % intervalMs);
  return waitMs < intervalMs / 2 ? waitMs + intervalMs : waitMs;
}

async function inGroups<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += GROUP_SIZE) {
    await Promise.all(items.slice(start, start + GROUP_SIZE).map(work));
  }
}
