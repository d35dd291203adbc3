import { MAX_BATCH_BYTES } from '../../contract/batch.ts';
import type { AgentConfigMessage } from '../../contract/agent-config.ts';
import { encodeBatch } from '../../contract/codec.ts';
import { agentTopic } from '../../contract/topics.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { withTimeout, type Service } from '../../runtime/service.ts';
import type { Queue } from '../queue/queue.ts';
import { Alarm } from './alarm.ts';
import { checkEndpoint, type PublisherConnection } from './connection.ts';
import { Connector, type ReadyLink } from './connector.ts';
import { inboundTopics } from './inbound-topics.ts';
import { Inbox } from './inbox.ts';
import type { PublisherStatus } from './publisher-status.ts';
import { SendWindow, type Decision } from './send-window.ts';
import { stateMessage, type AgentDescription } from './state-message.ts';
import { DEFAULT_TIMINGS, type PublisherTimings } from './timings.ts';

export interface PublisherDeps {
  /** `[a-z0-9-]{1,64}`; also the MQTT client id. */
  readonly agent: string;
  /** Stays open until the publisher has stopped. */
  readonly queue: Queue;
  readonly connection: PublisherConnection;
  /** A number that grows with each call and survives restarts: see persistedBirthCounter(). */
  readonly nextBirth: () => number;
  readonly describe: () => AgentDescription;
  /** Each message on the agent's config topic that is one, repetitions among them; without it the topic is not read. */
  readonly onConfig?: (message: AgentConfigMessage) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly timings?: Partial<PublisherTimings>;
}

export interface Publisher extends Service {
  status(): PublisherStatus;
  /** Says at once what describe() says now, if there is a connection; otherwise the next birth does. */
  announce(): void;
  /** Ends at once and without a goodbye, as a power cut does: the broker publishes the last will. */
  cut(): void;
}

/**
 * Brings what is in the queue to central, and deletes from the queue only what central has acknowledged. start() returns
 * at once: a broker that is away is nothing unusual. Throws a UserError (exit 2) on a wrong agent id or connection.
 */
export function createPublisher(deps: PublisherDeps): Publisher {
  return new MqttPublisher(deps);
}

/** At start, so many of the newest batches are looked at for live ones. */
const RECENT_BATCHES = 64;

