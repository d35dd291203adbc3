import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { HttpError } from './http-error.ts';

/** Of one request, packed and unpacked. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Of all current requests together. */
const MAX_BODIES_BYTES = 3 * MAX_BODY_BYTES;

/** Reads request bodies within limits for each and for all together. */
export class BodyReader {
  #bytes = 0;

  /** Rejects with an HttpError for the sender. */
  async read(request: IncomingMessage): Promise<Buffer> {
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of unpacked(request) as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        bytes += chunk.length;
        this.#bytes += chunk.length;
        if (bytes > MAX_BODY_BYTES) throw tooLarge();
        if (this.#bytes > MAX_BODIES_BYTES) throw new HttpError(429, 'too many requests at once; try again');
      }
    } catch (error) {
      if (error instanceof HttpError) throw error;
      throw new HttpError(400, 'the body is incomplete or not valid gzip', error);
    } finally {
      this.#bytes -= bytes;
    }
    return Buffer.concat(chunks);
  }
}

function unpacked(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return request;
  if (encoding !== 'gzip')
    throw new HttpError(415, `content-encoding ${encoding.slice(0, 40)}, expected gzip or none`);
  const gunzip = createGunzip();
  request.once('error', (error) => gunzip.destroy(error));
  return request.pipe(gunzip);
}

function tooLarge(): HttpError {
  return new HttpError(413, `the body has more than ${MAX_BODY_BYTES} bytes; send smaller batches`);
}
