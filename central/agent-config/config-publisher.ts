import { encodeAgentConfig } from '../../contract/agent-config.ts';
import { agentTopic } from '../../contract/topics.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Bus } from '../mqtt/bus.ts';
import type { ConfigRevision, ConfigRevisions } from './config-revisions.ts';
import { standingOf, type ReportedConfig } from './standing.ts';

export interface ConfigPublisherDeps {
  readonly bus: Pick<Bus, 'publish' | 'onConnected'>;
  readonly revisions: Pick<ConfigRevisions, 'all' | 'desired'>;
  /** What the agent last reported; undefined: nothing yet. */
  readonly reported: (agent: string) => ReportedConfig | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Between two tries while the broker accepts nothing. */
const PAUSE_MS = 1_000;
const MAX_PAUSES = 60;

/**
 * Keeps each agent's desired config retained at the broker: publishes it at each change, all of them after each
 * (re)connect, as a broker may have lost them, and again when an agent reports without it. Create it before the bus
 * starts: it registers for the first connection.
 */
export class ConfigPublisher {
  readonly #deps: ConfigPublisherDeps;
  readonly #stop = new AbortController();
  /** Agents whose retained message was deleted since the last connection. */
  readonly #cleared = new Set<string>();
  #round = 0;

  constructor(deps: ConfigPublisherDeps) {
    this.#deps = deps;
    deps.bus.onConnected(() => void this.#publishAll());
  }

  stop(): void {
    this.#stop.abort(new Error('stopping'));
  }

  /** Best effort: what fails is published again after the next connection. */
  publish(agent: string): void {
    this.#publishNow(agent).catch((err: unknown) => {
      this.#deps.log.debug({ agent, err }, 'config not published');
    });
  }

  /** To be called after each state message of an agent. */
  onAgentState(agent: string): void {
    const desired = this.#deps.revisions.desired(agent);
    if (desired === undefined) return;
    const { state } = standingOf(desired, this.#deps.reported(agent));
    const toClear = isWithdrawn(desired, state) && !this.#cleared.has(agent);
    if (state === 'pending' || toClear) this.publish(agent);
  }

  async #publishAll(): Promise<void> {
    const round = ++this.#round;
    const { revisions, clock, log } = this.#deps;
    this.#cleared.clear();
    for (const { agent } of revisions.all()) {
      for (let pauses = 0; round === this.#round && !this.#stop.signal.aborted; pauses++) {
        try {
          await this.#publishNow(agent);
          break;
        } catch (err) {
          log.debug({ agent, err }, 'config not published');
          if (pauses === MAX_PAUSES) return;
          await clock.sleep(PAUSE_MS, this.#stop.signal).catch(() => undefined);
        }
      }
    }
  }

  async #publishNow(agent: string): Promise<void> {
    const { revisions, bus, reported } = this.#deps;
    const desired = revisions.desired(agent);
    if (desired === undefined) return;
    const { revision, config } = desired;
    // An empty retained message deletes the one before: the agent runs its own file and needs none.
    const toClear = isWithdrawn(desired, standingOf(desired, reported(agent)).state);
    const payload = toClear ? '' : encodeAgentConfig(revision, config);
    await bus.publish(agentTopic(agent, 'config'), payload, { qos: 1, retain: true });
    if (toClear) this.#cleared.add(agent);
    else this.#cleared.delete(agent);
  }
}

function isWithdrawn(desired: ConfigRevision, state: ReturnType<typeof standingOf>['state']): boolean {
  return desired.config === null && state === 'own_file';
}