class MqttPublisher implements Publisher {
  readonly name: string;
  readonly #deps: PublisherDeps;
  readonly #timings: PublisherTimings;
  readonly #window: SendWindow;
  readonly #connector: Connector;
  readonly #inbox: Inbox;
  readonly #alarm: Alarm;
  #nextStateMs = Infinity;
  #offeredSeq = 0;
  #stuck = 0;
  #resends = 0;
  #unsubscribe: (() => void) | undefined;
  #sending: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(deps: PublisherDeps) {
    const { agent, queue, clock, random, log, onConfig } = deps;
    this.name = `publisher ${agent}`;
    this.#deps = deps;
    this.#timings = { ...DEFAULT_TIMINGS, ...deps.timings };
    this.#window = new SendWindow({
      pending: (afterSeq, limit) => queue.pending(afterSeq, limit),
      highest: () => queue.highest(),
      random,
      timings: this.#timings,
    });
    this.#inbox = new Inbox({
      agent,
      queue,
      window: this.#window,
      clock,
      log,
      ...(onConfig !== undefined && { onConfig }),
    });
    this.#connector = new Connector({
      agent,
      endpoint: checkEndpoint(agent, deps.connection),
      connection: deps.connection,
      nextBirth: deps.nextBirth,
      will: (birth) => stateMessage(birth, queue, deps.describe(), 'will'),
      topics: inboundTopics(agent, { config: onConfig !== undefined }),
      timings: this.#timings,
      clock,
      random,
      log,
      onReady: () => this.#connected(),
      onLost: () => this.#lost(),
      onMessage: (topic, payload) => {
        this.#inbox.receive(topic, payload);
        this.#send();
      },
    });
    this.#alarm = new Alarm(clock, () => this.#tick());
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#stopped !== undefined || signal.aborted || this.#unsubscribe !== undefined) return;
    const { queue } = this.#deps;
    this.#offeredSeq = Math.max(0, queue.highest() - RECENT_BATCHES);
    this.#unsubscribe = queue.onDurable(() => {
      this.#offerNew();
      this.#send();
    });
    this.#offerNew();
    this.#connector.start(this.#nowMs());
    this.#arm();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown();
    return this.#stopped;
  }

  cut(): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = this.#sending ?? Promise.resolve();
    this.#halt()?.link.close();
  }

  announce(): void {
    if (this.#stopped === undefined) this.#publishState();
  }

  status(): PublisherStatus {
    return {
      ...this.#inbox.status(),
      connected: this.#connector.ready !== undefined,
      connects: this.#connector.connects,
      inFlight: this.#window.inFlight,
      flowMode: this.#window.flowMode,
      resends: this.#resends,
      stuck: this.#stuck,
    };
  }

  #nowMs(): number {
    return this.#deps.clock.monotonicMs();
  }

  #offerNew(): void {
    const { queue, clock } = this.#deps;
    const [wallMs, nowMs] = [clock.now(), this.#nowMs()];
    for (const entry of queue.pending(this.#offeredSeq, RECENT_BATCHES)) {
      this.#offeredSeq = entry.seq;
      const freshForMs = this.#timings.freshForMs - (wallMs - entry.appendedAtMs);
      if (freshForMs > 0) this.#window.offer({ seq: entry.seq, freshUntilMs: nowMs + freshForMs });
    }
  }

  #connected(): void {
    this.#window.connected(this.#nowMs());
    this.#publishState();
    this.#send();
  }

  #lost(): void {
    this.#window.disconnected(this.#nowMs());
    this.#arm();
  }

  #tick(): void {
    const nowMs = this.#nowMs();
    this.#connector.tick(nowMs);
    if (this.#connector.ready !== undefined && nowMs >= this.#nextStateMs) this.#publishState();
    this.#send();
  }

  /** One timer for all there is to wait for. */
  #arm(): void {
    if (this.#stopped !== undefined) return;
    const wakeMs =
      this.#connector.ready === undefined
        ? this.#connector.nextWakeMs
        : Math.min(this.#nextStateMs, this.#window.nextWakeMs(this.#nowMs()) ?? Infinity);
    if (wakeMs !== undefined && wakeMs !== Infinity) this.#alarm.setBy(wakeMs);
  }

  #publishState(): void {
    const { agent, queue, describe } = this.#deps;
    const ready = this.#connector.ready;
    if (ready === undefined) return;
    const message = stateMessage(ready.birth, queue, describe());
    ready.link.publish(agentTopic(agent, 'state'), message, { retain: true });
    this.#nextStateMs = this.#nowMs() + this.#timings.stateEveryMs;
  }

  /** Starts sending unless that is going on already; what happens meanwhile is seen by the one that runs. */
  #send(): void {
    if (this.#sending !== undefined) return;
    const first = this.#decide();
    if (first === undefined) {
      this.#arm();
      return;
    }
    this.#sending = this.#sendAll(first).finally(() => {
      this.#sending = undefined;
      this.#send();
    });
  }

  async #sendAll(first: Decision): Promise<void> {
    for (let decision: Decision | undefined = first; decision !== undefined; decision = this.#decide()) {
      await this.#carryOut(decision);
    }
  }

  #decide(): Decision | undefined {
    return this.#connector.ready && this.#window.next(this.#nowMs());
  }

  async #carryOut(decision: Decision): Promise<void> {
    const { queue, log, agent } = this.#deps;
    const { seq } = decision;
    const ready = this.#connector.ready;
    try {
      if (decision.action === 'set-aside') {
        await this.#setAside(seq, 'central does not answer to it');
        return;
      }
      const body = await queue.read(seq);
      // Lost meanwhile: the window has taken all back as unsent.
      if (ready === undefined || this.#connector.ready !== ready) return;
      if (body === undefined) this.#window.gone(seq);
      else await this.#publishBatch(ready, decision, body);
    } catch (error) {
      log.error({ agent, seq, err: error }, `batch stays in the queue: ${messageOf(error)}`);
    }
  }

  async #publishBatch(
    ready: ReadyLink,
    decision: Decision & { action: 'send' },
    body: Buffer,
  ): Promise<void> {
    const { queue, clock, agent } = this.#deps;
    const { seq, backfill } = decision;
    const header = {
      epoch: queue.epoch,
      seq,
      lowest: queue.lowest(),
      sentAtMs: clock.now(),
      backfill,
    };
    const payload = encodeBatch(header, body);
    if (payload.length > MAX_BATCH_BYTES) {
      await this.#setAside(seq, `${payload.length} bytes, at most ${MAX_BATCH_BYTES} may travel`);
      return;
    }
    if (decision.resend) this.#resends++;
    ready.link.publish(agentTopic(agent, 'up'), payload, { retain: false });
  }

  async #setAside(seq: number, reason: string): Promise<void> {
    this.#stuck++;
    this.#window.gone(seq);
    this.#deps.log.error({ agent: this.#deps.agent, seq, reason }, 'batch set aside as stuck');
    await this.#deps.queue.setAside(seq);
  }

  #halt(): ReturnType<Connector['stop']> {
    this.#unsubscribe?.();
    this.#alarm.clear();
    const ready = this.#connector.stop();
    this.#window.disconnected(this.#nowMs());
    return ready;
  }

  async #shutDown(): Promise<void> {
    const { agent, queue, describe } = this.#deps;
    const ready = this.#halt();
    if (ready !== undefined) {
      const handedOver = new Promise<void>((resolve) => {
        const message = stateMessage(ready.birth, queue, describe(), 'stop');
        const options = { retain: true, onHandedOver: resolve };
        ready.link.publish(agentTopic(agent, 'state'), message, options);
      });
      await withTimeout(handedOver, this.#timings.stopWaitMs, 'saying goodbye').catch(() => undefined);
      await ready.link.leave(this.#timings.stopWaitMs);
    }
    await this.#sending;
  }
}
