import { request, type Agent, type IncomingMessage } from 'node:http';
import type { CustomFetchOptions } from 'openid-client';
import { createHttpAgent } from '../../../runtime/dial/http-agent.ts';

/** Metadata and keys of large providers have some ten KiB. */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** A person waits for it. */
const TIMEOUT_MS = 5_000;
/** Statuses that the constructor of a Response takes no body for. */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

export type ProviderFetch = (url: string, options: CustomFetchOptions) => Promise<Response>;

/** What `openid-client` asks a provider with: connections as everywhere else, answers of bounded size and time, no redirects. */
export function createProviderFetch(ca: string | undefined): ProviderFetch {
  return async (url, { body, headers, method, signal }) => {
    const time = AbortSignal.any([
      AbortSignal.timeout(TIMEOUT_MS),
      ...(signal === undefined ? [] : [signal]),
    ]);
    const tls = ca === undefined ? {} : { ca };
    const agent = createHttpAgent(new URL(url), {}, { signal: time, guard: undefined }, tls);
    try {
      const answer = await send(url, { agent, method, headers, signal: time, body: textOf(body) });
      const bytes = await readBounded(answer);
      const status = answer.statusCode ?? 502;
      return new Response(WITHOUT_BODY.includes(status) ? null : new Uint8Array(bytes), {
        status,
        headers: headersOf(answer),
      });
    } finally {
      agent.destroy();
    }
  };
}

interface Sent {
  readonly agent: Agent;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly body: string | undefined;
}

function send(url: string, { body, ...options }: Sent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { protocol, hostname, port, pathname, search } = new URL(url);
    const sent = request({ ...options, protocol, hostname, port, path: `${pathname}${search}` });
    sent.once('response', resolve).once('error', reject).end(body);
  });
}

/** The client sends forms, or nothing. */
function textOf(body: CustomFetchOptions['body']): string | undefined {
  if (body === null || body === undefined) return undefined;
  if (typeof body === 'string' || body instanceof URLSearchParams) return String(body);
  throw new Error('a request to the identity provider that is no form');
}

function headersOf({ headers }: IncomingMessage): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each): [string, string] => [name, each]),
  );
}

async function readBounded(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) {
      answer.destroy();
      throw new Error(`the identity provider answers with more than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
