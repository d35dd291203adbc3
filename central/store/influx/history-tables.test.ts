import { expect, it } from 'vitest';
import { CONTRACT_CATALOGUE } from '../contract/fixture.ts';
import { MeasurementError } from '../history/behind.ts';
import type { RollWork } from '../history/history-keeper.ts';
import { StoreUnavailableError } from '../sample-store.ts';
import type { AnswerSeries } from './answer.ts';
import { InfluxHistoryTables } from './history-tables.ts';

const { signal } = new AbortController();
const HOUR = 3_600_000;
const [MEASUREMENT = ''] = CONTRACT_CATALOGUE.keys();

/** A server that has the fields of one measurement; `answer` is asked first. */
function start(
  fields: readonly string[],
  answer: (statement: string) => AnswerSeries[] | undefined = () => undefined,
) {
  const asked: string[] = [];
  const remembered: string[] = [];
  const tables = new InfluxHistoryTables(CONTRACT_CATALOGUE, {
    ask: async (statement) => {
      asked.push(statement);
      await Promise.resolve();
      const own = answer(statement);
      if (own !== undefined) return own;
      if (statement.endsWith(' LIMIT 1') && statement.startsWith('SELECT'))
        return [{ tags: {}, columns: ['time'], values: [[0]] }];
      if (statement !== 'SHOW FIELD KEYS') return [];
      const values = fields.map((field) => [field]);
      return [{ name: MEASUREMENT, tags: {}, columns: ['fieldKey'], values }];
    },
    remember: (lines) => Promise.resolve(void remembered.push(lines)),
    settleWrites: () => Promise.resolve(),
    deleteRows: () => Promise.resolve(),
  });
  return { tables, asked, remembered };
}

function work(level: 'minute' | 'hour', behind: RollWork['standing']['behind'] = new Map()): RollWork {
  const rolled = { fromMs: undefined, rolledToMs: HOUR };
  return {
    windows: [{ level, fromMs: 0, toMs: HOUR }],
    agents: undefined,
    takes: (measurement) => !behind.has(measurement),
    late: [],
    standing: { rawFromMs: undefined, minute: rolled, hour: rolled, behind },
  };
}

it('names the measurement whose statement the server refuses, and remembers nothing', async () => {
  const { tables, remembered } = start(['ratio'], (statement) => {
    if (statement.includes(' INTO ')) throw new StoreUnavailableError('InfluxDB: field type conflict');
    return undefined;
  });
  const error: unknown = await tables.roll(work('minute'), signal).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(MeasurementError);
  expect(error).toMatchObject({
    measurement: MEASUREMENT,
    cause: { message: 'InfluxDB: field type conflict' },
  });
  expect(remembered).toEqual([]);
});

it('a server that is away is no fault of a measurement', async () => {
  const { tables } = start(['ratio'], (statement) => {
    if (statement !== 'SHOW FIELD KEYS') throw new StoreUnavailableError('InfluxDB: connection refused');
    return undefined;
  });
  await expect(tables.roll(work('minute'), signal)).rejects.toThrow(/connection refused/);
});

it('passes over the measurement that is behind, remembers how far it is, and forgets it afterwards', async () => {
  const { tables, asked, remembered } = start(['ratio', 'note']);
  const behind = new Map([[MEASUREMENT, { minuteMs: 60_000, hourMs: 0 }]]);
  await tables.roll(work('minute', behind), signal);
  expect(asked.filter((statement) => statement.startsWith('SELECT'))).toEqual([]);
  expect(remembered.join('')).toContain(`resolution=minute:${MEASUREMENT} from_ms=-1i,rolled_to_ms=60000i 0`);

  await tables.roll(work('minute'), signal);
  expect(remembered.at(-1)).toContain(`resolution=minute:${MEASUREMENT} from_ms=-1i,rolled_to_ms=-1i 0`);
  expect(asked.filter((statement) => statement.startsWith('SELECT'))).not.toEqual([]);
});

const KEYS = `SHOW FIELD KEYS FROM "wardwatch_minute"."${MEASUREMENT}:minute"`;

/** The columns that a roll of minutes makes where the field `note` has these values, and had those before. */
async function columnsOf(states: readonly string[], before: readonly string[]): Promise<readonly string[]> {
  const { tables, asked } = start(['note'], (statement) => {
    const answer = (values: AnswerSeries['values']) => [{ tags: {}, columns: [], values }];
    if (statement === KEYS) return answer(before.map((state) => [`note=${state}`]));
    return statement.includes('distinct(') ? answer(states.map((state) => [0, state])) : undefined;
  });
  await tables.roll(work('minute'), signal);
  return asked.flatMap((statement) => / AS "(.*)" INTO /.exec(statement)?.[1] ?? []);
}

it('a text with ever new values becomes no key for each of them', async () => {
  const before = Array.from({ length: 99 }, (_, at) => `session ${at}`);
  expect(await columnsOf(['up'], before)).toEqual(['note=up']);
  expect(await columnsOf(['up', 'down'], before)).toEqual(['note#many']);
  expect(await columnsOf(['session 7'], [...before, 'up', 'down'])).toEqual(['note=session 7']);
});

it('a long text becomes no key', async () => {
  expect(await columnsOf(['x'.repeat(256)], [])).toEqual([`note=${'x'.repeat(256)}`]);
  expect(await columnsOf(['x'.repeat(257)], [])).toEqual(['note#many']);
});

it('asks for the sums of numbers only where there is something to sum', async () => {
  const { tables, asked } = start(['ratio', 'total'], (statement) =>
    statement.endsWith(' LIMIT 1') ? [] : undefined,
  );
  const hour = { level: 'hour', fromMs: 0, toMs: HOUR } as const;
  const { windows, ...rest } = work('minute');
  expect(await tables.roll({ ...rest, windows: [...windows, hour] }, signal)).toBe(0);
  expect(asked.filter((statement) => statement.includes(' INTO '))).toEqual([]);
  expect(asked.filter((statement) => statement.endsWith(' LIMIT 1'))).toEqual([
    `SELECT "ratio", "total" FROM "${MEASUREMENT}" WHERE time >= 0ms AND time < 3600000ms LIMIT 1`,
    `SELECT "ratio#count", "total#count" FROM "wardwatch_minute"."${MEASUREMENT}:minute" WHERE time >= 0ms AND time < 3600000ms LIMIT 1`,
  ]);
});

it('finds the oldest sample by one question a measurement', async () => {
  const { tables, asked } = start(['ratio', 'note'], (statement) =>
    statement.startsWith('SELECT')
      ? [{ tags: {}, columns: ['time'], values: [[7_000, 1, null]] }]
      : undefined,
  );
  expect(await tables.oldestSampleMs(5_000, signal)).toBe(7_000);
  expect(asked.slice(1)).toEqual([
    `SELECT "ratio", "note" FROM "${MEASUREMENT}" WHERE time >= 5000ms LIMIT 1`,
  ]);
});
