export const MAX_PAYLOAD_BYTES = 64 * 1024;

export type Payload = { readonly message: unknown } | { readonly problem: string };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** JSON, or plain text such as `22.4`, `open` or `ON`. Pure. */
export function parsePayload(bytes: Buffer): Payload {
  if (bytes.length > MAX_PAYLOAD_BYTES) return { problem: `more than ${MAX_PAYLOAD_BYTES} bytes` };
  let text: string;
  try {
    text = utf8.decode(bytes).trim();
  } catch {
    return { problem: 'not UTF-8' };
  }
  try {
    return { message: JSON.parse(text) as unknown };
  } catch {
    return /^[[{"]/.test(text) ? { problem: 'incomplete JSON' } : { message: text };
  }
}
