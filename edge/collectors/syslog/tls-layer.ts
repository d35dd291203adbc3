import type { Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { messageOf } from '../../../runtime/errors.ts';
import { readTextFile } from '../../../runtime/secret-source.ts';
import { checkTlsFiles } from '../../../runtime/tls-files.ts';
import type { SyslogTlsConfig } from './config.ts';

/** Certificates are renewed while the agent runs. */
const READ_AGAIN_MS = 3_600_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;

type Files = Pick<SyslogTlsConfig, 'certFile' | 'keyFile' | 'caFile'>;

/** TLS (RFC 5425) over connections that were accepted already, so that only senders cost a handshake. */
export class TlsLayer {
  readonly #files: Files;
  readonly #onProblem: (problem: string) => void;
  /** By the far end: the server does not say which connection it has made secure. */
  readonly #waiting = new Map<string, (readable: Socket) => void>();
  #server: Server | undefined;
  #readAtMs = 0;

  constructor(files: Files, onProblem: (problem: string) => void) {
    this.#files = files;
    this.#onProblem = onProblem;
  }

  /** Throws a UserError that names the setting whose file cannot be used. */
  open(monotonicMs: number): void {
    const { caFile } = this.#files;
    const mutual = { requestCert: caFile !== undefined, rejectUnauthorized: caFile !== undefined };
    const server = createServer({
      ...this.#read(),
      ...mutual,
      minVersion: 'TLSv1.2',
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    });
    server.on('secureConnection', (readable) => this.#waiting.get(farEnd(readable))?.(readable));
    server.on('tlsClientError', (error, socket) => {
      this.#onProblem(`handshake failed: ${messageOf(error)}`);
      socket.destroy();
    });
    this.#server = server;
    this.#readAtMs = monotonicMs;
  }

  secure(socket: Socket, onReady: (readable: Socket) => void): void {
    const name = farEnd(socket);
    this.#waiting.set(name, onReady);
    socket.once('close', () => this.#waiting.delete(name));
    this.#server?.emit('connection', socket);
  }

  /** At each run: takes renewed files. */
  refresh(monotonicMs: number): void {
    if (this.#server === undefined || monotonicMs - this.#readAtMs < READ_AGAIN_MS) return;
    this.#readAtMs = monotonicMs;
    try {
      this.#server.setSecureContext(this.#read());
    } catch (error) {
      this.#onProblem(`the certificate of before is used further: ${messageOf(error)}`);
    }
  }

  #read(): { readonly cert: string; readonly key: string; readonly ca?: string } {
    const { certFile, keyFile, caFile } = this.#files;
    const files = {
      cert: readTextFile('tls.certFile', certFile),
      key: readTextFile('tls.keyFile', keyFile),
      ...(caFile !== undefined && { ca: readTextFile('tls.caFile', caFile) }),
    };
    checkTlsFiles('tls', files);
    return files;
  }
}

function farEnd({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
