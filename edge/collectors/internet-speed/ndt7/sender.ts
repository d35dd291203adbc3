import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';

const MIN_MESSAGE_BYTES = 8 * 1024;
const MAX_MESSAGE_BYTES = 256 * 1024;
/** A message grows to 1/16 of what was sent: large ones on a fast line, small ones on a slow one. */
const MESSAGE_SHARE = 16;

/** Sends data as fast as the system takes it, one message at a time, until `isOver` or the connection is. */
export async function sendData(
  ws: WebSocket,
  options: { readonly isOver: () => boolean; readonly onSent: (bytes: number) => void },
): Promise<void> {
  // Random, so that no middlebox can compress it.
  const payload = randomBytes(MAX_MESSAGE_BYTES);
  let size = MIN_MESSAGE_BYTES;
  let sent = 0;
  while (!options.isOver() && (await send(ws, payload.subarray(0, size)))) {
    sent += size;
    options.onSent(size);
    if (size < MAX_MESSAGE_BYTES && size * MESSAGE_SHARE < sent) size *= 2;
  }
}

/** Resolves when the system has taken it; false when the connection ended before. */
function send(ws: WebSocket, message: Buffer): Promise<boolean> {
  return new Promise((resolve) => ws.send(message, (error) => resolve(!(error instanceof Error))));
}
