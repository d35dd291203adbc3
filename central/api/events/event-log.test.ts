import { describe, expect, it } from 'vitest';
import { EventLog, type CityEvent } from './event-log.ts';

const NOW_MS = 1_800_000_000_000;

function logOf(count: number, capacity = 4, run = 'abcdef01'): EventLog {
  const log = new EventLog({ capacity, run, nowMs: NOW_MS });
  for (let number = 1; number <= count; number++) log.append(event(number));
  return log;
}

function event(number: number): CityEvent {
  return { kind: 'alert', atMs: NOW_MS + number, detail: { number } };
}

const numbers = (log: EventLog, after: number, most = 10) =>
  log.read(after, most)?.map(({ number, event: { detail } }) => [number, detail['number']]);

describe('the log of events', () => {
  it('gives what is behind a number, a part at a time', () => {
    const log = logOf(3);
    expect(numbers(log, 0)).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(numbers(log, 1, 1)).toEqual([[2, 2]]);
    expect(numbers(log, 3)).toEqual([]);
  });

  it('keeps the newest, and says when some were forgotten', () => {
    const log = logOf(10);
    expect(numbers(log, 6)).toHaveLength(4);
    expect(numbers(log, 5)).toBeUndefined();
  });

  it('finds where a reader was by the id that it brings', () => {
    const log = logOf(10);
    expect(log.positionOf(log.idOf(8))).toEqual({ after: 8 });
    expect(log.positionOf(log.idOf(10))).toEqual({ after: 10 });
    expect(log.positionOf(logOf(5).idOf(5))).toEqual({ lost: 'forgotten', sinceMs: NOW_MS + 5 });
    expect(logOf(1, 4, '01234567').positionOf(log.idOf(8))).toEqual({
      lost: 'restarted',
      sinceMs: NOW_MS + 8,
    });
    expect(logOf(2).positionOf(log.idOf(8))).toEqual({ lost: 'unknown', sinceMs: undefined });
  });

  it('has an id before its first event', () => {
    const log = logOf(0);
    expect(log.positionOf(log.idOf(0))).toEqual({ after: 0 });
  });

  it.each(['', '8', 'abcdef01-8', 'abcdef01--1-1', 'abcdef01-1e3-1', '__proto__', '\0', 'x'.repeat(9_000)])(
    'knows no id %j',
    (id) => expect(logOf(10).positionOf(id)).toEqual({ lost: 'unknown', sinceMs: undefined }),
  );

  it('wakes a reader for a burst once, and nobody who has gone', async () => {
    const log = logOf(0);
    const gone = new AbortController();
    const woken: string[] = [];
    void log.next(0, gone.signal).then(() => woken.push('gone'));
    const waiting = log.next(0, new AbortController().signal).then(() => woken.push('waiting'));
    gone.abort();
    for (let number = 1; number <= 3; number++) log.append(event(number));
    expect(woken).toEqual([]);
    await waiting;
    expect(woken).toEqual(['waiting']);
    expect(numbers(log, 0)).toHaveLength(3);
    await log.next(2, gone.signal);
  });

  it('writes each event out once, however many read it, and each as it is', () => {
    const log = logOf(0, 2_000);
    let written = 0;
    const counted = { toJSON: () => ++written };
    for (let number = 1; number <= 1_000; number++)
      log.append({ kind: 'alert', atMs: NOW_MS + number, detail: { number, counted } });
    const newest = log.read(900, 100) ?? [];
    const readers = [1, 2, 3].map(() => newest.map(({ number, event: each }) => log.messageOf(number, each)));
    expect(written).toBe(100);
    expect(readers[1]).toEqual(readers[0]);
    expect(readers[2]?.[99]).toMatch(
      /^id: abcdef01-1000-\d+\nevent: alert\ndata: \{.*"number":1000,.*\}\n\n$/,
    );
    // One that is far behind is written out anew, and rightly.
    const [old] = log.read(387, 1) ?? [];
    expect(old && log.messageOf(old.number, old.event)).toContain('"number":388,');
  });
});
