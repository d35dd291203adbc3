/**
 * Splits a line of the NUT protocol into words (RFC 9271, section 4.1): separated by blanks, optionally in double quotes,
 * `\` escapes the next character. undefined: a quote is not closed, or the line ends in a `\`. Pure.
 */
export function parseWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '\\') {
      if (++at === line.length) return undefined;
      word = (word ?? '') + line.charAt(at);
    } else if (char === '"') {
      isQuoted = !isQuoted;
      word ??= '';
    } else if (!isQuoted && (char === ' ' || char === '\t')) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (isQuoted) return undefined;
  if (word !== undefined) words.push(word);
  return words;
}

/** A word as a command carries it. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
