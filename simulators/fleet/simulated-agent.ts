import { join } from 'node:path';
import { encodeLossBody, encodeSamples } from '../../contract/codec.ts';
import { createPublisher, type Publisher } from '../../edge/publisher/publisher.ts';
import { openQueue } from '../../edge/queue/open-queue.ts';
import type { Queue } from '../../edge/queue/queue.ts';
import type { Sample } from '../../contract/sample.ts';
import type { Condition } from '../city/city.ts';
import type { FleetDeps } from './fleet-deps.ts';

const QUEUE_LIMITS = { maxBytes: 8 * 1024 * 1024, segmentBytes: 256 * 1024, commitDelayMs: 100 };
const FIRST_CONNECT_MAX_MS = 2_000;

/** An agent with a simulated source, and a real queue on disk and publisher. */
export class SimulatedAgent {
  readonly id: string;
  readonly #deps: FleetDeps;
  readonly #queue: Queue;
  #publisher: Publisher | undefined;
  #births: number;
  /** Counts of earlier publishers, which faults ended. */
  readonly #before = { acked: 0, resends: 0 };
  condition: Condition = 'connected';
  samplesProduced = 0;
  valuesProduced = 0;

  private constructor(id: string, deps: FleetDeps, queue: Queue) {
    this.id = id;
    this.#deps = deps;
    this.#queue = queue;
    // Grows from run to run without a file.
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

  get isConnected(): boolean {
    return this.#publisher?.status().connected === true;
  }

  get batchesAcked(): number {
    return this.#before.acked + (this.#publisher?.status().acked ?? 0);
  }

  get resends(): number {
    return this.#before.resends + (this.#publisher?.status().resends ?? 0);
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
      void this.#queue.append({ body: bytes, ...rest });
  }

  async stop(): Promise<void> {
    await this.#publisher?.stop();
    await this.#queue.close();
  }

  #cut(): void {
    if (this.#publisher === undefined) return;
    const { acked, resends } = this.#publisher.status();
    this.#before.acked += acked;
    this.#before.resends += resends;
    this.#publisher.cut();
    this.#publisher = undefined;
  }

  async #connect(): Promise<void> {
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
