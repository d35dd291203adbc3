import { setMaxListeners } from 'node:events';
import { request, type Agent, type IncomingMessage } from 'node:http';
import { createHttpAgent } from '../../../runtime/dial/http-agent.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { StoreUnavailableError } from '../sample-store.ts';

/** Some millions of points; a longer answer would not fit into one string. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
const MAX_CONNECTIONS = 8;

export interface InfluxAddress {
  /** `http://host:8086` or `https://…`, optionally with a path before `/write`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

export interface InfluxAnswer {
  readonly status: number;
  readonly body: string;
}

export interface InfluxRequest {
  readonly path: string;
  readonly body: string | Buffer;
  readonly contentType: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** POSTs over keep-alive connections. Every failure to get a whole answer is a StoreUnavailableError. */
export class InfluxHttp {
  readonly #base: string;
  readonly #agent: Agent;
  readonly #closed = new AbortController();
  readonly #authorization: string | undefined;

  constructor({ url, username, password }: InfluxAddress) {
    this.#base = url.replace(/\/+$/, '');
    const pool = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
    setMaxListeners(2 * MAX_CONNECTIONS, this.#closed.signal);
    this.#agent = createHttpAgent(new URL(url), pool, {
      signal: this.#closed.signal,
      guard: undefined,
    });
    if (username !== undefined) {
      const credentials = Buffer.from(`${username}:${password ?? ''}`).toString('base64');
      this.#authorization = `Basic ${credentials}`;
    }
  }

  async post({ path, body, contentType, timeoutMs, signal }: InfluxRequest): Promise<InfluxAnswer> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        request(`${this.#base}${path}`, {
          method: 'POST',
          agent: this.#agent,
          signal: AbortSignal.any([signal, timeout]),
          headers: {
            'content-type': contentType,
            'content-length': bytes.length,
            ...(this.#authorization !== undefined && { authorization: this.#authorization }),
          },
        })
          .once('response', resolve)
          .once('error', reject)
          .end(bytes);
      });
      return { status: response.statusCode ?? 0, body: await readText(response) };
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      throw new StoreUnavailableError(`InfluxDB: ${reasonOf(error, signal, timeout, timeoutMs)}`, {
        cause: error,
      });
    }
  }

  close(): void {
    this.#closed.abort(new Error('the store is closed'));
    this.#agent.destroy();
  }
}

function reasonOf(error: unknown, signal: AbortSignal, timeout: AbortSignal, timeoutMs: number): string {
  if (signal.aborted) return 'aborted';
  if (timeout.aborted) return `no answer within ${timeoutMs} ms`;
  return messageOf(error);
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) {
      throw new StoreUnavailableError(`InfluxDB: the answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
