import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { codeOf } from '../../../runtime/errors.ts';
import { MAX_BODY_BYTES, type HttpAnswer } from './evaluate-answer.ts';
import { ProbeFailure } from '../../protocols/probe-failure.ts';
import { timed } from '../../protocols/tcp-tls/connection-context.ts';
import type { ProbeContext } from './probe.ts';
import { connectionFailure, openTcp } from '../../protocols/tcp-tls/tcp-connection.ts';
import { startTls } from '../../protocols/tcp-tls/tls-connection.ts';

export interface HttpQuestion {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD';
  readonly keepsBody: boolean;
}

/** One request over its own connection; reads no more of the answer than needed. */
export async function askHttp(question: HttpQuestion, context: ProbeContext): Promise<HttpAnswer> {
  const { url } = question;
  const isSecure = url.protocol === 'https:';
  // Sockets take an IPv6 address without the brackets of a URL.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  const plain = await openTcp({ host, port }, context);
  try {
    const source = `https://${url.hostname}:${port}`;
    const socket = isSecure ? await startTls(plain, { host, source }, context) : plain;
    const sent = request({
      createConnection: () => socket,
      method: question.method,
      path: `${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        'user-agent': 'Wardwatch',
        accept: '*/*',
        'accept-encoding': 'identity',
        connection: 'close',
      },
    });
    sent.on('error', () => undefined);
    const answer = await timed(context, 'firstByteMs', `waiting for the answer of ${url.host}`, async () => {
      sent.end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      return response;
    });
    context.findings.step = `reading the answer of ${url.host}`;
    return await readAnswer(answer, question.keepsBody);
  } catch (error) {
    throw httpFailure(error, context.signal);
  } finally {
    plain.destroy();
  }
}

async function readAnswer(response: IncomingMessage, keepsBody: boolean): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let isCut = false;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (keepsBody) chunks.push(chunk);
      isCut = bytes > MAX_BODY_BYTES;
      if (isCut) break;
    }
  } catch (error) {
    throw new ProbeFailure('body', `the answer broke off after ${bytes} bytes`, error);
  }
  const announced = /^\d{1,15}$/.exec(response.headers['content-length'] ?? '')?.[0];
  return {
    status: response.statusCode ?? 0,
    location: response.headers.location,
    isEncoded: !['', 'identity'].includes(response.headers['content-encoding'] ?? ''),
    contentBytes: announced === undefined ? bytes : Number(announced),
    body: Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES),
    isCut,
  };
}

function httpFailure(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted || error instanceof ProbeFailure) return connectionFailure(error, signal);
  const code = codeOf(error) ?? '';
  if (code === 'HPE_HEADER_OVERFLOW') return new ProbeFailure('protocol', 'headers are too large', error);
  if (code.startsWith('HPE_')) return new ProbeFailure('protocol', 'the answer is not HTTP', error);
  if (code === 'ECONNRESET') return new ProbeFailure('connection', 'closed without an answer', error);
  return connectionFailure(error, signal);
}
