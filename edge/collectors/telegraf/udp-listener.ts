import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { NANOSECONDS, type Intake, type Listener } from './intake.ts';
import { parseLines } from './parse-lines.ts';

/** Line protocol in datagrams, without acknowledgement: samples that do not fit into the buffer are lost and counted. */
export class UdpListener implements Listener {
  readonly name: string;
  readonly #address: string;
  readonly #port: number;
  readonly #intake: Intake;
  #socket: Socket | undefined;

  constructor(config: { readonly address: string; readonly port: number }, intake: Intake) {
    this.name = `udp ${config.address} port ${config.port}`;
    this.#address = config.address;
    this.#port = config.port;
    this.#intake = intake;
  }

  /** The actual port, once it is open. */
  get port(): number | undefined {
    return this.#socket?.address().port;
  }

  async open(): Promise<void> {
    const socket = createSocket(isIPv6(this.#address) ? 'udp6' : 'udp4');
    socket.on('message', (message) => this.#receive(message));
    try {
      socket.bind(this.#port, this.#address);
      await once(socket, 'listening');
    } catch (error) {
      socket.close();
      throw error;
    }
    socket.on('error', (error) => this.#intake.refusals.add(`udp: ${error.message}`));
    this.#socket = socket;
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  }

  #receive(message: Buffer): void {
    const samples = this.#intake.translate(parseLines(message), NANOSECONDS);
    if (samples.length === 0) return;
    const { pushed, refusals } = this.#intake;
    if (pushed.hasRoomFor(samples.length, message.length)) pushed.addUnconfirmed(samples, message.length);
    else refusals.add('udp: lost, because the buffer is full', samples.length);
  }
}
