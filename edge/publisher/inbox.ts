import type { Ack } from '../../contract/ack.ts';
import type { AgentConfigMessage } from '../../contract/agent-config.ts';
import { agentTopic, FLOW_TOPIC } from '../../contract/topics.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Queue } from '../queue/queue.ts';
import { AckLatency } from './ack-latency.ts';
import { parseAck, parseConfig, parseFlow, settledRanges } from './inbound.ts';
import type { PublisherStatus } from './publisher-status.ts';
import { RareLog } from './rare-log.ts';
import type { SendWindow } from './send-window.ts';

export interface InboxDeps {
  readonly agent: string;
  readonly queue: Pick<Queue, 'epoch' | 'ack'>;
  readonly window: SendWindow;
  readonly onConfig?: (message: AgentConfigMessage) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What central says, checked and handed on to queue and window. */
export class Inbox {
  readonly #deps: InboxDeps;
  readonly #ackTopic: string;
  readonly #configTopic: string;
  readonly #latency = new AckLatency();
  readonly #refusals = new RareLog();
  readonly #rubbish = new RareLog();
  /** Topics whose last message made no sense: told once, until one does again. */
  readonly #nonsense = new Set<string>();
  #acked = 0;
  #refused = 0;
  #ignored = 0;
  #lastAckAtMs: number | undefined;

  constructor(deps: InboxDeps) {
    this.#deps = deps;
    this.#ackTopic = agentTopic(deps.agent, 'ack');
    this.#configTopic = agentTopic(deps.agent, 'config');
  }

  receive(topic: string, payload: Buffer): void {
    if (topic === this.#ackTopic) {
      const ack = parseAck(payload);
      if (!ack.ok) this.#ignore(topic, ack.problem);
      else this.#acknowledge(topic, ack.value);
    } else if (topic === FLOW_TOPIC) {
      const flow = parseFlow(payload);
      if (!flow.ok) this.#ignore(topic, flow.problem);
      else {
        this.#nonsense.delete(topic);
        this.#deps.window.flow(flow.value, this.#deps.clock.monotonicMs());
      }
    } else if (topic === this.#configTopic && payload.length > 0) {
      // Empty: the retained message was cleared.
      const config = parseConfig(payload);
      if (!config.ok) this.#ignore(topic, config.problem);
      else {
        this.#nonsense.delete(topic);
        this.#deps.onConfig?.(config.value);
      }
    }
  }

  status(): Pick<PublisherStatus, 'acked' | 'refused' | 'ignored' | 'ackLatencyMs' | 'lastAckAtMs'> {
    return {
      acked: this.#acked,
      refused: this.#refused,
      ignored: this.#ignored,
      ackLatencyMs: { last: this.#latency.lastMs, p50: this.#latency.p50Ms },
      lastAckAtMs: this.#lastAckAtMs,
    };
  }

  #acknowledge(topic: string, ack: Ack): void {
    const { queue, window, clock } = this.#deps;
    this.#nonsense.delete(topic);
    // Meant for a directory that this agent no longer has.
    if (ack.epoch !== queue.epoch) return;
    const ranges = settledRanges(ack);
    // Counted before the batches leave the window: an ack that is repeated refuses nothing anew.
    const refused = (ack.refused ?? []).filter(({ seq }) => window.isInFlight(seq));
    queue.ack(ack.epoch, ranges);
    const latenciesMs = window.answered({ ...ack, ranges }, clock.monotonicMs());
    for (const latencyMs of latenciesMs) this.#latency.add(latencyMs);
    this.#acked += latenciesMs.length;
    this.#lastAckAtMs = clock.now();
    this.#reportRefused(refused);
  }

  #reportRefused(refused: NonNullable<Ack['refused']>): void {
    const [first] = refused;
    if (first === undefined) return;
    this.#refused += new Set(refused.map(({ seq }) => seq)).size;
    const { agent, clock, log } = this.#deps;
    this.#refusals.try(clock.monotonicMs(), (suppressed) => {
      const rows = first.rows?.length;
      log.warn({ agent, seq: first.seq, rows, reason: first.reason, suppressed }, 'central refused data');
    });
  }

  #ignore(topic: string, problem: string): void {
    this.#ignored++;
    if (this.#nonsense.has(topic)) return;
    this.#nonsense.add(topic);
    const { agent, clock, log } = this.#deps;
    this.#rubbish.try(clock.monotonicMs(), (suppressed) => {
      log.warn({ agent, topic, problem, suppressed }, 'message ignored');
    });
  }
}
