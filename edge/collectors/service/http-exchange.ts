import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { codeOf } from '../../../runtime/errors.ts';
import { bodyText, unpacked } from './body-text.ts';
import { MAX_BODY_BYTES, type HttpAnswer } from './evaluate-answer.ts';
import { MAX_HEAD_BYTES, RepairedAnswer } from './repaired-answer.ts';
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
    const repaired = new RepairedAnswer(socket, question.method !== 'HEAD');
    const sent = request({
      createConnection: () => repaired,
      maxHeaderSize: 2 * MAX_HEAD_BYTES,
      // Chunks with spaces after their size; the connection is used for one answer only.
      insecureHTTPParser: true,
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
    return { ...(await readAnswer(answer, question.keepsBody)), oddities: repaired.oddities };
  } catch (error) {
    throw httpFailure(error, context.signal);
  } finally {
    plain.destroy();
  }
}

async function readAnswer(
  response: IncomingMessage,
  keepsBody: boolean,
): Promise<Omit<HttpAnswer, 'oddities'>> {
  const { headers } = response;
  const announced = /^\d{1,15}$/.exec(headers['content-length'] ?? '')?.[0];
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
    const part =
      announced === undefined ? `${bytes} bytes, before its last chunk` : `${bytes} of ${announced} bytes`;
    throw new ProbeFailure('body', `the answer broke off after ${part}`, error);
  }
  return {
    status: response.statusCode ?? 0,
    location: headers.location,
    contentBytes: announced === undefined ? bytes : Number(announced),
    text: keepsBody ? await readText(Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES), headers) : '',
    isCut,
  };
}

async function readText(body: Buffer, headers: IncomingHttpHeaders): Promise<string> {
  const plain = await unpacked(body, headers['content-encoding'] ?? '');
  return bodyText(plain, headers['content-type'] ?? '');
}

function httpFailure(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted || error instanceof ProbeFailure) return connectionFailure(error, signal);
  const code = codeOf(error) ?? '';
  if (code.startsWith('HPE_')) return new ProbeFailure('protocol', 'the answer is not HTTP', error);
  if (code === 'ECONNRESET') return new ProbeFailure('connection', 'closed without an answer', error);
  return connectionFailure(error, signal);
}
