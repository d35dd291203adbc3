import { connect, type MqttClient } from 'mqtt';
import { messageOf } from '../../runtime/errors.ts';
import { withTimeout } from '../../runtime/service.ts';
import type { Endpoint, PublisherConnection } from './connection.ts';
import { ForgetfulStore } from './forgetful-store.ts';
import { FrameGuard } from './frame-guard.ts';

export interface LinkOptions {
  readonly clientId: string;
  readonly endpoint: Endpoint;
  readonly connection: PublisherConnection;
  readonly keepaliveMs: number;
  readonly connectTimeoutMs: number;
  /** What the broker says for us when the line breaks. */
  readonly will?: { readonly topic: string; readonly payload: string };
  readonly topics: readonly string[];
  /** Connected, and every subscription granted. */
  readonly onReady: () => void;
  readonly onMessage: (topic: string, payload: Buffer) => void;
  /** Once, and not after close() or leave(). */
  readonly onClosed: (reason: string) => void;
}

export interface PublishOptions {
  readonly retain: boolean;
  /** The broker has it. This says nothing of central, so batches do not ask. */
  readonly onHandedOver?: () => void;
}

/** One connection, from its dialling to its end; a new one is made for each attempt. */
export interface Link {
  /** QoS 1, at most once on this connection. */
  publish(topic: string, payload: Buffer | string, options: PublishOptions): void;
  /** Cuts the line: the broker publishes the will. */
  close(): void;
  /** Says goodbye first, so that the broker drops the will; the socket is closed within `waitMs`. */
  leave(waitMs: number): Promise<void>;
}

/** MQTT.js as a dumb pipe: no reconnects, no stores, no promises. May throw when the TLS settings are unusable. */
export function openLink(options: LinkOptions): Link {
  const { endpoint, connection, will } = options;
  const client = connect({
    protocol: endpoint.protocol,
    host: endpoint.host,
    port: endpoint.port,
    protocolVersion: 4,
    clean: true,
    reconnectPeriod: 0,
    queueQoSZero: false,
    resubscribe: false,
    // 65,536 ready-made buffers, 7 MiB, are of no use to a few packets a minute.
    writeCache: false,
    outgoingStore: new ForgetfulStore(),
    clientId: options.clientId,
    keepalive: Math.ceil(options.keepaliveMs / 1_000),
    connectTimeout: options.connectTimeoutMs,
    ...(will !== undefined && {
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true } as const,
    }),
    ...(connection.username !== undefined && { username: connection.username }),
    ...(connection.password !== undefined && { password: connection.password }),
    ...(endpoint.protocol === 'mqtts' && tlsOptions(connection)),
  });
  return new MqttLink(client, options);
}

function tlsOptions(connection: PublisherConnection): object {
  const { ca, cert, key } = connection;
  return { rejectUnauthorized: true, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

class MqttLink implements Link {
  readonly #client: MqttClient;
  readonly #options: LinkOptions;
  readonly #guard = new FrameGuard();
  #over = false;

  constructor(client: MqttClient, options: LinkOptions) {
    this.#client = client;
    this.#options = options;
    client.on('error', (error) => this.#fail(messageOf(error)));
    client.on('close', () => this.#fail('connection closed'));
    client.on('connect', () => this.#subscribe());
    client.on('message', (topic, payload) => {
      if (!this.#over) options.onMessage(topic, payload);
    });
    client.stream.on('data', (chunk: Buffer) => {
      if (!this.#over && !this.#guard.accepts(chunk)) this.#fail('the broker sent an oversized packet');
    });
  }

  publish(topic: string, payload: Buffer | string, options: PublishOptions): void {
    if (this.#over || !this.#client.connected) return;
    this.#client.publish(topic, payload, { qos: 1, retain: options.retain }, () => options.onHandedOver?.());
  }

  close(): void {
    this.#over = true;
    this.#client.end(true);
  }

  async leave(waitMs: number): Promise<void> {
    this.#over = true;
    const client = this.#client;
    // A goodbye would otherwise wait for every PUBACK, and those mean nothing here.
    for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id));
    const closed = new Promise<void>((resolve) => client.stream.once('close', resolve));
    client.end(false);
    try {
      await withTimeout(closed, waitMs, 'leaving the broker');
    } catch {
      client.stream.destroy();
    }
  }

  #subscribe(): void {
    if (this.#over) return;
    this.#client.subscribe([...this.#options.topics], { qos: 0 }, (error, granted) => {
      if (this.#over) return;
      const refused = granted?.find(({ qos }) => qos >= 128);
      if (error) this.#fail(messageOf(error));
      else if (refused) this.#fail(`subscription to ${refused.topic} was refused`);
      else this.#options.onReady();
    });
  }

  #fail(reason: string): void {
    if (this.#over) return;
    this.close();
    this.#options.onClosed(reason);
  }
}
