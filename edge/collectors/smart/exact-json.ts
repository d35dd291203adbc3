/**
 * Text in quotes (left alone), or a whole number beyond what JSON.parse keeps exact. An unterminated text matches to the
 * end of the input: otherwise each quote in it would be tried as a start.
 */
const TEXT_OR_LONG_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"?|(?<![\d.eE+-])-?\d{16,40}(?![\d.eE])/g;

/**
 * JSON.parse with whole numbers of 16 and more digits as text, so that counters beyond 2^53 stay exact (NVMe counts in
 * 128 bits). Throws SyntaxError as JSON.parse does. Pure.
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(
    text.replace(TEXT_OR_LONG_NUMBER, (token) => (token.startsWith('"') ? token : `"${token}"`)),
  );
}
