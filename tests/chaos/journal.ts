import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/**
 * What an agent took, written outside its queue: the reference that the store is compared with. `taken`: before the
 * append to the queue; `durable`: after it; `lost`: the queue declared it lost.
 */
export type JournalLine =
  | { readonly kind: 'taken'; readonly agent: string; readonly count: number; readonly timeMs: number }
  | { readonly kind: 'durable'; readonly agent: string; readonly count: number; readonly seq: number }
  | { readonly kind: 'lost'; readonly agent: string; readonly count: number };

export function writeJournal(file: string, line: JournalLine): void {
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** Skips a last line that kill -9 cut short. */
export function readJournal(file: string): JournalLine[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as JournalLine];
    } catch {
      return [];
    }
  });
}
