import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Clock } from '../../../runtime/clock.ts';
import type { Ndt7Limits } from './limits.ts';
import type { Pace } from './pace.ts';
import { MEASURE_EVERY_MS, measurementText, TEST_MS, type Direction } from './protocol.ts';

export interface Session {
  readonly ws: WebSocket;
  readonly direction: Direction;
  readonly limits: Ndt7Limits;
  readonly pace: Pace;
  readonly clock: Clock;
}

const MIN_MESSAGE_BYTES = 8 * 1024;
const MAX_MESSAGE_BYTES = 256 * 1024;
/** Messages grow up to this fraction of the bytes sent: few on a fast line, short on a slow one. */
const MESSAGE_SHARE = 16;
const NORMAL = 1_000;
const NOT_ALLOWED = 1_003;

/** Random, so that no device in between can compress it; generated once, because random bytes are expensive. */
const payload = randomBytes(MAX_MESSAGE_BYTES);

/** Runs one test until its connection is closed; resolves with the bytes transferred. Never rejects. */
export async function runSession(session: Session): Promise<number> {
  const { ws, limits } = session;
  const closed = new Promise<void>((resolve) => ws.once('close', () => resolve()));
  ws.on('error', () => ws.terminate());
  const deadline = setTimeout(() => ws.terminate(), limits.maxTestMs);
  const moved =
    session.direction === 'download' ? await send(session, closed) : await receive(session, closed);
  await closed;
  clearTimeout(deadline);
  return moved;
}

async function send(session: Session, closed: Promise<void>): Promise<number> {
  const { ws, limits, pace, clock } = session;
  const startMs = clock.monotonicMs();
  const elapsedMs = (): number => clock.monotonicMs() - startMs;
  // A download is half duplex: the client must not send data.
  ws.on('message', (_data, isBinary) => {
    if (isBinary) ws.close(NOT_ALLOWED, 'no data expected');
  });
  let sent = 0;
  let size = MIN_MESSAGE_BYTES;
  let measureAtMs = MEASURE_EVERY_MS;
  while (ws.readyState === ws.OPEN && elapsedMs() < TEST_MS && sent + size <= limits.maxTestBytes) {
    if (elapsedMs() >= measureAtMs) {
      ws.send(measurementText('download', sent, elapsedMs()));
      measureAtMs = elapsedMs() + MEASURE_EVERY_MS;
    }
    const waitMs = pace(size);
    if (waitMs > 0) await Promise.race([clock.sleep(waitMs), closed]);
    if (!(await sendOne(ws, payload.subarray(0, size)))) break;
    sent += size;
    if (size < MAX_MESSAGE_BYTES && size * MESSAGE_SHARE < sent) size *= 2;
  }
  ws.close(NORMAL);
  return sent;
}

/** False when the connection ended before the message was sent. */
function sendOne(ws: WebSocket, message: Buffer): Promise<boolean> {
  return new Promise((resolve) => ws.send(message, (error) => resolve(!(error instanceof Error))));
}

async function receive({ ws, limits, pace, clock }: Session, closed: Promise<void>): Promise<number> {
  const startMs = clock.monotonicMs();
  let received = 0;
  const measure = (): void =>
    ws.send(measurementText('upload', received, clock.monotonicMs() - startMs), () => undefined);
  const timer = setInterval(measure, MEASURE_EVERY_MS);
  let resume: NodeJS.Timeout | undefined;
  ws.on('message', (data, isBinary) => {
    if (!isBinary) return;
    received += (data as Buffer).length;
    if (received > limits.maxTestBytes && ws.readyState === ws.OPEN) {
      measure();
      ws.close(NORMAL, 'byte limit');
    }
    const waitMs = pace((data as Buffer).length);
    if (waitMs <= 0) return;
    ws.pause();
    clearTimeout(resume);
    resume = setTimeout(() => ws.resume(), waitMs);
  });
  await closed;
  clearInterval(timer);
  clearTimeout(resume);
  return received;
}
