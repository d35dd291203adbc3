import { brotliDecompress, constants, unzip } from 'node:zlib';
import { promisify } from 'node:util';
import { codeOf } from '../../../runtime/errors.ts';
import { ProbeFailure } from '../../protocols/probe-failure.ts';

/** A body grows up to a thousandfold when it is unpacked. */
const MAX_UNPACKED_BYTES = 8 * 1024 * 1024;
const META_BYTES = 1_024;

/** The body without its `Content-Encoding`. Some servers compress although nobody asked. Rejects with a ProbeFailure. */
export async function unpacked(body: Buffer, contentEncoding: string): Promise<Buffer> {
  let plain = body;
  const codings = contentEncoding.toLowerCase().split(',');
  for (const coding of codings.map((name) => name.trim()).reverse()) {
    if (coding !== '' && coding !== 'identity') plain = await unpack(plain, coding);
  }
  return plain;
}

async function unpack(body: Buffer, coding: string): Promise<Buffer> {
  const maxOutputLength = MAX_UNPACKED_BYTES;
  try {
    switch (coding) {
      case 'gzip':
      case 'x-gzip':
      case 'deflate':
        // Only the beginning of a long body was read.
        return await promisify(unzip)(body, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH });
      case 'br':
        return await promisify(brotliDecompress)(body, {
          maxOutputLength,
          finishFlush: constants.BROTLI_OPERATION_FLUSH,
        });
    }
  } catch (error) {
    const isHuge = codeOf(error) === 'ERR_BUFFER_TOO_LARGE';
    const why = isHuge ? `more than ${MAX_UNPACKED_BYTES} bytes when unpacked` : `no valid ${coding}`;
    throw new ProbeFailure('body', `the body is ${why}`, error);
  }
  throw new ProbeFailure(
    'body',
    `the body is compressed with ${JSON.stringify(coding.slice(0, 20))}, which is not known`,
  );
}

/** As a browser reads it: by its byte order mark, its `Content-Type`, its `<meta>`, or as UTF-8. Pure. */
export function bodyText(body: Buffer, contentType: string): string {
  const label = markedCharset(body) ?? charsetIn(contentType) ?? charsetIn(metaOf(body)) ?? 'utf-8';
  try {
    return new TextDecoder(label).decode(body);
  } catch {
    return body.toString('utf8'); // no such charset
  }
}

function markedCharset(body: Buffer): string | undefined {
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le';
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 'utf-8' : undefined;
}

function metaOf(body: Buffer): string {
  return /<meta\b[^>]{0,200}/i.exec(body.toString('latin1', 0, META_BYTES))?.[0] ?? '';
}

function charsetIn(text: string): string | undefined {
  return /charset\s{0,9}=\s{0,9}["']?([\w.:-]{1,40})/i.exec(text)?.[1];
}
