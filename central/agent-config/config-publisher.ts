import { encodeAgentConfig } from '../../contract/agent-config.ts';
import { agentTopic } from '../../contract/topics.ts';
import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Bus } from '../mqtt/bus.ts';
import type { ConfigBook, ConfigRevision } from './config-book.ts';
import { standingOf, type ReportedConfig } from './standing.ts';

export interface ConfigPublisherDeps {
  readonly bus: Pick<Bus, 'publish' | 'onConnected'>;
  readonly book: Pick<ConfigBook, 'all' | 'desired'>;
  /** What the agent last said; undefined: nothing yet. */
  readonly reported: (agent: string) => ReportedConfig | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** When a broker takes no more for now. */
const PAUSE_MS = 1_000;
const MAX_PAUSES = 60;

/**
 * Keeps each agent's desired config retained at the broker: at each change, and all of them after each (re)connect, for
 * a broker may have lost them. An agent that speaks without it gets it again. Make it before the bus starts.
 */
export class ConfigPublisher {
  readonly #deps: ConfigPublisherDeps;
  readonly #stop = new AbortController();
  /** Agents that have nothing retained any more. */
  readonly #cleared = new Set<string>();
  #round = 0;

  constructor(deps: ConfigPublisherDeps) {
    this.#deps = deps;
    deps.bus.onConnected(() => void this.#publishAll());
  }

  stop(): void {
    this.#stop.abort(new Error('stopping'));
  }

  /** The desired config of an agent as it is now. Best effort: it comes again with the next connection. */
  publish(agent: string): void {
    this.#say(agent).catch((error: unknown) => {
      this.#deps.log.debug({ agent, problem: messageOf(error) }, 'config not published');
    });
  }

  /** After each state message of an agent. */
  agentSpoke(agent: string): void {
    const desired = this.#deps.book.desired(agent);
    if (desired === undefined) return;
    const { state } = standingOf(desired, this.#deps.reported(agent));
    const toClear = isTakenBack(desired, state) && !this.#cleared.has(agent);
    if (state === 'pending' || toClear) this.publish(agent);
  }

  async #publishAll(): Promise<void> {
    const round = ++this.#round;
    const { book, clock, log } = this.#deps;
    this.#cleared.clear();
    for (const { agent } of book.all()) {
      for (let pauses = 0; round === this.#round && !this.#stop.signal.aborted; pauses++) {
        try {
          await this.#say(agent);
          break;
        } catch (error) {
          log.debug({ agent, problem: messageOf(error) }, 'config not published');
          if (pauses === MAX_PAUSES) return;
          await clock.sleep(PAUSE_MS, this.#stop.signal).catch(() => undefined);
        }
      }
    }
  }

  async #say(agent: string): Promise<void> {
    const { book, bus, reported } = this.#deps;
    const desired = book.desired(agent);
    if (desired === undefined) return;
    const { revision, config } = desired;
    // Once the agent is back on its own file there is nothing left to retain.
    const toClear = isTakenBack(desired, standingOf(desired, reported(agent)).state);
    const payload = toClear ? '' : encodeAgentConfig(revision, config);
    await bus.publish(agentTopic(agent, 'config'), payload, { qos: 1, retain: true });
    if (toClear) this.#cleared.add(agent);
    else this.#cleared.delete(agent);
  }
}

function isTakenBack(desired: ConfigRevision, state: ReturnType<typeof standingOf>['state']): boolean {
  return desired.config === null && state === 'own_file';
}
