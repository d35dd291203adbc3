import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerSize } from './answer-size.ts';
import { ColumnMemory, Conversation, MAX_ROWS } from './conversation.ts';
import { SnmpError, type SnmpSession, type Varbind } from './session.ts';
import { FakeSession, type Objects } from './testing/fake-session.ts';

const COLUMN = '1.3.6.1.2.1.2.2.1.2';
const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';

function deviceWith(rows: number): FakeSession {
  const objects: Record<string, Objects[string]> = { [SYS_UP_TIME]: 4_200, '1.3.6.1.2.1.2.2.1.3.1': 6 };
  for (let row = 1; row <= rows; row++) objects[`${COLUMN}.${row}`] = `port ${row}`;
  return new FakeSession(objects);
}

const memoryOf = (most: number): ColumnMemory => new ColumnMemory(new AnswerSize({ start: most, most }));

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
    expect(asked(session)).toEqual([10, 5, 5, 10, 8, 8]);
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

  it('asks for less when answers are too big, and for more again up to just below that', async () => {
    const session = deviceWith(100);
    const memory = memoryOf(40);
    session.interrupt = ({ maxRepetitions }) => {
      if (maxRepetitions > 12) throw new SnmpError('too-big', 'too big');
    };
    const { cells, error } = await converse(session, memory).column(COLUMN);
    expect(error).toBeUndefined();
    expect(cells.size).toBe(100);
    expect(asked(session).slice(0, 6)).toEqual([10, 10, 20, 10, 10, 10]);
    expect(memory.size.known.ceiling).toBe(12);
  });

  it('asks for less when an answer gets lost, and again for the same when it was a small one', async () => {
    const session = deviceWith(40);
    const memory = memoryOf(40);
    memory.rowCounts.set(COLUMN, 40);
    session.interrupt = () => {
      if (session.requests.length === 1) throw new SnmpError('timeout', 'no answer');
    };
    expect((await converse(session, memory).column(COLUMN)).cells.size).toBe(40);
    expect(asked(session).slice(0, 2)).toEqual([21, 11]);

    const small = deviceWith(4);
    small.interrupt = () => {
      if (small.requests.length === 1) throw new SnmpError('timeout', 'no answer');
    };
    const other = memoryOf(40);
    expect((await converse(small, other).column(COLUMN)).cells.size).toBe(4);
    expect(asked(small)).toEqual([10, 10]);
    expect(other.size.values).toBe(40);
  });

  it('learns how much fits into an answer from what the device leaves out', async () => {
    const session = deviceWith(60);
    session.mostValues = 7;
    const memory = memoryOf(40);
    const { cells } = await converse(session, memory).column(COLUMN);
    expect(cells.size).toBe(60);
    expect(memory.size.values).toBeLessThanOrEqual(9);
    expect(session.requests.length).toBeLessThanOrEqual(Math.ceil(61 / 7) + 2);
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

describe('several columns', () => {
  const TABLE = '1.3.6.1.2.1.2.2.1';
  const COLUMNS = ['2', '3', '5', '7', '8'].map((column) => `${TABLE}.${column}`);
  const table = (rows: number, columns = COLUMNS) => {
    const objects: Record<string, Objects[string]> = {
      [SYS_UP_TIME]: 4_200,
      '1.3.6.1.2.1.31.1.1.1.1.1': 'x',
    };
    for (const column of columns) for (let row = 1; row <= rows; row++) objects[`${column}.${row}`] = row;
    return new FakeSession(objects);
  };
  const readAll = async (session: SnmpSession, memory: ColumnMemory) => {
    const conversation = converse(session, memory, true);
    const columns = await Promise.all(COLUMNS.map((column) => conversation.column(column)));
    return columns.map(({ cells, error }) => error?.message ?? cells.size);
  };

  it('that are wanted together share their requests', async () => {
    const session = table(9);
    const memory = memoryOf(50);
    expect(await readAll(session, memory)).toEqual([9, 9, 9, 9, 9]);
    expect(session.requests).toEqual([{ oids: COLUMNS, maxRepetitions: 10 }]);
  });

  it('need no more requests than their values need, and none for what the device lacks', async () => {
    const session = table(200, COLUMNS.slice(0, 4));
    const memory = memoryOf(100);
    expect(await readAll(session, memory)).toEqual([200, 200, 200, 200, 0]);
    session.requests.length = 0;
    await readAll(session, memory);
    expect(session.requests.length).toBeLessThanOrEqual(1 + (4 * 201) / 100 + 2);
  });

  it('of which one fails are read one by one; the others from then on together again', async () => {
    const session = table(9);
    const memory = memoryOf(50);
    session.interrupt = ({ oids }) => {
      if (oids.some((oid) => oid.startsWith(`${TABLE}.5`))) throw new SnmpError('failed', 'genErr');
    };
    expect(await readAll(session, memory)).toEqual([9, 9, 'genErr', 9, 9]);
    session.requests.length = 0;
    expect(await readAll(session, memory)).toEqual([9, 9, 'genErr', 9, 9]);
    expect(session.requests.map(({ oids }) => oids.length)).toEqual([4, 1]);
  });

  it('of which one is never answered take the others down once, and never again', async () => {
    const session = table(9);
    const memory = memoryOf(50);
    session.interrupt = ({ oids }) => {
      if (oids.some((oid) => oid.startsWith(`${TABLE}.3`))) throw new SnmpError('timeout', 'no answer');
    };
    expect(await readAll(session, memory)).toEqual(Array(5).fill('no answer'));
    await readAll(session, memory);
    expect(await readAll(session, memory)).toEqual([9, 'no answer', 9, 9, 9]);
  });

  it('that a device mixes up in shared answers are told rightly', async () => {
    const session = table(9);
    const memory = memoryOf(50);
    await readAll(session, memory);
    const getBulk = session.getBulk.bind(session);
    session.getBulk = async (request) => {
      const [upTime, ...values] = await getBulk(request);
      const isShared = request.repeaters.length > 1;
      return [upTime!, ...(isShared ? values.filter((_value, at) => at !== 3) : values)];
    };
    expect(await readAll(session, memory)).toEqual([9, 9, 9, 9, 9]);
  });

  it('that were not reached before the deadline are first next time', async () => {
    const session = table(9);
    const memory = memoryOf(10);
    const deadline = new AbortController();
    session.interrupt = () => {
      if (session.requests.length === 3) {
        deadline.abort(new Error('not done'));
        throw deadline.signal.reason as Error;
      }
    };
    expect(await readAll(session, memory)).toEqual([9, 9, 'not done', 'not done', 'not done']);
    session.requests.length = 0;
    session.interrupt = () => {
      if (session.requests.length === 4) throw new Error('not done');
    };
    expect(await readAll(session, memory)).toEqual(['not done', 'not done', 9, 9, 9]);
  });

  it('are read whole and in bounds, whatever the device leaves out, loses or refuses', async () => {
    const sizes = fc.record({
      rows: fc.array(fc.nat(30), { minLength: 5, maxLength: 5 }),
      most: fc.integer({ min: 1, max: 60 }),
      mostValues: fc.integer({ min: 1, max: 60 }),
      refusedAbove: fc.integer({ min: 1, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ rows, most, mostValues, refusedAbove }) => {
        const objects: Record<string, Objects[string]> = { [SYS_UP_TIME]: 4_200 };
        for (const [at, column] of COLUMNS.entries())
          for (let row = 1; row <= (rows[at] ?? 0); row++) objects[`${column}.${row}`] = row;
        const session = new FakeSession(objects);
        session.mostValues = mostValues;
        let requested = 0;
        session.interrupt = ({ oids, maxRepetitions }) => {
          requested = Math.max(requested, oids.length * maxRepetitions);
          if (oids.length * maxRepetitions > refusedAbove) throw new SnmpError('too-big', 'too big');
        };
        const memory = memoryOf(most);
        expect(await readAll(session, memory)).toEqual(rows);
        expect(await readAll(session, memory)).toEqual(rows);
        expect(requested).toBeLessThanOrEqual(most);
      }),
      { numRuns: 200 },
    );
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
