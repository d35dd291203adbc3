import { randomBytes } from 'node:crypto';
import { MAX_BATCH_BYTES } from '../../contract/batch.ts';
import type { AgentConfigMessage } from '../../contract/agent-config.ts';
import { encodeBatch } from '../../contract/codec.ts';
import { agentTopic } from '../../contract/topics.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { withTimeout, type Service } from '../../runtime/service.ts';
import type { BrokerConnection } from '../protocols/mqtt/connection.ts';
import type { Queue } from '../queue/queue.ts';
import { SilenceReport, silenceMs } from './ack-silence.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { Connector, type ReadyLink } from './connector.ts';
import { EarliestTimer } from './earliest-timer.ts';
import { InboundMessages } from './inbound-messages.ts';
import { inboundTopics } from './inbound-topics.ts';
import { openLink, type OpenLink } from './mqtt-link.ts';
import type { PublisherStatus } from './publisher-status.ts';
import { SendWindow, type Decision } from './send-window.ts';
import { stateMessage, type AgentDescription } from './state-message.ts';
import { DEFAULT_TIMINGS, type PublisherTimings } from './timings.ts';

export interface PublisherDeps {
  /** `[a-z0-9-]{1,64}`; also the MQTT client id. */
  readonly agent: string;
  /** Must stay open until the publisher has stopped. */
  readonly queue: Queue;
  readonly connection: BrokerConnection;
  /** Grows with each call and across restarts: see persistedBirthCounter(). */
  readonly nextBirth: () => number;
  readonly describe: () => AgentDescription;
  /** Called for each valid message on the agent's config topic, repeated ones included; without it the topic is not read. */
  readonly onConfig?: (message: AgentConfigMessage) => void;
  /** Default: a connection of its own by MQTT.js. A simulated fleet has lighter ones. */
  readonly openLink?: OpenLink;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly timings?: Partial<PublisherTimings>;
}

export interface Publisher extends Service {
  status(): PublisherStatus;
  /** Publishes the state, with what describe() returns now; without a connection the next birth does. */
  announce(): void;
  /** Ends at once without DISCONNECT, as a power cut would: the broker publishes the last will. */
  cut(): void;
}

/**
 * Sends the batches of the queue to central; only those that central has acknowledged leave the queue. start() does not
 * wait for a connection. Throws a UserError (exit 2) on an invalid agent id or connection.
 */
export function createPublisher(deps: PublisherDeps): Publisher {
  return new MqttPublisher(deps);
}

/** At start, only this many of the newest batches are checked for live ones. */
const RECENT_BATCHES = 64;

