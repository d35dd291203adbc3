import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { checkConfig } from '../runtime/config.ts';
import { dialWeb } from '../runtime/dial/http-agent.ts';
import { EXIT, messageOf, UserError } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/secret-source.ts';
import { urlSchema } from '../runtime/url-schema.ts';

const TIMEOUT_MS = 30_000;
const API_URL = urlSchema({ protocol: /^https?$/, expected: 'http://host:port or https://host:port' });
const problemSchema = z.object({
  code: z.string(),
  detail: z.string(),
  problems: z.array(z.string()).optional(),
});

/** Central's answer to a request that it refuses. */
export class CentralRefusal extends Error {
  override readonly name = 'CentralRefusal';
  readonly status: number;
  /** As the API documents it; undefined if the answer is not central's. */
  readonly code: string | undefined;
  readonly problems: readonly string[];
  constructor(status: number, problems: readonly string[], code?: string) {
    super(problems.join('; '));
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

export interface CentralClient {
  /** Throws a CentralRefusal, or a UserError (exit 1) if central cannot be reached. */
  call<T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown): Promise<T>;
  /** An answer that is not JSON. Throws as `call`. */
  read(path: string): Promise<string>;
  /** An answer line by line, as long as something comes every 30 s. Throws as `call`. */
  lines(method: string, path: string, body: unknown): AsyncIterable<string>;
}

/** Central's API with the token in `tokenFile`. Throws a UserError (exit 2) if the address or the file is not valid. */
export function createCentralClient(
  options: { readonly url: string; readonly tokenFile: string },
  signal: AbortSignal,
): CentralClient {
  const { url, tokenFile } = options;
  checkConfig('command line', { '--url': url }, z.object({ '--url': API_URL }));
  const token = readTextFile('--token-file', tokenFile).trim();
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new UserError(EXIT.badConfig, [`--token-file: expected ${tokenFile} to hold one API token`]);
  }
  const send = (method: string, path: string, body?: unknown): Promise<Answer> =>
    ask(new URL(`/api/v1${path}`, url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  return {
    call: async (method, path, schema, body) => {
      const answer = await send(method, path, body);
      if (!answer.ok) throw refusalOf(answer);
      const result = schema.safeParse(parsed(answer.text));
      if (result.success) return result.data;
      throw new UserError(EXIT.failure, [`${url}: does not answer like central`]);
    },
    read: async (path) => {
      const answer = await send('GET', path);
      if (!answer.ok) throw refusalOf(answer);
      return answer.text;
    },
    lines: (method, path, body) => readLines(new URL(`/api/v1${path}`, url), { method, token, body, signal }),
  };
}

interface LinesQuestion {
  readonly method: string;
  readonly token: string;
  readonly body: unknown;
  readonly signal: AbortSignal;
}

async function* readLines(url: URL, { method, token, body, signal }: LinesQuestion): AsyncGenerator<string> {
  const idle = new AbortController();
  const timer = setTimeout(
    () => idle.abort(new Error(`nothing came for ${TIMEOUT_MS / 1_000} s`)),
    TIMEOUT_MS,
  );
  const question = {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.any([signal, idle.signal]),
  };
  try {
    const answer = await request(url, question);
    const status = answer.statusCode ?? 0;
    if (status !== 200) throw refusalOf({ ok: false, status, text: await textOf(answer) });
    for await (const line of createInterface({ input: answer })) {
      timer.refresh();
      yield line;
    }
    // The lines of an answer that breaks off just end.
    if (!answer.complete) throw new Error('the answer broke off');
  } catch (error) {
    if (error instanceof CentralRefusal) throw error;
    const cause: unknown = question.signal.aborted ? question.signal.reason : error;
    throw new UserError(EXIT.failure, [`${url.origin}: ${messageOf(cause)}`], error);
  } finally {
    clearTimeout(timer);
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly text: string;
}

interface Question {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

async function ask(url: URL, question: Question): Promise<Answer> {
  try {
    const answer = await request(url, question);
    const text = await textOf(answer);
    const status = answer.statusCode ?? 0;
    return { ok: status >= 200 && status <= 299, status, text };
  } catch (error) {
    const cause: unknown = question.signal.aborted ? question.signal.reason : error;
    throw new UserError(EXIT.failure, [`${url.origin}: ${messageOf(cause)}`], error);
  }
}

/** Not with fetch(): it gives each address of a name 250 ms, which is too short for a slow line. */
async function request(url: URL, { method, headers, body, signal }: Question): Promise<IncomingMessage> {
  const socket = await dialWeb(url, { signal, guard: undefined });
  return new Promise((resolve, reject) => {
    httpRequest({
      signal,
      createConnection: () => socket,
      method,
      path: `${url.pathname}${url.search}`,
      headers: { ...headers, host: url.host, connection: 'close' },
    })
      .once('response', resolve)
      .on('error', reject)
      .end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusalOf({ status, text }: Answer): CentralRefusal {
  const problem = problemSchema.safeParse(parsed(text));
  if (!problem.success) return new CentralRefusal(status, [`central answers ${status}`]);
  return new CentralRefusal(status, problem.data.problems ?? [problem.data.detail], problem.data.code);
}
