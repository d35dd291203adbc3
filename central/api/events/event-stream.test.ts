import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { EventLog, type CityEvent, type EventKind } from './event-log.ts';
import { streamEvents, type EventSink } from './event-stream.ts';

/** A reader that takes everything, or nothing. */
class Reader extends EventEmitter implements EventSink {
  readonly texts: string[] = [];
  takes = true;
  isEnded = false;
  isDestroyed = false;
  write(text: string): boolean {
    this.texts.push(text);
    return this.takes;
  }
  end(): void {
    this.isEnded = true;
  }
  destroy(): void {
    this.isDestroyed = true;
  }
  /** The next text that is written. */
  async next(): Promise<string> {
    while (this.texts.length === 0) await new Promise((resolve) => setImmediate(resolve));
    return this.texts.shift() ?? '';
  }
}

interface Setting {
  readonly capacity?: number;
  readonly lastId?: (log: EventLog) => string;
  readonly isAllowed?: () => boolean;
  readonly isWanted?: (event: CityEvent) => boolean;
}

function open({ capacity = 1_000, lastId, isAllowed = () => true, isWanted = () => true }: Setting = {}) {
  const clock = new ManualClock();
  const log = new EventLog({ capacity, run: 'abcdef01', nowMs: clock.now() });
  const reader = new Reader();
  const [closed, stopping] = [new AbortController(), new AbortController()];
  const append = (kind: EventKind, detail: Record<string, unknown> = {}): void =>
    log.append({ kind, atMs: clock.now(), unit: '26734', detail });
  const position = lastId === undefined ? { after: log.newest } : log.positionOf(lastId(log));
  const done = streamEvents({
    log,
    sink: reader,
    clock,
    position,
    isWanted,
    isAllowed,
    closed: closed.signal,
    stopping: stopping.signal,
  });
  return { clock, log, reader, closed, stopping, append, done };
}

it('begins with an id, then writes each event as it comes, a burst at once', async () => {
  const { reader, append, closed, done } = open();
  expect(await reader.next()).toBe('retry: 3000\nid: abcdef01-0-1800000000000\n\n');
  append('alert', { rule: 'a\nb' });
  append('agent');
  expect(await reader.next()).toBe(
    'id: abcdef01-1-1800000000000\nevent: alert\ndata: {"kind":"alert","atMs":1800000000000,"unit":"26734","detail":{"rule":"a\\nb"}}\n\n' +
      'id: abcdef01-2-1800000000000\nevent: agent\ndata: {"kind":"agent","atMs":1800000000000,"unit":"26734","detail":{}}\n\n',
  );
  closed.abort();
  await done;
  expect(reader.isEnded).toBe(false);
});

it('tells with each heartbeat how far it has read, also of events that are not wanted', async () => {
  const { clock, reader, append, closed, done } = open({ isWanted: ({ kind }) => kind === 'agent' });
  await reader.next();
  append('alert');
  await clock.advance(15_000);
  await clock.advance(15_000);
  expect(await reader.next()).toBe('id: abcdef01-1-1800000000000\n: heartbeat\n\n');
  closed.abort();
  await done;
});

it('says that it cannot go on where the reader was, and what has changed since', async () => {
  const { reader, append, closed, done } = open({ lastId: () => '00000000-7-1799999990000' });
  expect(await reader.next()).toBe(
    'retry: 3000\nid: abcdef01-0-1800000000000\nevent: reset\n' +
      'data: {"reason":"restarted","changes":"/api/v1/changes?since=1799999990000"}\n\n',
  );
  append('alert');
  expect(await reader.next()).toContain('event: alert');
  closed.abort();
  await done;
});

it('ends a reader that takes nothing, and holds one batch for it meanwhile', async () => {
  const { clock, reader, append, done } = open();
  await reader.next();
  reader.takes = false;
  for (let count = 0; count < 500; count++) append('alert');
  const batch = await reader.next();
  expect(batch.match(/event: alert/g)).toHaveLength(200);
  await clock.advance(19_000);
  expect(reader.texts).toEqual([]);
  await clock.advance(1_000);
  expect(await reader.next()).toMatch(/^event: end\ndata: {"reason":"slow",/);
  expect(reader.isEnded).toBe(true);
  await clock.advance(5_000);
  await done;
  expect(reader.isDestroyed).toBe(true);
});

it('goes on with a reader that was slow for a while', async () => {
  const { clock, reader, append, closed, done } = open();
  await reader.next();
  reader.takes = false;
  append('alert');
  await reader.next();
  append('agent');
  await clock.advance(10_000);
  reader.takes = true;
  reader.emit('drain');
  expect(await reader.next()).toContain('event: agent');
  closed.abort();
  await done;
});

it('ends a reader that events have overtaken', async () => {
  const { clock, reader, append, done } = open({ capacity: 300 });
  await reader.next();
  reader.takes = false;
  append('alert');
  await reader.next();
  for (let count = 0; count < 400; count++) append('alert');
  reader.takes = true;
  reader.emit('drain');
  expect(await reader.next()).toContain('"reason":"slow"');
  await clock.advance(5_000);
  await done;
});

it('ends when the token is no longer valid', async () => {
  let isAllowed = true;
  const { clock, reader, done } = open({ isAllowed: () => isAllowed });
  await reader.next();
  isAllowed = false;
  await clock.advance(15_000);
  expect(await reader.next()).toContain('"reason":"not-allowed"');
  await clock.advance(5_000);
  await done;
});

it('ends when the token is no longer valid, also while events never cease', async () => {
  let isAllowed = true;
  const { clock, reader, append, done } = open({ isAllowed: () => isAllowed });
  await reader.next();
  append('alert');
  expect(await reader.next()).toContain('event: alert');
  isAllowed = false;
  append('alert');
  expect(await reader.next()).toContain('"reason":"not-allowed"');
  await clock.advance(5_000);
  await done;
});

it.each([true, false])('says that central stops, to one that reads: %s', async (takes) => {
  const { clock, reader, append, stopping, done } = open();
  await reader.next();
  reader.takes = takes;
  append('alert');
  await reader.next();
  stopping.abort();
  expect(await reader.next()).toContain('"reason":"stopping"');
  await clock.advance(5_000);
  await done;
});
