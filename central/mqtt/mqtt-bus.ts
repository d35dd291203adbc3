import type { Socket } from 'node:net';
import { MqttClient, type IClientOptions, type ISubscriptionGrant } from 'mqtt';
import { fullJitterMs } from '../../runtime/backoff.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import { dial } from '../../runtime/dial/dial.ts';
import { dialTls } from '../../runtime/dial/dial-tls.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { AGENT_FILTERS, type Bus, type BusMessage, type Presence } from './bus.ts';
import { matchesFilter } from '../../runtime/mqtt/topic-filter.ts';

export interface MqttBusOptions {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Unique at the broker; the embedded broker requires the user name to be the same. */
  readonly clientId: string;
  readonly tls?: {
    readonly ca?: string | Buffer;
    readonly cert?: string | Buffer;
    readonly key?: string | Buffer;
  };
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly timings?: Partial<MqttBusTimings>;
}

export interface MqttBusTimings {
  readonly connectTimeoutMs: number;
  readonly keepaliveMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /** After a connection that lasted this long, the next pause is short again. */
  readonly stableAfterMs: number;
}

const DEFAULT_TIMINGS: MqttBusTimings = {
  connectTimeoutMs: 10_000,
  keepaliveMs: 30_000,
  backoffBaseMs: 1_000,
  backoffCapMs: 60_000,
  stableAfterMs: 60_000,
};
const GRACEFUL_END_MS = 1_000;
/** Limits memory while a broker reads too slowly. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024;

/**
 * A connection to an external broker (MQTT 3.1.1, clean sessions). Each attempt gets a new client object, with our own
 * backoff. A SUBACK of 128 or more ends the connection, since a part of the data would silently be missing.
 */
export function createMqttBus(options: MqttBusOptions): Bus {
  return new MqttBus(options);
}

class MqttBus implements Bus {
  readonly name = 'mqtt bus';
  readonly #options: MqttBusOptions;
  readonly #timings: MqttBusTimings;
  readonly #listeners: Listener[] = [];
  readonly #connectedHandlers: (() => void)[] = [];
  readonly #stop = new AbortController();
  #client: MqttClient | undefined;
  #running: Promise<void> | undefined;
  #presence: Presence | undefined;

  constructor(options: MqttBusOptions) {
    this.#options = options;
    this.#timings = { ...DEFAULT_TIMINGS, ...options.timings };
  }

  get connected(): boolean {
    return this.#client !== undefined;
  }

  onMessage(handler: (message: BusMessage) => void, filters = AGENT_FILTERS): void {
    this.#listeners.push({ handler, filters });
  }

  announce(presence: Presence): void {
    this.#presence = presence;
  }

  onConnected(handler: () => void): void {
    this.#connectedHandlers.push(handler);
  }

  /** Returns at once; keeps connecting until stop(). */
  start(): Promise<void> {
    this.#running ??= this.#keepConnected();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('stopping'));
    await this.#running;
  }

  publish(topic: string, payload: Buffer | string, options: { qos: 0 | 1; retain: boolean }): Promise<void> {
    const client = this.#client;
    if (client?.connected !== true) return Promise.reject(new Error('not connected to the mqtt broker'));
    if (client.stream.writableLength > MAX_UNSENT_BYTES) {
      return Promise.reject(
        new Error(`the mqtt broker is slow: ${client.stream.writableLength} bytes unsent`),
      );
    }
    // Do not wait for the PUBACK: it proves nothing, and it may never come.
    client.publish(topic, payload, options, (error) => {
      if (error) this.#options.log.debug({ topic, err: error }, 'publish failed');
    });
    return Promise.resolve();
  }

  async #keepConnected(): Promise<void> {
    const { clock, log, random } = this.#options;
    const { backoffBaseMs: baseMs, backoffCapMs: capMs, stableAfterMs } = this.#timings;
    for (let attempt = 0; !this.#isStopping(); attempt++) {
      const startedMs = clock.monotonicMs();
      const reason = await this.#connectOnce().catch(messageOf);
      if (this.#isStopping()) return;
      if (clock.monotonicMs() - startedMs >= stableAfterMs) attempt = 0;
      const pauseMs = fullJitterMs(attempt, { baseMs, capMs }, random);
      log.warn({ reason, attempt, pauseMs }, 'not connected to the mqtt broker, will try again');
      await clock.sleep(pauseMs, this.#stop.signal).catch(() => undefined);
    }
  }

  #isStopping(): boolean {
    return this.#stop.signal.aborted;
  }

