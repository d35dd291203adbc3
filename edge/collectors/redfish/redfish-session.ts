import { request, type Agent, type IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { createHttpAgent } from '../../../runtime/dial/http-agent.ts';
import type { TlsOptions } from '../../../runtime/dial/dial-tls.ts';
import type { TargetGuard } from '../../../runtime/dial/target-guard.ts';
import { messageOf } from '../../../runtime/errors.ts';

/** Of one answer; the largest known are some 100 KiB. */
const MAX_BODY_BYTES = 1024 * 1024;
/** Of one run. */
const MAX_REQUESTS = 160;

export interface RedfishTarget {
  /** `https://address:port`. */
  readonly url: URL;
  readonly username: string;
  readonly password: string;
  readonly tls: TlsOptions;
  readonly guard: TargetGuard | undefined;
}

/** Nothing else of this service can be read in this run: its time is over, or the user is not accepted. */
export class RedfishOverError extends Error {
  override readonly name = 'RedfishOverError';
}

/** Reads resources of one service over one connection (DMTF DSP0266). Only GET, with basic authentication: nothing is left behind there. */
export class RedfishSession {
  readonly #target: RedfishTarget;
  readonly #signal: AbortSignal;
  readonly #agent: Agent;
  readonly #authorization: string;
  #requests = 0;

  constructor(target: RedfishTarget, signal: AbortSignal) {
    const { url, username, password, tls, guard } = target;
    this.#target = target;
    this.#signal = signal;
    // A controller has little memory, and a handshake takes it a second.
    this.#agent = createHttpAgent(url, { keepAlive: true, maxSockets: 1 }, { signal, guard }, tls);
    this.#authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }

  /** Rejects when it cannot be read, or is not what `schema` says; with a RedfishOverError when no other can be read either. */
  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
    if (++this.#requests > MAX_REQUESTS) throw new Error(`more than ${MAX_REQUESTS} resources`);
    this.#throwIfAborted();
    const text = await this.#read(path);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new Error(`${path}: not JSON`, { cause: error });
    }
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    throw new Error(`${path}: not the resource that was expected`);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #read(path: string): Promise<string> {
    const response = await this.#send(path).catch((error: unknown) => {
      this.#throwIfAborted();
      throw error;
    });
    const { statusCode = 0 } = response;
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > MAX_BODY_BYTES) throw new Error(`${path}: more than ${MAX_BODY_BYTES} bytes`);
        chunks.push(chunk);
      }
    } catch (error) {
      response.destroy();
      this.#throwIfAborted();
      throw error;
    }
    if (statusCode === 200) return Buffer.concat(chunks).toString('utf8');
    const message = `${path}: ${REASONS[statusCode] ?? `status ${statusCode}, expected 200`}`;
    // Asked again with the same password, some controllers lock the user out.
    throw statusCode === 401 ? new RedfishOverError(message) : new Error(message);
  }

  #throwIfAborted(): void {
    if (this.#signal.aborted)
      throw new RedfishOverError(messageOf(this.#signal.reason), { cause: this.#signal.reason });
  }

  #send(path: string): Promise<IncomingMessage> {
    const { url } = this.#target;
    return new Promise((resolve, reject) => {
      const sent = request({
        agent: this.#agent,
        protocol: url.protocol,
        signal: this.#signal,
        host: url.hostname,
        path,
        headers: {
          host: url.host,
          accept: 'application/json',
          'accept-encoding': 'identity',
          'odata-version': '4.0',
          'user-agent': 'Wardwatch',
          authorization: this.#authorization,
        },
      });
      sent.once('response', resolve);
      sent.on('error', reject);
      sent.end();
    });
  }
}

const REASONS: Readonly<Record<number, string>> = {
  401: 'the user name or password is not accepted',
  403: 'the user may not read this',
};
