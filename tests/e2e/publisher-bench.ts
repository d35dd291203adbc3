import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { Aedes, type AedesOptions } from 'aedes';
import type { Batch } from '../../contract/batch.ts';
import { decodeBatch, encodeSamples } from '../../contract/codec.ts';
import { stateSchema, type AgentState } from '../../contract/state.ts';
import { agentTopic, FLOW_TOPIC, parseAgentTopic, STATE_FILTER, UP_FILTER } from '../../contract/topics.ts';
import type { OpenLink } from '../../edge/publisher/mqtt-link.ts';
import type { PublisherTimings } from '../../edge/publisher/timings.ts';

/** Everything a publisher waits for, a hundred times faster. */
export const QUICK: Partial<PublisherTimings> = {
  ackTimeoutMs: 250,
  ackTimeoutMaxMs: 1_000,
  connectTimeoutMs: 2_000,
  firstConnectMaxMs: 20,
  backlogDelayMaxMs: 20,
  backoffBaseMs: 20,
  backoffCapMs: 100,
  stopWaitMs: 500,
};

/** What the suites of the publisher connect with, if not with MQTT.js: the same suites run over the links of a fleet. */
export const connectBy: { openLink?: OpenLink } = {};

type Send = (topic: string, payload: Buffer | string, retain: boolean) => void;

/** Stands in for central: takes batches apart, remembers them, acknowledges what it is told to. */
export class TestCentral {
  readonly batches: Batch[] = [];
  readonly states: AgentState[] = [];
  answers: (batch: Batch) => boolean = () => true;
  backfillPerS = 1_000;
  #send: Send = () => undefined;

  attach(send: Send): void {
    this.#send = send;
  }

  receive(topic: string, payload: Buffer): void {
    const parsed = parseAgentTopic(topic);
    if (parsed?.kind === 'state') {
      this.states.push(stateSchema.parse(JSON.parse(payload.toString())));
    } else if (parsed?.kind === 'up') {
      const batch = decodeBatch(payload);
      this.batches.push(batch);
      if (this.answers(batch)) this.ack(parsed.agent, batch);
    }
  }

  ack(agent: string, { epoch, seq }: Pick<Batch, 'epoch' | 'seq'>): void {
    const ack = { v: 1, epoch, stored: [[seq, seq]], window: 8, backfillPerS: this.backfillPerS };
    this.say(agent, JSON.stringify(ack));
  }

  say(agent: string, payload: string): void {
    this.#send(agentTopic(agent, 'ack'), payload, false);
  }

  flow(payload: string): void {
    this.#send(FLOW_TOPIC, payload, true);
  }

  get seqs(): number[] {
    return this.batches.map(({ seq }) => seq);
  }
}

/** aedes with its socket in hand: killed, restarted on the same port, and told to refuse this or that. */
export class TestBroker {
  readonly #central: TestCentral;
  readonly #tls: TlsOptions | undefined;
  readonly #sockets = new Set<Socket>();
  options: AedesOptions = {};
  port = 0;
  connections = 0;
  #running: { readonly aedes: Aedes; readonly server: Server } | undefined;

  constructor(central: TestCentral, tls?: TlsOptions) {
    this.#central = central;
    this.#tls = tls;
  }

  get url(): string {
    return `${this.#tls ? 'mqtts' : 'mqtt'}://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const aedes = await Aedes.createBroker(this.options);
    aedes.on('connectionError', () => undefined);
    aedes.on('clientError', () => undefined);
    for (const filter of [UP_FILTER, STATE_FILTER]) {
      await new Promise<void>((resolve) =>
        aedes.subscribe(
          filter,
          (packet, done) => {
            done();
            this.#central.receive(packet.topic, Buffer.from(packet.payload));
          },
          resolve,
        ),
      );
    }
    this.#central.attach((topic, payload, retain) =>
      aedes.publish({ cmd: 'publish', topic, payload, retain, qos: 0, dup: false }, () => undefined),
    );
    const accept = (socket: Socket): void => {
      this.connections++;
      aedes.handle(socket);
    };
    const server = this.#tls ? createTlsServer(this.#tls, accept) : createServer(accept);
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    const address = server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    this.#running = { aedes, server };
  }

  /** As by kill -9: sockets break, retained messages and sessions are gone. */
  async kill(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    const closed = new Promise((resolve) => running.server.close(resolve));
    this.cutAll();
    await closed;
    await new Promise<void>((resolve) => running.aedes.close(() => resolve()));
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Bytes straight onto every line, past the broker's own rules. */
  writeRaw(bytes: Buffer): void {
    for (const socket of this.#sockets) socket.write(bytes);
  }
}

export function sampleBody(value: number): Buffer {
  const [body] = encodeSamples([
    { measurement: 'ping', tags: { device: 'n-1' }, fields: { percent_packet_loss: value }, timeMs: 1_000 },
  ]).bodies;
  if (body === undefined) throw new Error('a sample encodes to a body');
  return body.bytes;
}