  /** One connection from start to end; resolves with the reason why it ended. Rejects when there is none. */
  async #connectOnce(): Promise<string> {
    const socket = await this.#dial();
    const openedAtMs = this.#options.clock.now();
    const client = new MqttClient(() => socket, this.#clientOptions(openedAtMs));
    const over = new AbortController();
    const reason = await new Promise<string>((resolve) => {
      client.on('close', () => resolve('connection closed'));
      client.on('error', (error) => resolve(messageOf(error)));
      client.on('connect', () => this.#subscribe(client, openedAtMs, resolve));
      client.on('message', (topic, payload, { retain: retained }) => {
        if (topic === this.#presence?.topic) this.#correctPresence(client, openedAtMs, payload);
        else this.#deliver({ topic, payload, retained });
      });
      this.#stop.signal.addEventListener('abort', () => resolve('stopping'), { signal: over.signal });
    });
    over.abort();
    this.#client = undefined;
    await this.#discard(client);
    return reason;
  }

  async #dial(): Promise<Socket> {
    const { url, tls = {}, clock } = this.#options;
    const { connectTimeoutMs } = this.#timings;
    const { protocol, hostname, port } = new URL(url);
    const isSecure = protocol === 'mqtts:';
    const usualPort = isSecure ? 8883 : 1883;
    const endpoint = {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? usualPort : Number(port),
    };
    const [overdue, done] = [new AbortController(), new AbortController()];
    let step = 'beginning';
    const giveUp = (): void =>
      overdue.abort(new Error(`no answer within ${connectTimeoutMs} ms, while ${step}`));
    clock.sleep(connectTimeoutMs, done.signal).then(giveUp, () => undefined);
    const how = {
      guard: undefined,
      signal: AbortSignal.any([this.#stop.signal, overdue.signal]),
      onStep: (now: string) => (step = now),
    };
    try {
      return isSecure ? await dialTls(endpoint, tls, how) : (await dial(endpoint, how)).socket;
    } finally {
      done.abort();
    }
  }

  #subscribe(client: MqttClient, openedAtMs: number, end: (why: string) => void): void {
    const filters = this.#listeners.flatMap((listener) => listener.filters);
    if (this.#presence !== undefined) filters.push(this.#presence.topic);
    client.subscribe([...new Set(filters)], { qos: 1 }, (error, granted) => {
      const refused = granted?.filter(isRefused).map(({ topic }) => topic) ?? [];
      if (refused.length > 0) end(`the broker refuses the subscription to ${refused.join(', ')}`);
      else if (error !== null) end(`subscription failed: ${error.message}`);
      if (error !== null || refused.length > 0 || this.#isStopping() || !client.connected) return;
      this.#client = client;
      this.#options.log.info({ url: withoutPassword(this.#options.url) }, 'connected to the mqtt broker');
      this.#publishPresence(client, true, openedAtMs);
      for (const handler of this.#connectedHandlers) handler();
    });
  }

  /** The will of an earlier connection may be published after this connection's birth: publish online again. */
  #correctPresence(client: MqttClient, openedAtMs: number, payload: Buffer): void {
    if (client === this.#client && this.#presence?.isOffline(payload) === true) {
      this.#publishPresence(client, true, openedAtMs);
    }
  }

  #publishPresence(client: MqttClient, online: boolean, atMs: number): void {
    if (this.#presence === undefined) return;
    const { topic } = this.#presence;
    client.publish(topic, this.#presence.payload(online, atMs), { qos: 1, retain: true }, (error) => {
      if (error) this.#options.log.debug({ topic, err: error }, 'publish failed');
    });
  }

  #deliver(message: BusMessage): void {
    for (const { handler, filters } of this.#listeners) {
      if (!filters.some((filter) => matchesFilter(filter, message.topic))) continue;
      try {
        handler(message);
      } catch (error) {
        this.#options.log.error({ err: error, topic: message.topic }, 'message handler failed');
      }
    }
  }

  async #discard(client: MqttClient): Promise<void> {
    client.removeAllListeners('message');
    const isGraceful = this.#isStopping() && client.connected;
    if (isGraceful) this.#publishPresence(client, false, this.#options.clock.now());
    const ended = new Promise<void>((resolve) => client.end(!isGraceful, {}, () => resolve()));
    const waited = new AbortController();
    await Promise.race([ended, this.#options.clock.sleep(GRACEFUL_END_MS, waited.signal)]);
    waited.abort(new Error('ended'));
    client.stream.destroy();
  }

  #clientOptions(openedAtMs: number): IClientOptions {
    const { username, password, clientId } = this.#options;
    const presence = this.#presence;
    return {
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      queueQoSZero: false,
      writeCache: false,
      resubscribe: false,
      connectTimeout: this.#timings.connectTimeoutMs,
      keepalive: Math.ceil(this.#timings.keepaliveMs / 1_000),
      clientId,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(presence !== undefined && {
        will: {
          topic: presence.topic,
          payload: Buffer.from(presence.payload(false, openedAtMs)),
          qos: 1,
          retain: true,
        },
      }),
    };
  }
}

interface Listener {
  readonly handler: (message: BusMessage) => void;
  readonly filters: readonly string[];
}

function isRefused(grant: ISubscriptionGrant): boolean {
  return grant.qos >= 128;
}

function withoutPassword(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
