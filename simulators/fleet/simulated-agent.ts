import { encodeSamples } from '../../contract/codec.ts';
import type { Sample } from '../../contract/sample.ts';
import type { AgentDescription } from '../../edge/publisher/state-message.ts';
import { createPublisher, type Publisher } from '../../edge/publisher/publisher.ts';
import type { Condition } from '../city/city.ts';
import type { AgentQueue } from './agent-queue.ts';
import type { FleetDeps } from './fleet-deps.ts';
import type { FleetLinks } from './fleet-links.ts';

export interface SimulatedAgentDeps {
  readonly fleet: FleetDeps;
  readonly id: string;
  readonly place: AgentDescription;
  readonly queue: AgentQueue;
  readonly links: FleetLinks;
}

const FIRST_CONNECT_MAX_MS = 2_000;

/** An agent with a simulated source and a real publisher; queue and connection share what they can with the fleet. */
export class SimulatedAgent {
  readonly id: string;
  readonly queue: AgentQueue;
  readonly #deps: SimulatedAgentDeps;
  #publisher: Publisher | undefined;
  #births: number;
  condition: Condition = 'connected';
  samplesProduced = 0;
  valuesProduced = 0;

  constructor(deps: SimulatedAgentDeps) {
    this.id = deps.id;
    this.queue = deps.queue;
    this.#deps = deps;
    // Grows from run to run without a file.
    this.#births = Math.floor(deps.fleet.clock.now() / 1_000);
  }

  /**
   * Measures once. `samples`: undefined while it is dark; while it is cut off they wait in the queue. A connection is
   * broken without DISCONNECT.
   */
  async step(condition: Condition, samples: readonly Sample[] | undefined): Promise<void> {
    this.condition = condition;
    if (condition === 'connected') await this.#connect();
    else this.#cut();
    if (samples === undefined) return;
    for (const sample of samples) this.valuesProduced += Object.keys(sample.fields).length;
    this.samplesProduced += samples.length;
    for (const { bytes, ...rest } of encodeSamples(samples).bodies)
      void this.queue.append({ body: bytes, ...rest });
  }

  async stop(): Promise<void> {
    await this.#publisher?.stop();
  }

  #cut(): void {
    if (this.#publisher === undefined) return;
    this.#publisher.cut();
    this.#publisher = undefined;
  }

  async #connect(): Promise<void> {
    if (this.#publisher !== undefined) return;
    const { id, place, queue, links, fleet } = this.#deps;
    const { connection, clock, clockOf, random, log, intervalMs, signal } = fleet;
    const publisher = createPublisher({
      agent: id,
      queue,
      connection: connection(id),
      nextBirth: () => ++this.#births,
      describe: () => ({ intervalMs, software: 'simulated', ...place }),
      openLink: (options) => links.open(options),
      clock: clockOf?.(id) ?? clock,
      random,
      log,
      timings: { firstConnectMaxMs: FIRST_CONNECT_MAX_MS },
    });
    this.#publisher = publisher;
    await publisher.start(signal);
  }
}
