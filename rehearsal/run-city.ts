import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../runtime/clock.ts';
import { ManualClock } from '../runtime/manual-clock.ts';
import { phaseMs } from '../simulators/city/cadence.ts';
import type { AlertRule } from '../central/alerts/rules/rule.ts';
import type { WindowRequest } from '../central/alerts/life/maintenance/window.ts';
import { StoreUnavailableError, type SampleStore } from '../central/store/sample-store.ts';
import type { CityModel } from '../simulators/city/city.ts';
import { VirtualAgent } from './agents/virtual-agent.ts';
import { discardingStore } from './central/discarding-store.ts';
import { startVirtualCentral, type VirtualCentral } from './central/virtual-central.ts';
import { readRecord, type Recorded } from './record.ts';

export interface CityRun {
  readonly city: CityModel;
  readonly fromMs: number;
  readonly toMs: number;
  /** Between two batches of a gateway, and of a server. */
  readonly intervalMs: { readonly gateway: number; readonly server: number };
  readonly random: Random;
  /** Without them those that are shipped. */
  readonly rules?: readonly AlertRule[];
  /** Where it may write meanwhile; without it where temporary files are. */
  readonly directory?: string;
  /** What its store has of the time before; without it nothing. */
  readonly past?: SampleStore['query'];
  /** Besides what the city does by itself. */
  readonly disturbances?: Disturbances;
  /** Called each virtual hour. */
  readonly onHour?: (hours: number) => void;
}

/** What goes wrong at central and with clocks, and what people have planned. Times are Unix ms, true ones. */
export interface Disturbances {
  readonly isStoreAway: (timeMs: number) => boolean;
  /** Central's process stands still. */
  readonly isPaused: (timeMs: number) => boolean;
  /** How far the clock of central's machine is ahead. */
  readonly centralAheadMs: (timeMs: number) => number;
  readonly agentAheadMs: (agent: string, timeMs: number) => number;
  readonly maintenance: readonly WindowRequest[];
}

/** Agents measure at the first of these after their own time. */
const STEP_MS = 500;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** Runs the real parts of central over what the agents of a city send, on virtual time. The same run gives the same record. */
export async function runCity(run: CityRun): Promise<Recorded> {
  const { city, fromMs, toMs, random, disturbances: disturbed } = run;
  const clock = new ManualClock(fromMs, oneTurn);
  const directory = mkdtempSync(join(run.directory ?? tmpdir(), 'rehearsal-'));
  const clearAway = (): void => rmSync(directory, { recursive: true, force: true });
  // A second signal ends the process at once.
  process.once('exit', clearAway);
  const agents = new Map<string, VirtualAgent>();
  try {
    const store = run.past === undefined ? discardingStore : { ...discardingStore, query: run.past };
    const central = await startVirtualCentral({
      ...{ clock, random, directory, inventory: city.inventory },
      ...(run.rules !== undefined && { rules: run.rules }),
      store: unlessAway(store, () => disturbed?.isStoreAway(clock.monotonicMs()) === true),
      onAck: (agent, payload) => agents.get(agent)?.onAck(payload),
    });
    const { bus } = central;
    for (const window of disturbed?.maintenance ?? []) plan(central, window);
    for (const { id, kind, site, unit } of city.inventory.agents) {
      const intervalMs = run.intervalMs[kind];
      agents.set(id, new VirtualAgent({ id, kind, site, unit, intervalMs }, epochOf(id), bus));
    }
    for (const [id, agent] of agents) agent.start(city.conditionAt(id, fromMs));
    const beats = new Beats([...agents.values()], fromMs);
    const behind = new Set<VirtualAgent>();
    let stoodStillMs = 0;
    let aheadMs = 0;
    for (let step = 1; fromMs + step * STEP_MS <= toMs; step++) {
      const nowMs = fromMs + step * STEP_MS;
      const isPaused = disturbed?.isPaused(nowMs) === true;
      if (isPaused) stoodStillMs += STEP_MS;
      else {
        const nextAheadMs = disturbed?.centralAheadMs(nowMs) ?? 0;
        if (nextAheadMs !== aheadMs) clock.stepWallClock(nextAheadMs - aheadMs);
        aheadMs = nextAheadMs;
        clock.freeze(stoodStillMs);
        await clock.advance(STEP_MS);
        // What agents sent meanwhile waits in the sockets.
        if (stoodStillMs > 0) for (const agent of agents.values()) agent.sendHeld(nowMs);
        stoodStillMs = 0;
      }
      for (const agent of beats.at(step)) {
        const { id } = agent.place;
        const samples = city.samplesAt(id, nowMs);
        if (disturbed !== undefined) agent.setClock(disturbed.agentAheadMs(id, nowMs));
        if (isPaused) agent.hold(samples, nowMs);
        else agent.beat(city.conditionAt(id, nowMs), samples, nowMs);
        if (agent.isBehind) behind.add(agent);
      }
      const sinceMs = nowMs - fromMs;
      if (sinceMs % SECOND_MS === 0 && !isPaused)
        for (const agent of behind) sendBacklog(agent, behind, nowMs);
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
    process.off('exit', clearAway);
    clearAway();
  }
}

/** What runs between two wakings waits for promises and for the next turn of the event loop at most. */
function oneTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A store that takes no writes while it is away: batches are kept, and asked for again. */
function unlessAway(store: SampleStore, isAway: () => boolean): SampleStore {
  return {
    ...store,
    write: (...given) =>
      isAway() ? Promise.reject(new StoreUnavailableError('the store is away')) : store.write(...given),
  };
}

function plan({ parts }: VirtualCentral, window: WindowRequest): void {
  const planned = parts.maintenance.create(window, { actor: 'rehearsal', from: 'rehearsal' });
  if (!('window' in planned)) throw new Error(`maintenance was not planned: ${JSON.stringify(planned)}`);
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
