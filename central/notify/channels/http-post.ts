import { request, type IncomingMessage } from 'node:http';
import { dialWeb } from '../../../runtime/dial/http-agent.ts';
import type { TargetGuard } from '../../../runtime/dial/target-guard.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { visibleText } from '../../../runtime/visible-text.ts';
import type { Outcome } from './channel.ts';
import { hideSecrets, secretsOf } from './hide-secrets.ts';

export interface HttpPost {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly guard: TargetGuard;
  /** Ends it early; the reason becomes the answer. */
  readonly signal: AbortSignal;
  /** What a good answer says, beyond its status; returns what is wrong with it. Default: nothing is asked of it. */
  readonly check?: (body: string) => string | undefined;
}

/** More of an answer is not read: only its beginning is shown. */
const MAX_ANSWER_BYTES = 4_096;
const MAX_SHOWN_CHARS = 200;
/** The content itself is refused: it would be refused again. */
const REFUSED = new Set([400, 413, 415, 422]);

/** Sends once. Redirects are not followed; an answer counts only when it is whole, or its first 4 KiB have come. Never rejects. */
export async function httpPost(post: HttpPost): Promise<Outcome> {
  const { signal, timeoutMs } = post;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  const either = AbortSignal.any([signal, deadline.signal]);
  try {
    const response = await send(post, either);
    const body = await readSome(response);
    return outcomeOf(response, body, post);
  } catch (error) {
    return { kind: 'failed', answer: messageOf(either.aborted ? either.reason : error) };
  } finally {
    clearTimeout(timer);
  }
}

async function send({ url, headers, body, guard }: HttpPost, signal: AbortSignal): Promise<IncomingMessage> {
  const socket = await dialWeb(url, { signal, guard });
  return new Promise((resolve, reject) => {
    const sent = request({
      signal,
      createConnection: () => socket,
      method: 'POST',
      path: `${url.pathname}${url.search}`,
      headers: {
        'user-agent': 'Wardwatch',
        ...headers,
        host: url.host,
        'content-length': Buffer.byteLength(body),
        'accept-encoding': 'identity',
        connection: 'close',
      },
    });
    sent.once('response', resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

async function readSome(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    // Leaving the loop ends the connection.
    if (bytes >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
}

function outcomeOf({ statusCode = 0, headers }: IncomingMessage, body: string, post: HttpPost): Outcome {
  const { check } = post;
  const shown = hideSecrets(body, secretsOf(post)).slice(0, MAX_SHOWN_CHARS);
  const text = visibleText(shown).trim();
  const answer = text === '' ? `status ${statusCode}` : `status ${statusCode}: ${text}`;
  if (statusCode >= 200 && statusCode <= 299) {
    const wrong = check?.(body);
    return wrong === undefined
      ? { kind: 'delivered', answer }
      : { kind: 'failed', answer: `${answer} (${wrong})` };
  }
  if (statusCode >= 300 && statusCode <= 399)
    return { kind: 'failed', answer: `status ${statusCode}: redirects are not followed` };
  if (REFUSED.has(statusCode)) return { kind: 'refused', answer };
  const retryAfterS = Number(headers['retry-after']);
  const isAsked = Number.isInteger(retryAfterS) && retryAfterS > 0;
  return { kind: 'failed', answer, ...(isAsked && { retryAfterMs: retryAfterS * 1_000 }) };
}
