import { join } from 'node:path';
import { encodeLossBody, encodeSamples } from '../../contract/codec.ts';
import { createPublisher, type Publisher } from '../../edge/publisher/publisher.ts';
import { openQueue } from '../../edge/queue/open-queue.ts';
import type { Queue } from '../../edge/queue/queue.ts';
import type { Sample } from '../../contract/sample.ts';
import type { FleetDeps } from './fleet.ts';

const QUEUE_LIMITS = { maxBytes: 8 * 1024 * 1024, segmentBytes: 256 * 1024, commitDelayMs: 100 };
const FIRST_CONNECT_MAX_MS = 2_000;

/** A real agent with a made-up source: its own queue on disk, its own publisher. */
export class SimulatedAgent {
  readonly id: string;
  readonly #deps: FleetDeps;
  readonly #queue: Queue;
  #publisher: Publisher | undefined;
  #births: number;
  samplesProduced = 0;
  valuesProduced = 0;

  private constructor(id: string, deps: FleetDeps, queue: Queue) {
    this.id = id;
    this.#deps = deps;
    this.#queue = queue;
    // Grows from run to run without a file and its fsync.
    this.#births = Math.floor(deps.clock.now() / 1_000);
  }

  static async open(id: string, deps: FleetDeps): Promise<SimulatedAgent> {
    const queue = await openQueue({
      directory: join(deps.directory, id),
      clock: deps.clock,
      log: deps.log,
      encodeLoss: encodeLossBody,
      ...QUEUE_LIMITS,
    });
    return new SimulatedAgent(id, deps, queue);
  }

  get queueStats() {
    return this.#queue.stats();
  }

  get publisherStatus() {
    return this.#publisher?.status();
  }

  /** Measures once. Without samples the agent does not run at all: its connection goes too, until they are back. */
  async step(samples: readonly Sample[] | undefined): Promise<void> {
    if (samples === undefined) {
      this.#publisher?.cut();
      this.#publisher = undefined;
      return;
    }
    await this.#comeUp();
    for (const sample of samples) this.valuesProduced += Object.keys(sample.fields).length;
    this.samplesProduced += samples.length;
    for (const { bytes, ...rest } of encodeSamples(samples).bodies)
      void this.#queue.append({ body: bytes, ...rest });
  }

  async stop(): Promise<void> {
    await this.#publisher?.stop();
    await this.#queue.close();
  }

  async #comeUp(): Promise<void> {
    if (this.#publisher !== undefined) return;
    const { clock, random, log, intervalMs } = this.#deps;
    const place = this.#deps.model.inventory.agents.find((agent) => agent.id === this.id);
    const publisher = createPublisher({
      agent: this.id,
      queue: this.#queue,
      connection: this.#deps.connection(this.id),
      nextBirth: () => ++this.#births,
      describe: () => ({
        intervalMs,
        software: 'simulated',
        ...(place !== undefined && { kind: place.kind, site: place.site, unit: place.unit }),
      }),
      clock,
      random,
      log,
      timings: { firstConnectMaxMs: FIRST_CONNECT_MAX_MS },
    });
    this.#publisher = publisher;
    await publisher.start(this.#deps.signal);
  }
}
