import { once, type EventEmitter } from 'node:events';
import type { Clock } from '../../../runtime/clock.ts';
import type { CityEvent, EventLog, Position } from './event-log.ts';
import { message } from './event-message.ts';

/** The answer of a reader: an HTTP response. */
export interface EventSink extends EventEmitter {
  /** False: what was written so far waits; `drain` comes when it is gone. */
  write(text: string): boolean;
  end(): unknown;
  destroy(): unknown;
}

export interface EventStreamOptions {
  readonly log: EventLog;
  readonly sink: EventSink;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly position: Position;
  readonly isWanted: (event: CityEvent) => boolean;
  /** Asked before each write and each heartbeat: a token may be revoked or expire. */
  readonly isAllowed: () => boolean;
  /** The reader is gone. */
  readonly closed: AbortSignal;
  /** Central stops. */
  readonly stopping: AbortSignal;
}

/** How long a reader waits before it comes again (HTML, 9.2.5). */
const RETRY_MS = 3_000;
/** Shorter than the time after which proxies and central's own server close what is idle. */
const HEARTBEAT_MS = 15_000;
/** A reader that takes nothing for so long is too slow. */
const SLOW_AFTER_MS = 20_000;
const END_WITHIN_MS = 5_000;
/** Events that are written at once: what waits for a slow reader is bounded by it. */
const BATCH = 200;

type EndReason = 'slow' | 'not-allowed' | 'stopping';
const END_DETAILS: Readonly<Record<EndReason, string>> = {
  slow: 'events came faster than they were read; come again with Last-Event-ID',
  'not-allowed': 'the token is no longer valid',
  stopping: 'central stops; come again with Last-Event-ID',
};

/** Server-Sent Events (HTML, 9.2), until the reader goes or has to. Nothing waits for it but what one write holds. */
export async function streamEvents(options: EventStreamOptions): Promise<void> {
  const { sink, clock, closed, stopping } = options;
  const found = await writeUntilEnd(options);
  if (closed.aborted) return;
  const reason = stopping.aborted ? 'stopping' : found;
  sink.write(message('end', { reason, detail: END_DETAILS[reason] }));
  sink.end();
  await clock.sleep(END_WITHIN_MS, closed).then(
    () => sink.destroy(),
    () => undefined,
  );
}

/** Resolves with why it ends, unless the reader is gone or central stops. */
async function writeUntilEnd(options: EventStreamOptions): Promise<EndReason> {
  const { log, position, isWanted, isAllowed, closed, stopping } = options;
  const isOver = (): boolean => closed.aborted || stopping.aborted;
  let after = 'after' in position ? position.after : log.newest;
  const begin = 'after' in position ? '' : resetMessage(position);
  if (!(await write(options, `retry: ${RETRY_MS}\nid: ${log.idOf(after)}\n${begin}\n`))) return 'slow';
  for (;;) {
    if (isOver()) return 'stopping';
    if (!isAllowed()) return 'not-allowed';
    const batch = log.read(after, BATCH);
    if (batch === undefined) return 'slow';
    let text = '';
    for (const { number, event } of batch) {
      after = number;
      if (isWanted(event)) text += log.messageOf(number, event);
    }
    if (batch.length === 0) {
      const isNew = await within(options, HEARTBEAT_MS, (signal) => log.next(after, signal));
      if (isNew || isOver() || !isAllowed()) continue;
      // The id: what was left out by the filter is read, too.
      text = `id: ${log.idOf(after)}\n: heartbeat\n\n`;
    }
    if (text !== '' && !(await write(options, text))) return 'slow';
  }
}

/** False: the reader did not take it in time. */
async function write(options: EventStreamOptions, text: string): Promise<boolean> {
  if (options.sink.write(text)) return true;
  return within(options, SLOW_AFTER_MS, (signal) => once(options.sink, 'drain', { signal }));
}

/** Whether `work` is done before time, reader or central end. */
async function within(
  { clock, closed, stopping }: EventStreamOptions,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<boolean> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, closed, stopping]);
  const isDone = work(signal).then(() => true);
  const isLate = clock.sleep(timeoutMs, signal).then(() => false);
  const result = await Promise.race([isDone, isLate]).catch(() => false);
  over.abort();
  return result;
}

function resetMessage({ lost, sinceMs }: Extract<Position, { lost: unknown }>): string {
  const changes = sinceMs === undefined ? {} : { changes: `/api/v1/changes?since=${sinceMs}` };
  return message('reset', { reason: lost, ...changes }).trimEnd() + '\n';
}
