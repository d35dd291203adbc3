import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../runtime/clock.ts';
import { ManualClock } from '../runtime/manual-clock.ts';
import { phaseMs } from '../simulators/city/cadence.ts';
import type { SampleStore } from '../central/store/sample-store.ts';
import type { CityModel } from '../simulators/city/city.ts';
import { VirtualAgent } from './agents/virtual-agent.ts';
import { discardingStore } from './central/discarding-store.ts';
import { startVirtualCentral } from './central/virtual-central.ts';
import { readRecord, type Recorded } from './record.ts';

export interface CityRun {
  readonly city: CityModel;
  readonly fromMs: number;
  readonly toMs: number;
  /** Between two batches of a gateway, and of a server. */
  readonly intervalMs: { readonly gateway: number; readonly server: number };
  readonly random: Random;
  /** What its store has of the time before; without it nothing. */
  readonly past?: SampleStore['query'];
  /** Called each virtual hour. */
  readonly onHour?: (hours: number) => void;
}

/** Agents measure at the first of these after their own time. */
const STEP_MS = 500;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** Runs the real parts of central over what the agents of a city send, on virtual time. The same run gives the same record. */
export async function runCity(run: CityRun): Promise<Recorded> {
  const { city, fromMs, toMs, random } = run;
  const clock = new ManualClock(fromMs);
  const directory = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  const agents = new Map<string, VirtualAgent>();
  try {
    const central = await startVirtualCentral({
      ...{ clock, random, directory, inventory: city.inventory },
      store: run.past === undefined ? discardingStore : { ...discardingStore, query: run.past },
      onAck: (agent, payload) => agents.get(agent)?.onAck(payload),
    });
    const { bus } = central;
    for (const { id, kind, site, unit } of city.inventory.agents) {
      const intervalMs = run.intervalMs[kind];
      agents.set(id, new VirtualAgent({ id, kind, site, unit, intervalMs }, epochOf(id), bus));
    }
    for (const [id, agent] of agents) agent.start(city.conditionAt(id, fromMs));
    const beats = new Beats([...agents.values()], fromMs);
    const behind = new Set<VirtualAgent>();
    for (let step = 1; fromMs + step * STEP_MS <= toMs; step++) {
      await clock.advance(STEP_MS);
      const nowMs = clock.now();
      for (const agent of beats.at(step)) {
        const { id } = agent.place;
        agent.beat(city.conditionAt(id, nowMs), city.samplesAt(id, nowMs), nowMs);
        if (agent.isBehind) behind.add(agent);
      }
      const sinceMs = nowMs - fromMs;
      if (sinceMs % SECOND_MS === 0) for (const agent of behind) sendBacklog(agent, behind, nowMs);
      if (sinceMs % HOUR_MS === 0) run.onHour?.(sinceMs / HOUR_MS);
    }
    const batches = [...agents.values()].reduce((sum, agent) => sum + agent.batches, 0);
    const measured = [...bus.measured].sort();
    const record = { ...readRecord(central), batches, measured, endedAtMs: clock.now() };
    const stopped = central.stop();
    await clock.advance(HOUR_MS / 60);
    await stopped;
    return record;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function sendBacklog(agent: VirtualAgent, behind: Set<VirtualAgent>, nowMs: number): void {
  if (agent.isBehind) agent.sendBacklog(nowMs);
  else behind.delete(agent);
}

/** Who measures at which step. */
class Beats {
  /** By the length of an interval in steps, and the step within it. */
  readonly #due = new Map<number, readonly VirtualAgent[][]>();

  constructor(agents: readonly VirtualAgent[], fromMs: number) {
    for (const agent of agents) {
      const { id, intervalMs } = agent.place;
      const steps = Math.max(1, Math.round(intervalMs / STEP_MS));
      const slots = this.#due.get(steps) ?? Array.from({ length: steps }, (): VirtualAgent[] => []);
      this.#due.set(steps, slots);
      const untilMs = (phaseMs(id, intervalMs) - fromMs) % intervalMs;
      slots[Math.ceil(((untilMs + intervalMs) % intervalMs) / STEP_MS) % steps]?.push(agent);
    }
  }

  *at(step: number): Iterable<VirtualAgent> {
    for (const [steps, slots] of this.#due) yield* slots[step % steps] ?? [];
  }
}

/** Of its queue: 8 to 16 of a-z and 0-9. */
function epochOf(agent: string): string {
  return `e${agent.replaceAll('-', '')}`.slice(0, 16).padEnd(8, '0');
}
