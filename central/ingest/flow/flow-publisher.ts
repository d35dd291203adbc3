import type { Flow } from '../../../contract/ack.ts';
import { PROTOCOL_VERSION } from '../../../contract/batch.ts';
import { FLOW_TOPIC } from '../../../contract/topics.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { creditsFor, nextFlowMode, type Credits, type FlowLimits } from './flow-control.ts';

export interface FlowPublisherDeps {
  readonly limits: FlowLimits & { readonly republishMs: number };
  readonly clock: Clock;
  readonly log: Logger;
  readonly fillRatio: () => number;
  readonly storeAvailable: () => boolean;
  /** How much of the memory for batches that are judged but not buffered is in use, 0 to 1. */
  readonly judgedRatio: () => number;
  readonly backfillingAgents: () => number;
  readonly publish: (topic: string, payload: string, options: { qos: 1; retain: true }) => void;
}

/** Keeps the flow mode and publishes it to all agents: when it changes, after each reconnect and every minute. */
export class FlowPublisher {
  readonly #deps: FlowPublisherDeps;
  #mode: Flow['mode'] = 'go';
  #publishedAtMs = -Infinity;

  constructor(deps: FlowPublisherDeps) {
    this.#deps = deps;
  }

  get mode(): Flow['mode'] {
    return this.#mode;
  }

  credits(): Credits {
    return creditsFor(this.#deps.fillRatio(), this.#deps.backfillingAgents(), this.#deps.limits);
  }

  update(): void {
    const { log, fillRatio, storeAvailable, judgedRatio } = this.#deps;
    const inputs = {
      fillRatio: fillRatio(),
      storeAvailable: storeAvailable(),
      judgedRatio: judgedRatio(),
    };
    const mode = nextFlowMode(this.#mode, inputs);
    if (mode === this.#mode) return;
    log.warn({ from: this.#mode, to: mode, ...inputs }, 'flow mode changed');
    this.#mode = mode;
    this.publish();
  }

  republishIfDue(): void {
    const { clock, limits } = this.#deps;
    if (clock.monotonicMs() - this.#publishedAtMs >= limits.republishMs) this.publish();
  }

  publish(): void {
    this.#publishedAtMs = this.#deps.clock.monotonicMs();
    const flow: Flow = { v: PROTOCOL_VERSION, mode: this.#mode, backfillPerS: this.credits().backfillPerS };
    this.#deps.publish(FLOW_TOPIC, JSON.stringify(flow), { qos: 1, retain: true });
  }
}
