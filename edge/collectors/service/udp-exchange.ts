import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { permittedAddresses } from '../../../runtime/dial/target-guard.ts';
import { ProbeFailure } from '../../protocols/probe-failure.ts';
import { timed, type Endpoint } from '../../protocols/tcp-tls/connection-context.ts';
import type { ProbeContext } from './probe.ts';
import { connectionFailure, resolveHost } from '../../protocols/tcp-tls/tcp-connection.ts';

export interface UdpQuestion<Answer> extends Endpoint {
  /** Built for each transmission, with the socket's address, which some messages contain. */
  message(local: AddressInfo): Buffer;
  /** undefined: not the answer to this request, keep waiting. May throw a ProbeFailure. */
  parse(message: Buffer): Answer | undefined;
  /** Datagrams get lost: resent after this time, then after twice as long, and so on. */
  readonly resendAfterMs: number;
}

const MAX_RESEND_MS = 4_000;
const MAX_STRAY_MESSAGES = 100;

/** Resends until there is an answer or the signal aborts. Only datagrams from that server count. */
export async function askUdp<Answer>(question: UdpQuestion<Answer>, context: ProbeContext): Promise<Answer> {
  const { host, port } = question;
  const [address] = permittedAddresses(context.guard, question, await resolveHost(host, context));
  if (address === undefined) throw new ProbeFailure('name', `${host} has no address`);
  const socket = createSocket(address.family === 4 ? 'udp4' : 'udp6');
  socket.on('error', () => undefined);
  const over = new AbortController();
  try {
    socket.connect(port, address.address);
    await once(socket, 'connect', { signal: context.signal });
    const step = `waiting for the answer of ${host} port ${port}`;
    return await timed(context, 'firstByteMs', step, async () => {
      const answer = waitForAnswer(socket, question, context.signal);
      void sendAndResend(socket, question, context, over.signal);
      return answer;
    });
  } catch (error) {
    throw connectionFailure(error, context.signal);
  } finally {
    over.abort();
    socket.close();
  }
}

function waitForAnswer<Answer>(
  socket: Socket,
  question: UdpQuestion<Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let strays = 0;
    const onMessage = (message: Buffer): void => {
      try {
        const answer = question.parse(message);
        if (answer !== undefined) resolve(answer);
        else if (++strays > MAX_STRAY_MESSAGES)
          reject(new ProbeFailure('protocol', 'sends only invalid answers'));
      } catch (error) {
        reject(connectionFailure(error, signal));
      }
    };
    socket.on('message', onMessage);
    socket.once('error', reject);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    if (signal.aborted) reject(signal.reason as Error);
  });
}

async function sendAndResend(
  socket: Socket,
  question: UdpQuestion<unknown>,
  context: ProbeContext,
  over: AbortSignal,
): Promise<void> {
  for (let waitMs = question.resendAfterMs; !over.aborted; waitMs = Math.min(2 * waitMs, MAX_RESEND_MS)) {
    socket.send(question.message(socket.address()), (error) => {
      if (error !== null && !over.aborted) socket.emit('error', error);
    });
    await context.clock.sleep(waitMs, over).catch(() => undefined);
  }
}
