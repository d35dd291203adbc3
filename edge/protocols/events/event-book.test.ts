import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import type { DeviceEvent } from './device-event.ts';
import { EventBook, momentOf } from './event-book.ts';
import { CRITICAL_RATE, MAX_KINDS, MAX_ROWS_A_RUN, SENDER_RATE, TOTAL_RATE } from './event-limits.ts';

let clock: ManualClock;
let book: EventBook;

beforeEach(() => {
  clock = new ManualClock();
  book = new EventBook('syslog', ['sw-1', 'sw-2'], { site: 's-1' }, clock);
  book.take();
});

/** As a listener does: counted, let in or not, and kept. */
function tell(device: string, event: Partial<DeviceEvent> = {}): boolean {
  const sender = book.of(device)!;
  sender.countReceived();
  const moment = momentOf(clock);
  const told = { type: 'LINK-3-UPDOWN', severityCode: 3, message: 'port down', ...event };
  sender.countSeverity(told.severityCode, moment);
  if (!sender.admit(moment, told.severityCode)) return false;
  sender.add(told, moment);
  return true;
}
const rows = (measurement: string) => book.take().filter((row) => row.measurement === measurement);

describe('what senders tell', () => {
  it('is one row for each kind of message, with its number and the newest text', () => {
    tell('sw-1', { message: 'port 1 down' });
    tell('sw-1', { message: 'port 2 down' });
    tell('sw-1', { type: 'SYS-2-MALLOC', severityCode: 2, facility: 23 });
    expect(rows('event')).toEqual([
      {
        measurement: 'event',
        tags: { site: 's-1', device: 'sw-1', source: 'syslog', event: 'LINK-3-UPDOWN', severity: 'minor' },
        fields: { events: 2, severity_code: 3, message: 'port 2 down' },
        timeMs: clock.now(),
      },
      expect.objectContaining({
        tags: expect.objectContaining({ event: 'SYS-2-MALLOC', severity: 'major' }) as object,
        fields: { events: 1, severity_code: 2, message: 'port down', facility: 23 },
      }),
    ]);
  });

  it('costs nothing while nobody tells anything', async () => {
    for (let minute = 0; minute < 10; minute++) {
      await clock.advance(60_000);
      expect(book.take()).toEqual([]);
    }
  });

  it('is summed up once a minute', async () => {
    tell('sw-1');
    await clock.advance(2_000);
    expect(rows('event_source')).toEqual([]);
    await clock.advance(58_000);
    expect(rows('event_source').map(({ tags, fields }) => [tags['device'], fields])).toEqual([
      ['sw-1', { received: 1, unreadable: 0, suppressed_5min: 0, critical_5min: 0 }],
    ]);
  });

  it('has all texts on one short line that no terminal acts on', () => {
    tell('sw-1', {
      type: `a\u001b[2J${'b'.repeat(100)}`,
      subject: ' \n',
      message: `x\r\n\u202ey${'z'.repeat(900)}`,
    });
    const [row] = rows('event');
    expect(row?.tags['event']).toMatch(/^a \[2Jb{59}$/);
    expect(row?.tags['subject']).toBeUndefined();
    expect(row?.fields['message']).toMatch(/^x yz{253}$/);
  });
});

describe('critical events', () => {
  it('are told at once, as long as they are not five minutes old, and once that they are over', async () => {
    tell('sw-1', { severityCode: 2 });
    await clock.advance(2_000);
    const told: unknown[] = [];
    for (let second = 2; second < 480; second += 2) {
      told.push(...rows('event_source').map(({ fields }) => [second, fields['critical_5min']]));
      await clock.advance(2_000);
    }
    expect(told.slice(0, 3)).toEqual([
      [2, 1],
      [62, 1],
      [122, 1],
    ]);
    expect(told.at(-1)).toEqual([expect.any(Number), 0]);
    expect(told.filter((each) => (each as number[])[1] === 0)).toHaveLength(1);
    expect((told.at(-1) as number[])[0]).toBeGreaterThanOrEqual(270);
    expect((told.at(-1) as number[])[0]).toBeLessThanOrEqual(302);
  });

  it('of before a restart are over: each sender says at the first run that it has none', () => {
    const anew = new EventBook('syslog', ['sw-1'], {}, clock);
    expect(anew.take()).toMatchObject([
      { measurement: 'event_source', tags: { device: 'sw-1' }, fields: { critical_5min: 0 } },
    ]);
  });
});

describe('a flood', () => {
  it('does not take the place of what is critical, neither its messages nor its rows', () => {
    for (let at = 0; at < 10_000; at++) tell('sw-1', { type: `t${at}`, severityCode: 4 });
    expect(tell('sw-1', { type: 'PLATFORM-0-OVERTEMP', severityCode: 0 })).toBe(true);
    const taken = book.take();
    expect(taken.filter(({ tags }) => tags['event'] === 'PLATFORM-0-OVERTEMP')).toHaveLength(1);
    expect(taken.find(({ measurement }) => measurement === 'event_source')?.fields).toMatchObject({
      critical_5min: 1,
    });
  });

  it('of what is critical is counted whole, and its messages are bounded', () => {
    let admitted = 0;
    for (let at = 0; at < 10_000; at++) admitted += Number(tell('sw-1', { severityCode: 0 }));
    expect(admitted).toBe(SENDER_RATE.capacity + CRITICAL_RATE.capacity);
    expect(rows('event_source')[0]?.fields).toMatchObject({
      critical_5min: 10_000,
      suppressed_5min: 10_000 - admitted,
    });
  });

  it('of many senders that lasts leaves each other its share, within the total', async () => {
    const devices = Array.from({ length: 40 }, (_, at) => `sw-${at + 1}`);
    book = new EventBook('syslog', devices, {}, clock);
    let admitted = 0;
    for (let second = 0; second < 300; second++) {
      for (const device of devices.slice(0, 30)) {
        for (let at = 0; at < 10; at++) admitted += Number(tell(device));
      }
      // Whoever tells little is always heard.
      if (second % 10 === 0) expect(devices.slice(30).map((device) => tell(device))).not.toContain(false);
      await clock.advance(1_000);
    }
    expect(admitted).toBeGreaterThan(50 * 300);
    expect(admitted).toBeLessThanOrEqual(TOTAL_RATE.capacity + TOTAL_RATE.refillPerS * 300);
  });

  it('of one sender is counted and not read, and the others are heard', async () => {
    let admitted = 0;
    for (let at = 0; at < 10_000; at++) admitted += Number(tell('sw-1'));
    expect(admitted).toBe(SENDER_RATE.capacity);
    expect(tell('sw-2')).toBe(true);
    const taken = book.take();
    expect(
      taken.map(({ measurement, tags, fields }) => [measurement, tags['device'], fields['events']]),
    ).toEqual([
      ['event', 'sw-1', SENDER_RATE.capacity],
      ['event_source', 'sw-1', undefined],
      ['event', 'sw-2', 1],
    ]);
    expect(taken[1]?.fields).toMatchObject({
      received: 10_000,
      suppressed_5min: 10_000 - SENDER_RATE.capacity,
    });
    await clock.advance(1_000);
    expect([tell('sw-1'), tell('sw-2')]).toEqual([true, true]);
  });

  it('of different messages makes few rows in one run, and few series in all', async () => {
    const series = new Set<string>();
    for (let run = 0; run < 60; run++) {
      for (let at = 0; at < 100; at++) tell('sw-1', { type: `t${run}-${at}` });
      const events = rows('event');
      expect(events.length).toBeLessThanOrEqual(MAX_ROWS_A_RUN);
      for (const { tags } of events) series.add(JSON.stringify(tags));
      await clock.advance(10_000);
    }
    expect(series.size).toBeLessThanOrEqual(MAX_KINDS + 1);
    expect([...series].at(-1)).toContain('"event":"other"');
  });
});
