import { agentTopic } from '../../contract/topics.ts';
import { fullJitterMs } from '../../runtime/backoff.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { BrokerConnection, Endpoint } from '../protocols/mqtt/connection.ts';
import type { Topics } from './inbound-topics.ts';
import type { Link, OpenLink } from './mqtt-link.ts';
import type { PublisherTimings } from './timings.ts';

export interface ConnectorDeps {
  readonly agent: string;
  readonly endpoint: Endpoint;
  readonly connection: BrokerConnection;
  readonly nextBirth: () => number;
  readonly will: (birth: number) => string;
  readonly topics: Topics;
  readonly openLink: OpenLink;
  readonly timings: PublisherTimings;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly onReady: () => void;
  /** After each broken connection and each failed attempt; the next attempt is scheduled by then. */
  readonly onLost: () => void;
  readonly onMessage: (topic: string, payload: Buffer) => void;
}

export interface ReadyLink {
  readonly link: Link;
  readonly birth: number;
  readonly sinceMs: number;
}

type Phase =
  | { readonly name: 'stopped' }
  | { readonly name: 'waiting'; readonly connectAtMs: number }
  | { readonly name: 'connecting'; readonly link: Link; readonly timeoutAtMs: number }
  | { readonly name: 'ready'; readonly ready: ReadyLink };

/** stopped → waiting → connecting → ready → waiting …; the owner calls tick() no later than `nextWakeMs`. */
export class Connector {
  readonly #deps: ConnectorDeps;
  #phase: Phase = { name: 'stopped' };
  #attempts = 0;
  #connects = 0;
  #reportedReason: string | undefined;

  constructor(deps: ConnectorDeps) {
    this.#deps = deps;
  }

  get ready(): ReadyLink | undefined {
    return this.#phase.name === 'ready' ? this.#phase.ready : undefined;
  }

  get connects(): number {
    return this.#connects;
  }

  get nextWakeMs(): number | undefined {
    if (this.#phase.name === 'waiting') return this.#phase.connectAtMs;
    return this.#phase.name === 'connecting' ? this.#phase.timeoutAtMs : undefined;
  }

  start(nowMs: number): void {
    const { random, timings } = this.#deps;
    this.#phase = { name: 'waiting', connectAtMs: nowMs + random() * timings.firstConnectMaxMs };
  }

  tick(nowMs: number): void {
    const phase = this.#phase;
    if (phase.name === 'waiting' && nowMs >= phase.connectAtMs) {
      this.#connect(nowMs);
    } else if (phase.name === 'connecting' && nowMs >= phase.timeoutAtMs) {
      phase.link.close();
      this.#retryLater(
        `no answer within ${this.#deps.timings.connectTimeoutMs} ms, while ${phase.link.step}`,
      );
    }
  }

  /** Final. Returns an established connection, for a clean end; an attempt under way is aborted. */
  stop(): ReadyLink | undefined {
    const phase = this.#phase;
    this.#phase = { name: 'stopped' };
    if (phase.name === 'connecting') phase.link.close();
    return phase.name === 'ready' ? phase.ready : undefined;
  }

  #connect(nowMs: number): void {
    const { agent, endpoint, connection, timings, topics, openLink, nextBirth, will, onMessage } = this.#deps;
    try {
      // Counted before connecting: a CONNECT whose answer is lost leaves a will with this number at the broker.
      const birth = nextBirth();
      const link = openLink({
        clientId: agent,
        endpoint,
        connection,
        keepaliveMs: timings.keepaliveMs,
        connectTimeoutMs: timings.connectTimeoutMs,
        will: { topic: agentTopic(agent, 'state'), payload: will(birth) },
        topics,
        onReady: (refused) => this.#ready(link, birth, refused),
        onMessage,
        onClosed: (reason) => this.#retryLater(reason),
      });
      this.#phase = { name: 'connecting', link, timeoutAtMs: nowMs + timings.connectTimeoutMs };
    } catch (error) {
      this.#retryLater(messageOf(error));
    }
  }

  #ready(link: Link, birth: number, refused: readonly string[]): void {
    const { agent, endpoint, clock, log, onReady } = this.#deps;
    this.#phase = { name: 'ready', ready: { link, birth, sinceMs: clock.monotonicMs() } };
    this.#connects++;
    this.#reportedReason = undefined;
    log.info({ agent, broker: endpoint.host, port: endpoint.port }, 'connected to the broker');
    if (refused.length > 0) {
      log.warn({ agent, topics: refused }, 'the broker refuses these optional subscriptions');
    }
    onReady();
  }

  #retryLater(reason: string): void {
    if (this.#phase.name === 'stopped') return;
    const { clock, random, timings, onLost } = this.#deps;
    const nowMs = clock.monotonicMs();
    if (this.#phase.name === 'ready' && nowMs - this.#phase.ready.sinceMs >= timings.stableAfterMs) {
      this.#attempts = 0;
    }
    const backoff = { baseMs: timings.backoffBaseMs, capMs: timings.backoffCapMs };
    const waitMs = fullJitterMs(this.#attempts++, backoff, random);
    this.#report(reason, waitMs);
    this.#phase = { name: 'waiting', connectAtMs: nowMs + waitMs };
    onLost();
  }

  /** Once per reason, not per attempt. */
  #report(reason: string, nextTryMs: number): void {
    const { agent, endpoint, log } = this.#deps;
    const level = this.#reportedReason === reason ? 'debug' : 'warn';
    this.#reportedReason = reason;
    log[level](
      { agent, broker: endpoint.host, port: endpoint.port, err: reason, nextTryMs },
      'no connection',
    );
  }
}
