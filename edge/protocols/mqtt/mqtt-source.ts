import { randomBytes } from 'node:crypto';
import { fullJitterMs } from '../../../runtime/backoff.ts';
import type { Clock, Random } from '../../../runtime/clock.ts';
import type { TargetGuard } from '../../../runtime/dial/target-guard.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { readConnection, sendsPasswordInClear, type BrokerConfig } from './broker-config.ts';
import { endpointOf } from './connection.ts';
import { MAX_PACKET_BYTES, SourceLink, type Message, type Receipt } from './source-link.ts';

export interface MqttSourceOptions {
  readonly broker: BrokerConfig;
  readonly guard: TargetGuard | undefined;
  readonly topics: readonly string[];
  readonly qos: 0 | 1;
  /** Names the session in which the broker keeps messages while the agent is away; without it, it keeps none. */
  readonly clientId: string | undefined;
  readonly onMessage: (message: Message) => Promise<Receipt>;
  /** Messages were lost; `what` describes it. */
  readonly onLoss: (what: string) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

const TIMES = { keepaliveMs: 30_000, connectTimeoutMs: 20_000 } as const;
/** A local broker with few clients. */
const BACKOFF = { baseMs: 1_000, capMs: 30_000 } as const;
const STABLE_AFTER_MS = 60_000;
const LEAVE_MS = 1_000;
const SESSION_DROPPED = `the broker held a packet of more than ${MAX_PACKET_BYTES} bytes: the session was dropped with its queued messages`;

/** Stays subscribed at a broker while it is open; reconnects after a failure. */
export class MqttSource {
  readonly #options: MqttSourceOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #link: SourceLink | undefined;
  #problem: string | undefined;
  /** The session holds a packet too large to read, which the broker would send at each reconnect. */
  #mustDiscard = false;
  #attempts = 0;

  constructor(options: MqttSourceOptions) {
    this.#options = options;
  }

  /** `host:port` */
  get name(): string {
    const { host, port } = endpointOf(this.#options.broker.url);
    return `${host}:${port}`;
  }

  /** Why no message can arrive now; undefined: connected, or the first attempt is under way. */
  get problem(): string | undefined {
    return this.#problem;
  }

  open(): void {
    this.#running ??= this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error('the source is closed'));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, random, log } = this.#options;
    const { signal } = this.#stop;
    let reported: string | undefined;
    while (!signal.aborted) {
      const reason = await this.#listen(signal);
      if (reason === undefined) continue;
      this.#problem = reason;
      if (reason !== reported)
        log.warn({ broker: this.name, err: reason }, 'no connection to the broker of a collector');
      reported = reason;
      await clock.sleep(fullJitterMs(this.#attempts++, BACKOFF, random), signal).catch(() => undefined);
    }
    await this.#link?.leave(LEAVE_MS);
  }

  /** Resolves with the reason when the connection ended; undefined: the source is closed. */
  async #listen(signal: AbortSignal): Promise<string | undefined> {
    const { broker, guard, topics, qos, clientId, onMessage, onLoss, clock, log } = this.#options;
    const discards = this.#mustDiscard;
    let readyAtMs: number | undefined;
    let onAbort: () => void = () => undefined;
    const over = new Promise<string | undefined>((resolve) => {
      onAbort = () => resolve(undefined);
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        const connection = readConnection(broker, process.env);
        this.#link = new SourceLink({
          ...TIMES,
          guard,
          clientId: clientId ?? `wardwatch-${randomBytes(6).toString('hex')}`,
          endpoint: endpointOf(broker.url),
          connection,
          clean: discards || clientId === undefined,
          topics: discards ? [] : topics,
          qos,
          onReady: () => {
            readyAtMs = clock.monotonicMs();
            this.#mustDiscard = false;
            if (discards) {
              onLoss(SESSION_DROPPED);
              resolve(SESSION_DROPPED);
              return;
            }
            this.#problem = undefined;
            if (sendsPasswordInClear(connection)) {
              log.warn({ broker: this.name }, 'the password crosses the network in the clear; use mqtts://');
            }
            log.info({ broker: this.name, topics }, 'subscribed at a broker');
          },
          onMessage,
          onClosed: (reason, isOversize) => {
            this.#mustDiscard ||= isOversize;
            resolve(reason);
          },
        });
      } catch (error) {
        resolve(messageOf(error));
      }
    });
    const reason = await over;
    signal.removeEventListener('abort', onAbort);
    if (reason !== undefined) {
      await this.#link?.leave(LEAVE_MS);
      this.#link = undefined;
    }
    if (readyAtMs !== undefined && clock.monotonicMs() - readyAtMs >= STABLE_AFTER_MS) this.#attempts = 0;
    return reason;
  }
}
