import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { selfSigned } from '../../config/testing/self-signed.ts';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly isSecure: boolean;
  readonly user: unknown;
  /** As it came, with CR LF. */
  readonly content: string;
}

/** Of servers that are given none. */
const IDENTITY = selfSigned('localhost');

/** An answer of SMTP other than success. */
export function smtpError(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

/** A real SMTP server on loopback that keeps what it takes. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  /** What it says to a recipient; undefined: it takes it. */
  refusal: (recipient: string) => Error | undefined = () => undefined;
  /** What it says to the message as a whole. */
  dataRefusal: () => Error | undefined = () => undefined;
  readonly #server: SMTPServer;

  private constructor(options: SMTPServerOptions) {
    this.#server = new SMTPServer({
      ...IDENTITY,
      authOptional: true,
      disableReverseLookup: true,
      closeTimeout: 100,
      onRcptTo: ({ address }, _session, done) => done(this.refusal(address)),
      onData: (stream, { envelope, secure, user }, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const error = this.dataRefusal();
          if (error !== undefined) {
            done(error);
            return;
          }
          this.received.push({
            from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
            to: envelope.rcptTo.map(({ address }) => address),
            isSecure: secure,
            user: user as unknown,
            content: Buffer.concat(chunks).toString('latin1'),
          });
          done(null, 'queued as 4711');
        });
      },
      ...options,
    });
    // Of connections that a client ends early.
    this.#server.on('error', () => undefined);
  }

  static async start(options: SMTPServerOptions = {}): Promise<MailServer> {
    const server = new MailServer(options);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server.server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}

/** Says what a test wants, line by line, where a real server would not. */
export class ScriptedMailServer {
  readonly heard: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(greet: (socket: Socket) => void, answer: (line: string, socket: Socket) => void) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        for (const line of data.toString('latin1').split('\r\n').slice(0, -1)) {
          this.heard.push(line);
          answer(line, socket);
        }
      });
      greet(socket);
    });
  }

  static async start(
    greet: (socket: Socket) => void,
    answer: (line: string, socket: Socket) => void = () => undefined,
  ): Promise<ScriptedMailServer> {
    const server = new ScriptedMailServer(greet, answer);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
