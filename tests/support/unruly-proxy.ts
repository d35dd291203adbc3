import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ProxyMode =
  | 'pass'
  | 'answers 400 with a page'
  | 'answers 500'
  | 'answers nothing'
  | 'breaks off'
  | 'loses the answer'
  | 'stops in the middle of the answer';

/** A proxy for a real HTTP server that fails as `mode` says. */
export class UnrulyProxy {
  mode: ProxyMode = 'pass';
  /** Requests in each mode, so that a test can wait for one. */
  readonly requests = new Map<ProxyMode, number>();
  readonly #server: Server;
  #target: URL;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((incoming, outgoing) => void this.#handle(incoming, outgoing));
  }

  static async before(targetUrl: string): Promise<UnrulyProxy> {
    const proxy = new UnrulyProxy(new URL(targetUrl));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** As when another server is started at the same address. */
  leadTo(targetUrl: string): void {
    this.#target = new URL(targetUrl);
    this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { mode } = this;
    this.requests.set(mode, (this.requests.get(mode) ?? 0) + 1);
    if (mode === 'answers nothing') {
      incoming.resume();
      return;
    }
    if (mode === 'answers 500') {
      incoming.resume().once('end', () => outgoing.writeHead(500).end('{"error":"engine: broken"}'));
      return;
    }
    if (mode === 'answers 400 with a page') {
      incoming.resume().once('end', () => outgoing.writeHead(400).end('<h1>400 Bad Request</h1>'));
      return;
    }
    if (mode === 'breaks off') {
      incoming.once('data', () => incoming.destroy());
      return;
    }
    const { hostname, port } = this.#target;
    const options = {
      hostname,
      port,
      path: incoming.url,
      method: incoming.method,
      headers: incoming.headers,
    };
    const passed = request(options, (answer) => {
      if (mode === 'loses the answer') {
        answer.resume().once('end', () => incoming.destroy());
        return;
      }
      if (mode === 'stops in the middle of the answer') {
        answer.resume();
        outgoing.writeHead(200, { 'content-length': 1_000 }).write('{"results":');
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.once('error', () => outgoing.destroy());
    incoming.pipe(passed);
  }
}
