/**
 * Characters that a terminal acts on instead of showing them: control characters (ESC, and U+009B in xterm), those that
 * change the direction of text or are not seen at all, line and paragraph separators, unpaired surrogates.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const UNSEEN_IN_LINES = /[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A value from elsewhere (an agent, a device, a file) as part of one line. Pure. */
export function terminalText(value: string): string {
  return value.replace(UNSEEN, (character) => NAMED[character] ?? escaped(character));
}

/** One line of JSON (more, with `space`), the same value for a program that reads it; integers beyond 2^53 as text. Pure. */
export function terminalJson(value: unknown, space?: number): string {
  return `${JSON.stringify(value, exactIntegers, space).replace(UNSEEN_IN_LINES, escaped)}\n`;
}

/** Whole lines on stdout. What the program prints goes through here, so that no foreign text reaches the terminal as it is. */
export function print(lines: string): void {
  process.stdout.write(lines.replace(UNSEEN_IN_LINES, escaped));
}

/** Whole lines on stderr. */
export function printError(lines: string): void {
  process.stderr.write(lines.replace(UNSEEN_IN_LINES, escaped));
}

/** In a format without such escapes, for programs: as it is, but for a terminal. */
export function printData(lines: string): void {
  if (process.stdout.isTTY) print(lines);
  else process.stdout.write(lines);
}

function exactIntegers(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** As in JSON. */
function escaped(characters: string): string {
  return Array.from({ length: characters.length }, (_, at) => {
    const hex = characters.charCodeAt(at).toString(16).padStart(4, '0');
    return `\\u${hex}`;
  }).join('');
}
