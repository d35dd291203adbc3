import { agentTopic } from '../../contract/topics.ts';
import { fullJitterMs } from '../../runtime/backoff.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Endpoint, PublisherConnection } from './connection.ts';
import type { Topics } from './inbound-topics.ts';
import { openLink, type Link } from './mqtt-link.ts';
import type { PublisherTimings } from './timings.ts';

export interface ConnectorDeps {
  readonly agent: string;
  readonly endpoint: Endpoint;
  readonly connection: PublisherConnection;
  readonly nextBirth: () => number;
  readonly will: (birth: number) => string;
  readonly topics: Topics;
  readonly timings: PublisherTimings;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly onReady: () => void;
  /** After each connection that broke and each attempt that failed; the next one is planned by then. */
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
  | { readonly name: 'waiting'; readonly dialAtMs: number }
  | { readonly name: 'dialling'; readonly link: Link; readonly giveUpAtMs: number }
  | { readonly name: 'ready'; readonly ready: ReadyLink };

/** stopped → waiting → dialling → ready → waiting …; the owner calls tick() no later than `nextWakeMs`. */
export class Connector {
  readonly #deps: ConnectorDeps;
  #phase: Phase = { name: 'stopped' };
  #attempts = 0;
  #connects = 0;
  #reportedProblem: string | undefined;

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
    if (this.#phase.name === 'waiting') return this.#phase.dialAtMs;
    return this.#phase.name === 'dialling' ? this.#phase.giveUpAtMs : undefined;
  }

  start(nowMs: number): void {
    const { random, timings } = this.#deps;
    this.#phase = { name: 'waiting', dialAtMs: nowMs + random() * timings.firstConnectMaxMs };
  }

  tick(nowMs: number): void {
    const phase = this.#phase;
    if (phase.name === 'waiting' && nowMs >= phase.dialAtMs) {
      this.#dial(nowMs);
    } else if (phase.name === 'dialling' && nowMs >= phase.giveUpAtMs) {
      phase.link.close();
      this.#lost('no answer in time');
    }
  }

  /** For good. A connection that stands is handed over for a goodbye; one that does not is cut. */
  stop(): ReadyLink | undefined {
    const phase = this.#phase;
    this.#phase = { name: 'stopped' };
    if (phase.name === 'dialling') phase.link.close();
    return phase.name === 'ready' ? phase.ready : undefined;
  }

  #dial(nowMs: number): void {
    const { agent, endpoint, connection, timings, topics, nextBirth, will, onMessage } = this.#deps;
    try {
      // Counted before dialling: a CONNECT whose answer is lost leaves a will with this number behind.
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
        onClosed: (reason) => this.#lost(reason),
      });
      this.#phase = { name: 'dialling', link, giveUpAtMs: nowMs + timings.connectTimeoutMs };
    } catch (error) {
      this.#lost(messageOf(error));
    }
  }

  #ready(link: Link, birth: number, refused: readonly string[]): void {
    const { agent, endpoint, clock, log, onReady } = this.#deps;
    this.#phase = { name: 'ready', ready: { link, birth, sinceMs: clock.monotonicMs() } };
    this.#connects++;
    this.#reportedProblem = undefined;
    log.info({ agent, broker: endpoint.host, port: endpoint.port }, 'connected to the broker');
    if (refused.length > 0) {
      log.warn({ agent, topics: refused }, 'the broker refuses these subscriptions; going on without them');
    }
    onReady();
  }

  #lost(reason: string): void {
    if (this.#phase.name === 'stopped') return;
    const { clock, random, timings, onLost } = this.#deps;
    const nowMs = clock.monotonicMs();
    if (this.#phase.name === 'ready' && nowMs - this.#phase.ready.sinceMs >= timings.stableAfterMs) {
      this.#attempts = 0;
    }
    const backoff = { baseMs: timings.backoffBaseMs, capMs: timings.backoffCapMs };
    const waitMs = fullJitterMs(this.#attempts++, backoff, random);
    this.#report(reason, waitMs);
    this.#phase = { name: 'waiting', dialAtMs: nowMs + waitMs };
    onLost();
  }

  /** Once per problem, not per attempt. */
  #report(problem: string, nextTryMs: number): void {
    const { agent, endpoint, log } = this.#deps;
    const level = this.#reportedProblem === problem ? 'debug' : 'warn';
    this.#reportedProblem = problem;
    log[level]({ agent, broker: endpoint.host, port: endpoint.port, problem, nextTryMs }, 'no connection');
  }
}
