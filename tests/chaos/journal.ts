import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/**
 * What an agent took, written down beside its queue and never read by the product: the truth that the store is
 * measured against. `taken`: about to be appended; `durable`: the queue said so; `lost`: the queue declared it.
 */
export type JournalLine =
  | { readonly kind: 'taken'; readonly agent: string; readonly count: number; readonly timeMs: number }
  | { readonly kind: 'durable'; readonly agent: string; readonly count: number; readonly seq: number }
  | { readonly kind: 'lost'; readonly agent: string; readonly count: number };

export function writeJournal(file: string, line: JournalLine): void {
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** A last line torn by kill -9 is left out: its batch counts as taken only if it is whole. */
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
