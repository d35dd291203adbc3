import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP line with a long way in each direction, as to a satellite or through a congested carrier. */
export class DelayedLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** `localAddress`: where its far end connects from. */
  static async to(targetUrl: string, oneWayMs: number, localAddress: string): Promise<DelayedLine> {
    const { hostname: host, port } = new URL(targetUrl);
    const server = createServer();
    const line = new DelayedLine(server);
    server.on('connection', (near: Socket) => {
      const openedAtMs = performance.now();
      const far = connect({ host, port: Number(port), localAddress });
      // What the near end sends comes after the far end's answer to its SYN.
      line.#forward(near, far, () => Math.max(0, openedAtMs + 2 * oneWayMs - performance.now()) + oneWayMs);
      line.#forward(far, near, () => oneWayMs);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return line;
  }

  /** The target's URL, but for the port. */
  urlLike(targetUrl: string): string {
    const url = new URL(targetUrl);
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href.replace(/\/$/, '');
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #forward(from: Socket, to: Socket, delayMs: () => number): void {
    this.#sockets.add(from);
    from.on('error', () => undefined);
    from.on('data', (chunk: Buffer) => setTimeout(() => to.write(chunk), delayMs()));
    from.once('close', () => {
      this.#sockets.delete(from);
      setTimeout(() => to.destroy(), delayMs());
    });
  }
}
