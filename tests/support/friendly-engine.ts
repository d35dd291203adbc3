import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An engine that offers InfluxDB's API, takes every write, and answers every question with 200 and nothing. */
export class FriendlyEngine {
  /** Lines that it took and nobody will see again. */
  lines = 0;
  readonly #server: Server;

  private constructor(version: string | undefined) {
    this.#server = createServer((incoming, outgoing) => {
      let body = '';
      incoming.on('data', (data: Buffer) => (body += data.toString()));
      incoming.on('end', () => {
        const isWrite = incoming.url?.startsWith('/write') === true;
        if (isWrite) this.lines += body.split('\n').filter((line) => line !== '').length;
        if (version !== undefined) outgoing.setHeader('x-influxdb-version', version);
        outgoing.writeHead(isWrite ? 204 : 200).end(isWrite ? '' : '{"results":[{"statement_id":0}]}');
      });
    });
  }

  /** `version`: of its header; undefined: it has none. */
  static async start(version: string | undefined): Promise<FriendlyEngine> {
    const engine = new FriendlyEngine(version);
    engine.#server.listen(0, '127.0.0.1');
    await once(engine.#server, 'listening');
    return engine;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
