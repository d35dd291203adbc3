import { Aedes, type AedesPublishPacket, type Client } from 'aedes';
import mqttPacket from 'mqtt-packet';
import type { Socket } from 'node:net';
import { UP_FILTER } from '../../../contract/topics.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { codeOf, messageOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { AGENT_FILTERS, type Bus, type BusMessage, type Presence } from '../bus.ts';
import { readerOfAck } from './ack-reader.ts';
import { deliverBatches } from './batches-to-central.ts';
import type { GuardedConnection } from './guard-frames.ts';
import { createGatekeeper, type Authenticate } from './gatekeeper.ts';
import { DEFAULT_BROKER_LIMITS, type BrokerLimits } from './limits.ts';
import { openListener, type BrokerTls, type Listener } from './listener.ts';
import { RefusedError, type BrokerRefusal } from './refusal.ts';
import { RefusalBook } from './refusal-book.ts';
import { lookUpRetainedByTopic } from './retained.ts';
import type { Principal } from './topic-rights.ts';
import { TokenBuckets } from '../../../runtime/token-bucket.ts';

const MAX_CLIENTS = 20_000;
/**
 * A client is not read for longer than this, below any keepalive in use: the debt belongs to the id and outlives connection
 * and password, so that whoever had a stolen password could else silence the honest agent for hours.
 */
const MAX_DEBT_S = 10;

export interface EmbeddedBrokerOptions {
  readonly host: string;
  /** 0: a free port; see `port` after start(). */
  readonly port: number;
  readonly tls?: BrokerTls;
  readonly authenticate: Authenticate;
  readonly limits?: Partial<BrokerLimits>;
  /** Addresses for which the bounds of one address do not hold. Default: none. */
  readonly isExempt?: (address: string) => boolean;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onRefused?: (refusal: BrokerRefusal) => void;
}

export interface BrokerStats {
  readonly clients: number;
  /** Connections, those of clients included. */
  readonly open: number;
  /** Of them: those that have not logged in. */
  readonly unproven: number;
  readonly refused: Readonly<Record<BrokerRefusal['kind'], number>>;
  /** How often a client was not read for a while since it sent too much. */
  readonly heldBack: number;
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
  readonly #connections = new WeakMap<object, GuardedConnection>();
  readonly #allowances: TokenBuckets;
  readonly #connects: TokenBuckets;
  readonly #book: RefusalBook;
  #roomAfter: ((message: BusMessage) => Promise<void> | undefined) | undefined;
  #running: { readonly aedes: Aedes; readonly listener: Listener } | undefined;
  #stopped: Promise<void> | undefined;
  #presence: Presence | undefined;
  /** One that runs elsewhere has logged in, and may read batches. */
  #hasOtherCentral = false;

