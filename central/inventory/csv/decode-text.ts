const SAVE_AS = 'in Excel: save as "CSV UTF-8"';

/**
 * The text of a file: UTF-8, or UTF-16 with a byte order mark, as Excel's "Unicode text" is. Pure. `message` instead:
 * it is neither.
 */
export function decodeText(bytes: Uint8Array): { readonly text: string } | { readonly message: string } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes) };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes) };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return { text };
    return { message: `expected text in UTF-8, got bytes that are 0; ${SAVE_AS}` };
  } catch {
    return { message: `line ${badLine(bytes)}: expected text in UTF-8, got another encoding; ${SAVE_AS}` };
  }
}

/** The first line that is not UTF-8. */
function badLine(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    const part = bytes.subarray(start, end === -1 ? bytes.length : end);
    if (!isUtf8(part) || end === -1) return line;
    start = end + 1;
    line++;
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
