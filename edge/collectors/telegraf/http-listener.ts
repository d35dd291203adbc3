import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { messageOf } from '../../../runtime/errors.ts';
import { BodyReader } from './http-body.ts';
import { HttpError } from './http-error.ts';
import { MAX_WAITING_SAMPLES } from '../pushed-samples.ts';
import type { Intake, Listener } from './intake.ts';
import { parseLinesInTurns, type BadLine } from './parse-lines.ts';

const MAX_CONNECTIONS = 32;
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 60_000, // longer than Telegraf's usual 10 s between writes
} as const;
/** Each costs as much as some valid ones. */
const MAX_BAD_LINES = 10_000;
const RETRY_AFTER_S = 2;

/** `precision` as InfluxDB 1 and 2 have it. */
const UNITS_NS: Readonly<Record<string, bigint>> = {
  n: 1n,
  ns: 1n,
  u: 1_000n,
  us: 1_000n,
  µ: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/**
 * InfluxDB's write API (`/write` of version 1, `/api/v2/write` of version 2). Answers when the samples are on the agent's
 * disk, so that the sender keeps them until then.
 */
export class HttpListener implements Listener {
  readonly name: string;
  readonly #address: string;
  readonly #port: number;
  readonly #intake: Intake;
  readonly #bodies = new BodyReader();
  #server: Server | undefined;

  constructor(config: { readonly address: string; readonly port: number }, intake: Intake) {
    this.name = `http ${config.address} port ${config.port}`;
    this.#address = config.address;
    this.#port = config.port;
    this.#intake = intake;
  }

  /** The actual port, once it is open. */
  get port(): number | undefined {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  }

  async open(): Promise<void> {
    const server = createServer(TIMEOUTS, (request, response) => void this.#handle(request, response));
    server.maxConnections = MAX_CONNECTIONS;
    server.listen(this.#port, this.#address);
    await once(server, 'listening');
    server.on('error', (error) => this.#intake.refusals.add(`http: ${error.message}`));
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    // Waiting senders have their answer by now; connections that do not read it are closed.
    setImmediate(() => server.closeAllConnections());
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const badLines = await this.#receive(request);
      if (badLines.length === 0) response.writeHead(204).end();
      else answer(response, 400, describe(badLines));
    } catch (error) {
      const { status, message } = error instanceof HttpError ? error : new HttpError(503, messageOf(error));
      this.#intake.refusals.add(`http: refused with ${status}: ${message}`);
      answer(response, status, message);
      // Discard the rest of the body, so that the sender can read the answer.
      request.resume();
    }
  }

  /** Returns the lines that could not be parsed. Rejects with an HttpError when nothing was accepted. */
  async #receive(request: IncomingMessage): Promise<readonly BadLine[]> {
    const unitNs = readUnit(request);
    const { pushed } = this.#intake;
    if (!pushed.hasRoomFor(1, 1)) throw full();
    const body = await this.#bodies.read(request);
    const lines = await parseLinesInTurns(
      body,
      ({ points, badLines }) => points.length > MAX_WAITING_SAMPLES || badLines.length > MAX_BAD_LINES,
    );
    if (lines.badLines.length > MAX_BAD_LINES) {
      throw new HttpError(400, `more than ${MAX_BAD_LINES} invalid lines: this is no line protocol`);
    }
    if (lines.points.length > MAX_WAITING_SAMPLES) {
      throw new HttpError(413, `more than ${MAX_WAITING_SAMPLES} points; send smaller batches`);
    }
    if (!pushed.hasRoomFor(lines.points.length, body.length)) throw full();
    const samples = this.#intake.translate(lines, unitNs);
    if (samples.length > 0 && !(await pushed.add(samples, body.length))) {
      throw new HttpError(503, 'the agent could not keep the points; try again');
    }
    return lines.badLines;
  }
}

function full(): HttpError {
  return new HttpError(429, 'the buffer is full; try again');
}

const ORIGIN = 'http://localhost';

function readUnit(request: IncomingMessage): bigint {
  const path = request.url ?? '/';
  const url = new URL(URL.canParse(path, ORIGIN) ? path : '/', ORIGIN);
  if (url.pathname !== '/write' && url.pathname !== '/api/v2/write') {
    throw new HttpError(404, 'expected /api/v2/write (InfluxDB 2) or /write (InfluxDB 1)');
  }
  if (request.method !== 'POST') throw new HttpError(405, 'expected POST');
  const precision = url.searchParams.get('precision') ?? 'ns';
  const unitNs = Object.hasOwn(UNITS_NS, precision) ? UNITS_NS[precision] : undefined;
  if (unitNs === undefined) {
    throw new HttpError(400, `precision ${precision.slice(0, 20)}, expected ns, us, ms, s, m or h`);
  }
  return unitNs;
}

const MAX_LISTED = 10;

function describe(badLines: readonly BadLine[]): string {
  const listed = badLines
    .slice(0, MAX_LISTED)
    .map(({ line, column, reason }) => `line ${line}:${column}: ${reason}`);
  const more = badLines.length > MAX_LISTED ? [`and ${badLines.length - MAX_LISTED} more`] : [];
  return `partial write: the other lines were accepted; ${[...listed, ...more].join('; ')}`;
}

/** `error` is where InfluxDB 1 has the reason, `code` and `message` where InfluxDB 2 has it. */
function answer(response: ServerResponse, status: HttpError['status'], message: string): void {
  const code = CODES[status];
  response.setHeader('content-type', 'application/json');
  if (status === 429 || status === 503) response.setHeader('retry-after', RETRY_AFTER_S);
  response.writeHead(status).end(JSON.stringify({ code, message, error: message }));
}

const CODES: Readonly<Record<HttpError['status'], string>> = {
  400: 'invalid',
  404: 'not found',
  405: 'method not allowed',
  413: 'request too large',
  415: 'unsupported media type',
  429: 'too many requests',
  503: 'unavailable',
};
