import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

/** `onMessage` must not throw. */
export interface DatagramListenerDeps {
  readonly onMessage: (message: Buffer, from: RemoteInfo) => void;
  /** Of the open socket, which goes on. */
  readonly onError: (error: Error) => void;
}

/** A UDP port that is listened on. */
export class DatagramListener {
  readonly #address: string;
  readonly #port: number;
  readonly #deps: DatagramListenerDeps;
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
    const socket = createSocket(isIPv6(this.#address) ? 'udp6' : 'udp4');
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
