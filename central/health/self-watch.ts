import type { Logger } from '../../runtime/logger.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';
import { StallWatch } from '../liveness/stall-watch.ts';
import type { TrustedClock } from '../liveness/trusted-clock.ts';
import type { Reconciliation } from './reconciliation/reconciliation.ts';
import type { ResourceStates } from './services/resource-states.ts';
import type { ServiceStates } from './services/service-states.ts';
import type { StateEngine } from './states/create-city-states.ts';
import type { StateHistory } from './states/history/state-history.ts';

export interface SelfWatchDeps {
  readonly registry: Pick<
    AgentRegistry,
    'recordStall' | 'clockOffsets' | 'shiftTime' | 'checkHearing' | 'setListening'
  >;
  readonly states: Pick<StateEngine, 'recordStall' | 'shiftTime' | 'setDeaf'>;
  readonly services: Pick<ServiceStates, 'shiftTime' | 'setDeaf'>;
  readonly resources: Pick<ResourceStates, 'shiftTime'>;
  readonly reconciliation: Pick<Reconciliation, 'recordGap'>;
  readonly stateHistory: Pick<StateHistory, 'recordStall' | 'shiftTime'>;
  /** Central is connected, and takes what agents send. */
  readonly isListening: () => boolean;
  readonly clock: TrustedClock;
  readonly log: Logger;
}

/** How often `check` is called. */
export const SELF_WATCH_MS = 1_000;
const DEAF =
  'nearly all agents fell silent at once: the fault is probably at the end of central (network, broker); none is absent';
const HEARS_AGAIN = 'half of the agents that fell silent at once are heard again: their absence counts again';

/**
 * What is wrong with central's own time and hearing, so that nobody takes it for the silence of agents: it stood still, its
 * clock was set, or it hears almost nobody.
 */
export class SelfWatch {
  readonly #deps: SelfWatchDeps;
  readonly #stalls: StallWatch;
  #isDeaf = false;

  constructor(deps: SelfWatchDeps) {
    this.#deps = deps;
    this.#stalls = new StallWatch(SELF_WATCH_MS, deps.clock.monotonicMs());
  }

  /** Nearly all agents fell silent at once. */
  get isDeaf(): boolean {
    return this.#isDeaf;
  }

  /** How long central itself stood still, since its start. */
  get stalledMs(): number {
    return this.#stalls.totalMs;
  }

  /** Each second, before anybody judges who is absent. */
  check(): void {
    const { registry, clock, isListening } = this.#deps;
    const stalledMs = this.#stalls.tick(clock.monotonicMs());
    if (stalledMs > 0) this.#recordStall(stalledMs);
    const stepMs = clock.check(registry.clockOffsets(clock.now()));
    if (stepMs !== 0) this.#shiftTime(stepMs);
    this.#setDeaf(registry.checkHearing(clock.now()));
    registry.setListening(isListening());
  }

  #recordStall(stalledMs: number): void {
    const { registry, states, reconciliation, stateHistory, log } = this.#deps;
    log.error({ stalledMs }, 'central stood still; the silence of that time is not that of the agents');
    registry.recordStall(stalledMs);
    states.recordStall(stalledMs);
    reconciliation.recordGap();
    stateHistory.recordStall(stalledMs);
  }

  #shiftTime(stepMs: number): void {
    const { registry, states, services, resources, stateHistory } = this.#deps;
    registry.shiftTime(stepMs);
    states.shiftTime(stepMs);
    services.shiftTime(stepMs);
    resources.shiftTime(stepMs);
    stateHistory.shiftTime();
  }

  #setDeaf(isDeaf: boolean): void {
    const { states, services, reconciliation, log } = this.#deps;
    if (isDeaf && !this.#isDeaf) log.error(DEAF);
    if (this.#isDeaf && !isDeaf) {
      log.info(HEARS_AGAIN);
      reconciliation.recordGap();
    }
    this.#isDeaf = isDeaf;
    states.setDeaf(isDeaf);
    services.setDeaf(isDeaf);
  }
}