class MqttPublisher implements Publisher {
  readonly name: string;
  readonly #deps: PublisherDeps;
  readonly #timings: PublisherTimings;
  readonly #window: SendWindow;
  readonly #connector: Connector;
  readonly #inbound: InboundMessages;
  readonly #timer: EarliestTimer;
  readonly #silence: SilenceReport;
  /** Never on disk: a copy of the disk must not have it. */
  readonly #run = randomBytes(8).toString('hex');
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
    this.#silence = new SilenceReport(agent, log, this.#timings.silentAfterMs);
    this.#window = new SendWindow({
      pending: (afterSeq, limit) => queue.pending(afterSeq, limit),
      highest: () => queue.highest(),
      random,
      timings: this.#timings,
    });
    this.#inbound = new InboundMessages({
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
      will: (birth) => stateMessage({ birth, run: this.#run }, queue, deps.describe(), 'will'),
      topics: inboundTopics(agent, { config: onConfig !== undefined }),
      openLink: deps.openLink ?? openLink,
      timings: this.#timings,
      clock,
      random,
      log,
      onReady: () => this.#connected(),
      onLost: () => this.#disconnected(),
      onMessage: (topic, payload) => {
        this.#inbound.receive(topic, payload);
        this.#reportSilence();
        this.#send();
      },
    });
    this.#timer = new EarliestTimer(clock, () => this.#tick());
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
    this.#setTimer();
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
      ...this.#inbound.status(),
      connected: this.#connector.ready !== undefined,
      connects: this.#connector.connects,
      inFlight: this.#window.inFlight,
      flowMode: this.#window.flowMode,
      resends: this.#resends,
      stuck: this.#stuck,
      silenceMs: this.#silenceMs(),
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

  #disconnected(): void {
    this.#window.disconnected(this.#nowMs());
    this.#reportSilence();
    this.#setTimer();
  }

  #tick(): void {
    const nowMs = this.#nowMs();
    this.#connector.tick(nowMs);
    this.#reportSilence();
    if (this.#connector.ready !== undefined && nowMs >= this.#nextStateMs) this.#publishState();
    this.#send();
  }

  /** For the earliest of connection, state and window. */
  #setTimer(): void {
    if (this.#stopped !== undefined) return;
    const wakeMs =
      this.#connector.ready === undefined
        ? this.#connector.nextWakeMs
        : Math.min(
            this.#nextStateMs,
            this.#window.nextWakeMs(this.#nowMs()) ?? Infinity,
            this.#nowMs() + (this.#silence.dueInMs(this.#silenceMs()) ?? Infinity),
          );
    if (wakeMs !== undefined && wakeMs !== Infinity) this.#timer.setBy(wakeMs);
  }

  #silenceMs(): number | undefined {
    const { queue, clock } = this.#deps;
    const oldestMs = queue.stats().oldestPendingAtMs;
    return silenceMs({
      nowMs: this.#nowMs(),
      connectedAtMs: this.#connector.ready?.sinceMs,
      lastAckMs: this.#inbound.lastAckMs,
      oldestPendingAgeMs: oldestMs === undefined ? undefined : clock.now() - oldestMs,
    });
  }

  #reportSilence(): void {
    this.#silence.update(this.#silenceMs(), this.#window.flowMode);
  }

  #publishState(): void {
    const { agent, queue, describe } = this.#deps;
    const ready = this.#connector.ready;
    if (ready === undefined) return;
    const message = stateMessage({ birth: ready.birth, run: this.#run }, queue, describe());
    ready.link.publish(agentTopic(agent, 'state'), message, { retain: true });
    this.#nextStateMs = this.#nowMs() + this.#timings.stateEveryMs;
  }

  /** Starts to send, unless it is under way: the running loop sees every change. */
  #send(): void {
    if (this.#sending !== undefined) return;
    const first = this.#decide();
    if (first === undefined) {
      this.#setTimer();
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
        await this.#setAside(seq, 'central does not answer it');
        return;
      }
      const body = await queue.read(seq);
      // Disconnected meanwhile: the window counts the batch as unsent again.
      if (ready === undefined || this.#connector.ready !== ready) return;
      if (body === undefined) this.#window.remove(seq);
      else await this.#publishBatch(ready, decision, body);
    } catch (error) {
      log.error({ agent, seq, err: error }, 'batch cannot be sent and stays in the queue');
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
      await this.#setAside(seq, `${payload.length} bytes, at most ${MAX_BATCH_BYTES} are sent`);
      return;
    }
    if (decision.resend) this.#resends++;
    ready.link.publish(agentTopic(agent, 'up'), payload, { retain: false });
  }

  async #setAside(seq: number, reason: string): Promise<void> {
    this.#stuck++;
    this.#window.remove(seq);
    this.#deps.log.error({ agent: this.#deps.agent, seq, reason }, 'batch set aside as stuck');
    await this.#deps.queue.setAside(seq);
  }

  #halt(): ReturnType<Connector['stop']> {
    this.#unsubscribe?.();
    this.#timer.clear();
    const ready = this.#connector.stop();
    this.#window.disconnected(this.#nowMs());
    return ready;
  }

  async #shutDown(): Promise<void> {
    const { agent, queue, describe } = this.#deps;
    const ready = this.#halt();
    if (ready !== undefined) {
      const handedOver = new Promise<void>((resolve) => {
        const message = stateMessage({ birth: ready.birth, run: this.#run }, queue, describe(), 'stop');
        const options = { retain: true, onHandedOver: resolve };
        ready.link.publish(agentTopic(agent, 'state'), message, options);
      });
      await withTimeout(handedOver, this.#timings.stopWaitMs, 'publishing the last state').catch(
        () => undefined,
      );
      await ready.link.leave(this.#timings.stopWaitMs);
    }
    await this.#sending;
  }
}
