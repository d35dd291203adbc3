import { Aedes, type Client } from 'aedes';
import mqttPacket from 'mqtt-packet';
import type { Socket } from 'node:net';
import type { Clock } from '../../../runtime/clock.ts';
import { codeOf, messageOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { AGENT_FILTERS, type Bus, type BusMessage, type Presence } from '../bus.ts';
import type { ConnectionGuard } from './connection-guard.ts';
import { createGatekeeper, type Authenticate } from './gatekeeper.ts';
import { DEFAULT_BROKER_LIMITS, type BrokerLimits } from './limits.ts';
import { openListener, type BrokerTls, type Listener } from './listener.ts';
import { RefusedError, type BrokerRefusal } from './refusal.ts';
import { lookUpRetainedByTopic } from './retained.ts';
import { TokenBucket } from '../../../runtime/token-bucket.ts';

export interface EmbeddedBrokerOptions {
  readonly host: string;
  /** 0: a free port; see `port` after start(). */
  readonly port: number;
  readonly tls?: BrokerTls;
  readonly authenticate: Authenticate;
  readonly limits?: Partial<BrokerLimits>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onRefused?: (refusal: BrokerRefusal) => void;
}

export interface BrokerStats {
  readonly clients: number;
  readonly refused: Readonly<Record<BrokerRefusal['kind'], number>>;
}

export interface EmbeddedBroker extends Bus {
  /** The port it listens on; 0 before start(). */
  readonly port: number;
  clientCount(): number;
  /** Ends the connections of the clients whose id `isUnwanted`, without their last wills: a retained state would outlast an agent that is retired. */
  disconnect(isUnwanted: (id: string) => boolean): void;
  stats(): BrokerStats;
}

/** An MQTT 3.1.1 broker in this process (aedes), to which central is connected directly; start() throws a UserError (exit 3). */
export function createEmbeddedBroker(options: EmbeddedBrokerOptions): EmbeddedBroker {
  return new AedesBus(options);
}

class AedesBus implements EmbeddedBroker {
  readonly name = 'mqtt broker';
  readonly #options: EmbeddedBrokerOptions;
  readonly #limits: BrokerLimits;
  readonly #listeners: {
    readonly handler: (message: BusMessage) => void;
    readonly filters: readonly string[];
  }[] = [];
  readonly #connectedHandlers: (() => void)[] = [];
  readonly #guards = new WeakMap<object, ConnectionGuard>();
  readonly #logBucket: TokenBucket;
  readonly #refused = { connection: 0, protocol: 0, authentication: 0, publish: 0, subscribe: 0 };
  #running: { readonly aedes: Aedes; readonly listener: Listener } | undefined;
  #stopped: Promise<void> | undefined;
  #presence: Presence | undefined;

  constructor(options: EmbeddedBrokerOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_BROKER_LIMITS, ...options.limits };
    this.#logBucket = new TokenBucket({ capacity: 20, refillPerS: 0.2 }, options.clock.monotonicMs());
  }

  get connected(): boolean {
    return this.#running !== undefined;
  }

  get port(): number {
    return this.#running?.listener.port ?? 0;
  }

  clientCount(): number {
    return this.#running?.aedes.connectedClients ?? 0;
  }

  disconnect(isUnwanted: (id: string) => boolean): void {
    // aedes lists its clients by id, though its types do not say so.
    const { clients = {} } = (this.#running?.aedes ?? {}) as { clients?: Readonly<Record<string, Client>> };
    for (const client of Object.values(clients)) {
      if (!isUnwanted(client.id)) continue;
      Object.assign(client, { will: null });
      client.close();
    }
  }

  stats(): BrokerStats {
    return { clients: this.clientCount(), refused: { ...this.#refused } };
  }

  onMessage(handler: (message: BusMessage) => void, filters = AGENT_FILTERS): void {
    if (this.#running !== undefined)
      throw new Error('the broker runs already: this handler would get no messages');
    this.#listeners.push({ handler, filters });
  }

  /** No will is needed: when this process ends, clients lose the broker too. */
  announce(presence: Presence): void {
    this.#presence = presence;
  }

  onConnected(handler: () => void): void {
    this.#connectedHandlers.push(handler);
  }

  async start(): Promise<void> {
    const aedes = await this.#createAedes();
    for (const { handler, filters } of this.#listeners) {
      for (const filter of filters) {
        await new Promise<void>((resolve) =>
          aedes.subscribe(
            filter,
            (packet, done) => {
              this.#deliver(handler, packet.topic, packet.payload);
              done();
            },
            resolve,
          ),
        );
      }
    }
    try {
      const listener = await openListener({
        ...this.#options,
        limits: this.#limits,
        onRefused: (refusal) => this.#refuse(refusal),
        onConnection: (socket, guard) => this.#accept(aedes, socket, guard),
      });
      this.#running = { aedes, listener };
    } catch (error) {
      await closeAedes(aedes);
      throw error;
    }
    if (this.#presence !== undefined) {
      const payload = this.#presence.payload(true, this.#options.clock.now());
      await this.publish(this.#presence.topic, payload, { qos: 1, retain: true });
    }
    for (const handler of this.#connectedHandlers) handler();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown();
    return this.#stopped;
  }

  publish(topic: string, payload: Buffer | string, options: { qos: 0 | 1; retain: boolean }): Promise<void> {
    const aedes = this.#running?.aedes;
    if (aedes === undefined) return Promise.reject(new Error('mqtt broker is not running'));
    // Do not wait for delivery: one slow subscriber would delay central.
    aedes.publish(
      { cmd: 'publish', topic, payload: Buffer.from(payload), dup: false, ...options },
      (error) => {
        if (error) this.#options.log.debug({ topic, err: error }, 'publish failed');
      },
    );
    return Promise.resolve();
  }

  async #createAedes(): Promise<Aedes> {
    const { authenticate, clock, log, tls } = this.#options;
    // Saves 7 MiB: a prepared buffer for each of 65,536 numbers is more work for the garbage collector than it saves.
    mqttPacket.writeToStream.cacheNumbers = false;
    const aedes = await Aedes.createBroker({
      connectTimeout: this.#limits.connectTimeoutMs,
      drainTimeout: this.#limits.drainTimeoutMs,
      // With a limit, messages wait for those of a client that does not read, and are then handled one inside the other: a stack overflow.
      concurrency: 0,
      heartbeatInterval: this.#limits.heartbeatMs,
      keepaliveLimit: this.#limits.maxKeepaliveS,
      ...createGatekeeper({
        authenticate,
        requireCertificate: tls?.ca !== undefined,
        limits: this.#limits,
        clock,
        log,
        onRefused: (refusal) => this.#refuse(refusal),
        onAuthenticated: (client) => this.#guards.get(client.conn)?.prove(),
      }),
    });
    lookUpRetainedByTopic(aedes);
    aedes.on('connectionError', (client, error) => this.#reportProtocolError(client, error));
    aedes.on('clientError', (client, error) => this.#reportProtocolError(client, error));
    aedes.addListener('error', (error: unknown) => log.error({ err: error }, 'mqtt broker failed'));
    return aedes;
  }

  #accept(aedes: Aedes, socket: Socket, guard: ConnectionGuard): void {
    this.#guards.set(socket, guard);
    aedes.handle(socket);
  }

  /** Lost connections (a system error code, or aedes' error for a late packet) are normal; other errors break the protocol. */
  #reportProtocolError(client: Client, error: Error): void {
    if (error instanceof RefusedError || codeOf(error) !== undefined || error.message === 'connection closed')
      return;
    this.#refuse({ kind: 'protocol', reason: messageOf(error), ...(client.id && { client: client.id }) });
  }

  #refuse(refusal: BrokerRefusal): void {
    this.#refused[refusal.kind]++;
    if (this.#logBucket.tryTake(1, this.#options.clock.monotonicMs())) {
      this.#options.log.warn({ refusal }, 'mqtt client refused');
    }
    this.#options.onRefused?.(refusal);
  }

  #deliver(handler: (message: BusMessage) => void, topic: string, payload: Buffer | string): void {
    if (this.#stopped !== undefined) return;
    try {
      handler({ topic, payload: Buffer.isBuffer(payload) ? payload : Buffer.from(payload) });
    } catch (error) {
      this.#options.log.error({ err: error, topic }, 'message handler failed');
    }
  }

  async #shutDown(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    await closeAedes(running.aedes);
    await running.listener.close();
  }
}

function closeAedes(aedes: Aedes): Promise<void> {
  return new Promise((resolve) => aedes.close(() => resolve()));
}
