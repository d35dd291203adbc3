import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { SocketDrops } from './socket-drops.ts';

/** `onMessage` must not throw. */
export interface DatagramListenerDeps {
  readonly onMessage: (message: Buffer, from: RemoteInfo) => void;
  /** Of the open socket, which goes on. */
  readonly onError: (error: Error) => void;
}

/** Of the socket, as far as the system allows (`net.core.rmem_max`): what waits while the process does something else. */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;

/** How what the system dropped is told. */
export const DROPPED_BY_THE_SYSTEM =
  'dropped by the system, because more came than could be read (net.core.rmem_max bounds what may wait)';

/** A UDP port that is listened on. */
export class DatagramListener {
  readonly #address: string;
  readonly #port: number;
  readonly #deps: DatagramListenerDeps;
  readonly #drops = new SocketDrops();
  #socket: Socket | undefined;

  constructor(config: { readonly address: string; readonly port: number }, deps: DatagramListenerDeps) {
    this.#address = config.address;
    this.#port = config.port;
    this.#deps = deps;
  }

  /** The actual port, once it is open. */
  get port(): number | undefined {
    return this.#socket?.address().port;
  }

  /** Rejects when the port is taken or not allowed. */
  async open(): Promise<void> {
    const socket = createSocket({
      type: isIPv6(this.#address) ? 'udp6' : 'udp4',
      recvBufferSize: RECEIVE_BUFFER_BYTES,
    });
    socket.on('message', this.#deps.onMessage);
    try {
      socket.bind(this.#port, this.#address);
      await once(socket, 'listening');
    } catch (error) {
      socket.close();
      throw error;
    }
    socket.on('error', this.#deps.onError);
    this.#socket = socket;
  }

  /** What the system dropped since the last call, because it came faster than it was read. Never rejects. */
  async takeDrops(): Promise<number> {
    const { port } = this;
    return port === undefined ? 0 : this.#drops.takeNew({ address: this.#address, port });
  }

  /** An answer that cannot be sent is as one that is lost on the way. */
  send(message: Buffer, to: Pick<RemoteInfo, 'address' | 'port'>): void {
    this.#socket?.send(message, to.port, to.address, () => undefined);
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  }
}
