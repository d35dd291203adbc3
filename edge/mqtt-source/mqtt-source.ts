import { randomBytes } from 'node:crypto';
import { fullJitterMs } from '../../runtime/backoff.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { readConnection, sendsPasswordInClear, type BrokerConfig } from '../broker-config.ts';
import { endpointOf } from '../publisher/connection.ts';
import { MAX_PACKET_BYTES, SourceLink, type Message, type Receipt } from './source-link.ts';

export interface MqttSourceOptions {
  readonly broker: BrokerConfig;
  readonly topics: readonly string[];
  readonly qos: 0 | 1;
  /** Under which the broker keeps messages while nobody is here; without it, it keeps none. */
  readonly clientId: string | undefined;
  readonly onMessage: (message: Message) => Promise<Receipt>;
  /** Messages were lost, in words. */
  readonly onLoss: (what: string) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

const TIMES = { keepaliveMs: 30_000, connectTimeoutMs: 20_000 } as const;
/** The broker is near, and few listen to it. */
const BACKOFF = { baseMs: 1_000, capMs: 30_000 } as const;
const STABLE_AFTER_MS = 60_000;
const LEAVE_MS = 1_000;
const SESSION_DROPPED = `the broker held a packet of more than ${MAX_PACKET_BYTES} bytes: the session was dropped, with what waited in it`;

/** Listens to a broker for as long as it is open; a connection that breaks is made anew. */
export class MqttSource {
  readonly #options: MqttSourceOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #link: SourceLink | undefined;
  #problem: string | undefined;
  /** The broker holds a packet for us that cannot be read, and would send it again and again. */
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

  /** Why nothing can come at the moment; undefined: it can, or the first attempt is under way. */
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
        log.warn({ broker: this.name, problem: reason }, 'no connection to the broker of a source');
      reported = reason;
      await clock.sleep(fullJitterMs(this.#attempts++, BACKOFF, random), signal).catch(() => undefined);
    }
    await this.#link?.leave(LEAVE_MS);
  }

  /** Resolves with the reason when the connection is over; undefined: there is nothing to wait for. */
  async #listen(signal: AbortSignal): Promise<string | undefined> {
    const { broker, topics, qos, clientId, onMessage, onLoss, clock, log } = this.#options;
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
            log.info({ broker: this.name, topics }, 'listens to a broker');
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
