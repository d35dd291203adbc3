import { visibleLines, visibleText } from '../runtime/visible-text.ts';

/** A value from elsewhere (an agent, a device, a file) as part of one line. Pure. */
export const terminalText = visibleText;

/** One line of JSON (more, with `space`), the same value for a program that reads it; integers beyond 2^53 as text. Pure. */
export function terminalJson(value: unknown, space?: number): string {
  return `${visibleLines(JSON.stringify(value, exactIntegers, space))}\n`;
}

/** Whole lines on stdout. What the program prints goes through here, so that no foreign text reaches the terminal as it is. */
export function print(lines: string): void {
  process.stdout.write(visibleLines(lines));
}

const COLOURS = { green: 32, yellow: 33, red: 31 } as const;

/** Whole lines on stdout, in colour where a person reads them: not into a file, nor with NO_COLOR (no-color.org). */
export function printColoured(lines: string, colour: keyof typeof COLOURS): void {
  const isColoured = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  if (isColoured) process.stdout.write(`\u001b[${COLOURS[colour]}m${visibleLines(lines)}\u001b[0m`);
  else print(lines);
}

/** Whole lines on stderr. */
export function printError(lines: string): void {
  process.stderr.write(visibleLines(lines));
}

/** In a format without such escapes, for programs: as it is, but for a terminal. */
export function printData(lines: string): void {
  if (process.stdout.isTTY) print(lines);
  else process.stdout.write(lines);
}

function exactIntegers(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
