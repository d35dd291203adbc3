import type { Ack } from '../../contract/ack.ts';
import type { AgentConfigMessage } from '../../contract/agent-config.ts';
import { agentTopic, FLOW_TOPIC } from '../../contract/topics.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Queue } from '../queue/queue.ts';
import { CentralClock } from './central-clock.ts';
import { parseAck, parseConfig, parseFlow, settledRanges } from './inbound-parsers.ts';
import type { PublisherStatus } from './publisher-status.ts';
import type { SendWindow } from './send-window.ts';

export interface InboundMessagesDeps {
  readonly agent: string;
  readonly queue: Pick<Queue, 'epoch' | 'ack'>;
  readonly window: SendWindow;
  readonly onConfig?: (message: AgentConfigMessage) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Messages from central: acks, flow and config, validated and applied to queue and window. */
export class InboundMessages {
  readonly #deps: InboundMessagesDeps;
  readonly #ackTopic: string;
  readonly #configTopic: string;
  readonly #latency = new AckLatency();
  readonly #refusalLog = new RateLimitedLog();
  readonly #invalidLog = new RateLimitedLog();
  readonly #twinLog = new RateLimitedLog();
  /** Topics whose last message was invalid: logged once, until a valid one arrives. */
  readonly #invalidTopics = new Set<string>();
  readonly #centralClock = new CentralClock();
  #acked = 0;
  #refused = 0;
  #ignored = 0;
  #hasTwin = false;
  #lastAckAtMs: number | undefined;
  #lastAckMs: number | undefined;

  constructor(deps: InboundMessagesDeps) {
    this.#deps = deps;
    this.#ackTopic = agentTopic(deps.agent, 'ack');
    this.#configTopic = agentTopic(deps.agent, 'config');
  }

  receive(topic: string, payload: Buffer): void {
    if (topic === this.#ackTopic) {
      const ack = parseAck(payload);
      if (!ack.ok) this.#ignore(topic, ack.problem);
      else this.#applyAck(topic, ack.value);
    } else if (topic === FLOW_TOPIC) {
      const flow = parseFlow(payload);
      if (!flow.ok) this.#ignore(topic, flow.problem);
      else {
        this.#invalidTopics.delete(topic);
        this.#deps.window.applyFlow(flow.value, this.#deps.clock.monotonicMs());
      }
    } else if (topic === this.#configTopic && payload.length > 0) {
      // Empty: the retained message was cleared.
      const config = parseConfig(payload);
      if (!config.ok) this.#ignore(topic, config.problem);
      else {
        this.#invalidTopics.delete(topic);
        this.#deps.onConfig?.(config.value);
      }
    }
  }

  /** Monotonic. */
  get lastAckMs(): number | undefined {
    return this.#lastAckMs;
  }

  status(): Pick<
    PublisherStatus,
    'acked' | 'refused' | 'ignored' | 'ackLatencyMs' | 'lastAckAtMs' | 'hasTwin' | 'clockOffset'
  > {
    return {
      hasTwin: this.#hasTwin,
      acked: this.#acked,
      refused: this.#refused,
      ignored: this.#ignored,
      ackLatencyMs: { last: this.#latency.lastMs, p50: this.#latency.p50Ms },
      lastAckAtMs: this.#lastAckAtMs,
      clockOffset: this.#centralClock.offset(this.#deps.clock.monotonicMs()),
    };
  }

  #applyAck(topic: string, ack: Ack): void {
    const { queue, window, clock } = this.#deps;
    this.#invalidTopics.delete(topic);
    // The twin's acks say so, too.
    this.#reportTwin(ack.twins === true);
    // For a queue directory that this agent no longer has.
    if (ack.epoch !== queue.epoch) return;
    const ranges = settledRanges(ack);
    // Counted before the batches leave the window, so that a repeated ack is counted once.
    const refused = (ack.refused ?? []).filter(({ seq }) => window.isInFlight(seq));
    queue.ack(ack.epoch, ranges);
    const latenciesMs = window.recordAnswer({ ...ack, ranges }, clock.monotonicMs());
    for (const latencyMs of latenciesMs) this.#latency.add(latencyMs);
    this.#compareClocks(ack);
    this.#acked += latenciesMs.length;
    this.#lastAckAtMs = clock.now();
    this.#lastAckMs = clock.monotonicMs();
    this.#reportRefused(refused);
  }

  #compareClocks({ nowMs }: Ack): void {
    const { window, clock } = this.#deps;
    if (nowMs === undefined || window.roundTripMs === undefined) return;
    this.#centralClock.note(nowMs, window.roundTripMs, clock.now(), clock.monotonicMs());
  }

  #reportTwin(hasTwin: boolean): void {
    if (hasTwin === this.#hasTwin) return;
    this.#hasTwin = hasTwin;
    const { agent, clock, log } = this.#deps;
    if (!hasTwin) {
      log.info({ agent }, 'central sees one agent with this id again');
      return;
    }
    this.#twinLog.write(clock.monotonicMs(), (suppressed) => {
      log.error(
        { agent, suppressed },
        'another agent uses the id of this one, and each cuts off the other: give one of them an id, a password and an empty queue directory of its own',
      );
    });
  }

  #reportRefused(refused: NonNullable<Ack['refused']>): void {
    const [first] = refused;
    if (first === undefined) return;
    this.#refused += new Set(refused.map(({ seq }) => seq)).size;
    const { agent, clock, log } = this.#deps;
    this.#refusalLog.write(clock.monotonicMs(), (suppressed) => {
      const rows = first.rows?.length;
      log.warn({ agent, seq: first.seq, rows, reason: first.reason, suppressed }, 'central refused data');
    });
  }

  #ignore(topic: string, problem: string): void {
    this.#ignored++;
    if (this.#invalidTopics.has(topic)) return;
    this.#invalidTopics.add(topic);
    const { agent, clock, log } = this.#deps;
    this.#invalidLog.write(clock.monotonicMs(), (suppressed) => {
      log.warn({ agent, topic, err: problem, suppressed }, 'message ignored');
    });
  }
}

const LATENCIES_KEPT = 32;

/** Recent times from a batch's last send to its ack, ms. */
class AckLatency {
  readonly #values: number[] = [];
  #next = 0;
  #last: number | undefined;

  add(latencyMs: number): void {
    this.#last = latencyMs;
    this.#values[this.#next] = latencyMs;
    this.#next = (this.#next + 1) % LATENCIES_KEPT;
  }

  get lastMs(): number | undefined {
    return this.#last;
  }

  get p50Ms(): number | undefined {
    return [...this.#values].sort((a, b) => a - b)[Math.floor((this.#values.length - 1) / 2)];
  }
}

const LOG_EVERY_MS = 60_000;

/** At most one line a minute, with the number of lines suppressed before it; the counters have the rest. */
class RateLimitedLog {
  #nextAtMs = -Infinity;
  #suppressed = 0;

  /** `nowMs`: monotonic. */
  write(nowMs: number, log: (suppressed: number) => void): void {
    if (nowMs < this.#nextAtMs) {
      this.#suppressed++;
      return;
    }
    this.#nextAtMs = nowMs + LOG_EVERY_MS;
    log(this.#suppressed);
    this.#suppressed = 0;
  }
}
