import { describe, expect, it } from 'vitest';
import { Conversation, MAX_ROWS, type ColumnMemory } from './conversation.ts';
import { Repetitions } from './repetitions.ts';
import { SnmpError, type SnmpSession, type Varbind } from './session.ts';
import { FakeSession, type Objects } from './testing/fake-session.ts';

const COLUMN = '1.3.6.1.2.1.2.2.1.2';
const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';

function deviceWith(rows: number): FakeSession {
  const objects: Record<string, Objects[string]> = { [SYS_UP_TIME]: 4_200, '1.3.6.1.2.1.2.2.1.3.1': 6 };
  for (let row = 1; row <= rows; row++) objects[`${COLUMN}.${row}`] = `port ${row}`;
  return new FakeSession(objects);
}

const memoryOf = (most: number): ColumnMemory => ({
  repetitions: new Repetitions(most),
  rowCounts: new Map(),
});

function converse(session: SnmpSession, memory = memoryOf(10), retriesEmpty = false): Conversation {
  return new Conversation({ session, memory, signal: new AbortController().signal, retriesEmpty });
}

const asked = (session: FakeSession) => session.requests.map(({ maxRepetitions }) => maxRepetitions);

describe('walking a column', () => {
  it('gives its rows, each with the time of the device, and ends where the next column begins', async () => {
    const { cells, error } = await converse(deviceWith(12)).column(COLUMN);
    expect(error).toBeUndefined();
    expect([...cells.keys()]).toEqual(Array.from({ length: 12 }, (_unused, row) => String(row + 1)));
    expect(cells.get('7')).toEqual({ value: 'port 7', ticks: 4_200 });
  });

  it('asks for no more rows than there were last time, and one', async () => {
    const session = deviceWith(4);
    const memory = memoryOf(10);
    await converse(session, memory).column(COLUMN);
    await converse(session, memory).column(COLUMN);
    session.objects = deviceWith(30).objects;
    const { cells } = await converse(session, memory).column(COLUMN);
    expect(cells.size).toBe(30);
    expect(asked(session)).toEqual([10, 5, 5, 10, 10, 10]);
  });

  it('does not ask again for what a device does not have, until it shall look again', async () => {
    const session = deviceWith(0);
    const memory = memoryOf(10);
    await converse(session, memory).column(COLUMN);
    await converse(session, memory).column(COLUMN);
    expect(session.requests).toHaveLength(1);
    await converse(session, memory, true).column(COLUMN);
    expect(session.requests).toHaveLength(2);
  });

  it('asks for less when answers are too big or get lost, and slowly for more again', async () => {
    const session = deviceWith(40);
    const memory = memoryOf(20);
    let lost = 0;
    session.interrupt = ({ maxRepetitions }) => {
      if (maxRepetitions > 10) throw new SnmpError('too-big', 'too big');
      if (lost++ === 0) throw new SnmpError('timeout', 'no answer');
    };
    const { cells, error } = await converse(session, memory).column(COLUMN);
    expect(error).toBeUndefined();
    expect(cells.size).toBe(40);
    expect(asked(session)).toEqual([20, 10, 5, 6, 7, 8, 9, 10]);
    expect(memory.repetitions.limit).toBe(11);
  });

  it('keeps what it has when the device falls silent for good', async () => {
    const session = deviceWith(40);
    session.interrupt = () => {
      if (session.requests.length > 2) throw new SnmpError('timeout', 'no answer');
    };
    const { cells, error } = await converse(session).column(COLUMN);
    expect(cells.size).toBe(20);
    expect(error).toMatchObject({ code: 'timeout' });
    expect(session.requests).toHaveLength(4); // the lost one was repeated once
  });
});

describe('a device that answers nonsense', () => {
  const answering = (answer: (after: string) => readonly Varbind[]): SnmpSession => ({
    get: async () => [],
    getBulk: async ({ repeaters }) => [upTime, ...answer(repeaters[0] ?? '')],
    close: async () => undefined,
  });
  const upTime: Varbind = { oid: SYS_UP_TIME, type: 67, value: 4_200 };
  const row = (index: number, value: Varbind['value'] = 1): Varbind => ({
    oid: `${COLUMN}.${index}`,
    type: 2,
    value,
  });

  it('with OIDs that do not increase is left at the first of them', async () => {
    const { cells, error } = await converse(answering(() => [row(1), row(3), row(2)])).column(COLUMN);
    expect([...cells.keys()]).toEqual(['1', '3']);
    expect(error?.message).toBe(`OIDs do not increase after ${COLUMN}.3`);
    const again = await converse(answering(() => [row(1)])).column(COLUMN);
    expect(again.error?.message).toBe(`OIDs do not increase after ${COLUMN}.1`);
  });

  it('without end is left after a number of rows', async () => {
    let next = 0;
    const { cells, error } = await converse(answering(() => [row(++next)])).column(COLUMN);
    expect(cells.size).toBe(MAX_ROWS);
    expect(error?.message).toBe(`more than ${MAX_ROWS} rows`);
  });

  it('with more than is good for us is left for good', async () => {
    const large = Buffer.alloc(1_024);
    let next = 0;
    const endless = answering(() => Array.from({ length: 25 }, () => row(++next, large)));
    const conversation = converse(endless);
    await conversation.column(COLUMN);
    next = 0;
    const { error } = await conversation.column(COLUMN);
    expect(error).toMatchObject({ code: 'over-limit' });
  });

  it('with nothing at all does not turn in circles', async () => {
    const { error } = await converse(answering(() => [])).column(COLUMN);
    expect(error?.message).toBe('an empty answer');
  });

  it('gives scalars only for what was asked', async () => {
    const liar: SnmpSession = {
      ...answering(() => []),
      get: async () => [
        { oid: '1.2.3', type: 4, value: 'x' },
        { oid: SYS_UP_TIME, type: 67, value: undefined },
      ],
    };
    expect((await converse(liar).get([SYS_UP_TIME])).size).toBe(0);
  });
});