  constructor(options: EmbeddedBrokerOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_BROKER_LIMITS, ...options.limits };
    const { clientBurstBytes, clientBytesPerS, clientConnectBurst, clientConnectsPerS } = this.#limits;
    this.#allowances = new TokenBuckets({
      capacity: clientBurstBytes,
      refillPerS: clientBytesPerS,
      maxDebtS: MAX_DEBT_S,
      maxKeys: MAX_CLIENTS,
    });
    this.#connects = new TokenBuckets({
      capacity: clientConnectBurst,
      refillPerS: clientConnectsPerS,
      maxKeys: MAX_CLIENTS,
    });
    this.#book = new RefusalBook(options);
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
    for (const client of Object.values(this.#clients())) {
      if (!isUnwanted(client.id)) continue;
      Object.assign(client, { will: null });
      client.close();
    }
  }

  stats(): BrokerStats {
    const { open, unproven } = this.#running?.listener.gate.counts() ?? { open: 0, unproven: 0 };
    return { clients: this.clientCount(), open, unproven, ...this.#book.counts };
  }

  onMessage(handler: (message: BusMessage) => void, filters = AGENT_FILTERS): void {
    if (this.#running !== undefined)
      throw new Error('the broker runs already: this handler would get no messages');
    this.#listeners.push({ handler, filters });
  }

  holdBack(roomAfter: (message: BusMessage) => Promise<void> | undefined): void {
    this.#roomAfter = roomAfter;
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
              const { clientId } = packet as AedesPublishPacket & { readonly clientId?: string };
              this.#deliver(handler, packet, clientId);
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
        isExempt: this.#isExempt,
        onRefused: (refusal) => this.#refuse(refusal),
        onHeldBack: (client) => this.#book.heldBack(client),
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
    const packet = { cmd: 'publish', topic, payload: Buffer.from(payload), dup: false, ...options } as const;
    const done = (error?: Error): void => {
      if (error) this.#options.log.debug({ topic, err: error }, 'publish failed');
    };
    // Do not wait for delivery: one slow subscriber would delay central.
    const reader = options.qos === 0 && !options.retain ? readerOfAck(topic, this.#clients()) : undefined;
    if (reader === undefined) aedes.publish(packet, done);
    else reader.publish(packet, done);
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
        isExempt: this.#isExempt,
        clock,
        log,
        onRefused: (refusal) => this.#refuse(refusal),
        onAuthenticated: (client, role) => this.#prove(client, role),
      }),
    });
    lookUpRetainedByTopic(aedes);
    const readers = this.#listeners.filter(({ filters }) => filters.includes(UP_FILTER));
    deliverBatches(aedes, {
      deliver: (packet, clientId) => {
        for (const { handler } of readers) this.#deliver(handler, packet, clientId);
      },
      isOnlyCentral: () => !this.#hasOtherCentral,
    });
    aedes.on('connectionError', (client, error) => this.#reportProtocolError(client, error));
    aedes.on('clientError', (client, error) => this.#reportProtocolError(client, error));
    aedes.addListener('error', (error: unknown) => log.error({ err: error }, 'mqtt broker failed'));
    return aedes;
  }

  #accept(aedes: Aedes, socket: Socket, connection: GuardedConnection): void {
    this.#connections.set(socket, connection);
    aedes.handle(socket);
  }

  readonly #isExempt = (address: string): boolean => this.#options.isExempt?.(address) ?? false;

  #prove({ id, conn }: Client, role: Principal['role']): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (role === 'central') this.#hasOtherCentral = true;
    // One for all its connections: a new one does not bring a new allowance.
    const allowance = role === 'central' ? undefined : this.#allowances.of(id, nowMs);
    this.#connections.get(conn)?.prove({ id, allowance });
    const isFrequent = !this.#connects.tryTake(id, 1, nowMs);
    this.#running?.listener.gate.prove(conn as Socket, isFrequent);
  }

  /** Lost connections (a system error code, or aedes' error for a late packet) are normal; other errors break the protocol. */
  #reportProtocolError({ conn, id: claimed }: Client, error: Error): void {
    if (error instanceof RefusedError || codeOf(error) !== undefined || error.message === 'connection closed')
      return;
    const client = this.#connections.get(conn)?.client;
    const address = (conn as Socket).remoteAddress;
    this.#refuse({
      kind: 'protocol',
      reason: messageOf(error),
      ...(client !== undefined ? { client } : claimed && { claimed }),
      ...(address !== undefined && { address }),
    });
  }

  #refuse(refusal: BrokerRefusal): void {
    this.#book.refused(refusal);
    this.#options.onRefused?.(refusal);
  }

  #deliver(
    handler: (message: BusMessage) => void,
    { topic, payload }: AedesPublishPacket,
    clientId: string | undefined,
  ): void {
    if (this.#stopped !== undefined) return;
    const message = { topic, payload: Buffer.isBuffer(payload) ? payload : Buffer.from(payload) };
    try {
      handler(message);
    } catch (error) {
      this.#options.log.error({ err: error, topic }, 'message handler failed');
    }
    const room = this.#roomAfter?.(message);
    const sender = room === undefined || clientId === undefined ? undefined : this.#clients()[clientId];
    if (room !== undefined && sender !== undefined) this.#connections.get(sender.conn)?.holdBack(room);
  }

  /** By id. aedes has them, though its types do not say so. */
  #clients(): Readonly<Record<string, Client>> {
    const { clients = {} } = (this.#running?.aedes ?? {}) as { clients?: Readonly<Record<string, Client>> };
    return clients;
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
