import { expect, it } from 'vitest';
import type { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { RefusalBook } from './refusal-book.ts';

function open() {
  const lines: { readonly count: number; readonly client?: string }[] = [];
  const log = {
    warn: (line: (typeof lines)[number]) => void lines.push(line),
  } as unknown as typeof silentLogger;
  return { lines, book: new RefusalBook({ clock: new ManualClock(), log }) };
}

it('counts everything, and names an address at its 1st, 10th, 100th of a kind', () => {
  const { lines, book } = open();
  for (let at = 0; at < 120; at++)
    book.refused({ kind: 'authentication', reason: 'r', claimed: `gw-${at}`, address: `2001:db8::${at}` });
  book.refused({ kind: 'connection', reason: 'r', address: '2001:db8::1' });
  expect(lines.map(({ count }) => count)).toEqual([1, 10, 100, 1]);
  expect(book.counts.refused).toMatchObject({ authentication: 120, connection: 1, publish: 0 });
});

it('names a client that is slowed down, whatever strangers do', () => {
  const { lines, book } = open();
  for (let host = 0; host < 1_000; host++)
    book.refused({ kind: 'protocol', reason: 'r', address: `10.0.${host >> 8}.${host & 255}` });
  book.heldBack('gw-1');
  expect(lines.at(-1)).toEqual({ client: 'gw-1', count: 1 });
  expect(book.counts.heldBack).toBe(1);
});
