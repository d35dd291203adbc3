import { describe, expect, it } from 'vitest';
import { contractQuery, MINUTE, START, type Subject } from './fixture.ts';
import { StoreQueryError, type Across, type Aggregate, type SeriesQuery } from '../sample-store.ts';

const HOUR = 60 * MINUTE;
/** A whole hour. */
const DAWN = Math.floor(START / HOUR) * HOUR;
const FOREVER = { rawMs: 0, minuteMs: 0, hourMs: 0 };

/** What is left of samples when they are deleted, and what it is worth beside them. */
export function describeHistory(subject: Subject): void {
  const { signal, write, series, points, rollUp } = subject;

  const deleteBefore = (limits: Partial<typeof FOREVER>): Promise<void> =>
    subject.store.deleteBefore({ ...FOREVER, ...limits }, signal);
  const ask = (change: Partial<SeriesQuery>) => subject.store.query(contractQuery(change), signal);

  async function inTurn(questions: readonly Partial<SeriesQuery>[]): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (const question of questions) answers.push(await series(question));
    return answers;
  }

  /** Three hours of two lines: one measured every 20 s, the other every 50 s; numbers that thousandths hold and that they do not. */
  async function writeHours(fromHour = 0, toHour = 3): Promise<void> {
    const rows = Array.from({ length: ((toHour - fromHour) * HOUR) / 10_000 }, (_, at) => {
      const second = fromHour * 3_600 + at * 10;
      const timeMs = DAWN + second * 1_000;
      const value = (second * 7_919) % 1_009;
      const line = { timeMs, total: value, ok: value % 3 > 0, note: value % 2 > 0 ? 'up' : 'down' };
      return [
        ...(second % 20 === 0 ? [{ ...line, label: 'x', ratio: value / 10 }] : []),
        ...(second % 50 === 0 ? [{ ...line, label: 'y', ratio: value / 7 }] : []),
      ];
    });
    await write(...rows.flat());
  }

  describe('history', () => {
    const range = { fromMs: DAWN, toMs: DAWN + 3 * HOUR };
    const kinds: [Aggregate, Across | undefined][] = (
      ['mean', 'min', 'max', 'sum', 'count'] as const
    ).flatMap(
      (aggregate) => [undefined, 'sum', 'max', 'count'].map((across) => [aggregate, across]) as typeof kinds,
    );

    it('answers a question as the samples did, without them', async () => {
      await writeHours();
      const questions = kinds.flatMap(([aggregate, across]) =>
        ['ratio', 'total'].flatMap((field) =>
          [MINUTE, 5 * MINUTE, HOUR, 3 * HOUR].map((everyMs) => ({
            ...range,
            field,
            aggregate,
            everyMs,
            maxPoints: 10_000,
            ...(across !== undefined && { across }),
          })),
        ),
      );
      const before = await inTurn(questions);

      await rollUp(DAWN + 3 * HOUR);
      await deleteBefore({ rawMs: DAWN + 3 * HOUR });

      for (const [at, question] of questions.entries()) {
        expectAlike(await series(question), before[at], JSON.stringify(question));
      }
      await expect(points({ ...range })).rejects.toThrow(StoreQueryError);
    });

    it('knows how long each state was, without the samples', async () => {
      await writeHours();
      const questions = ['ok', 'note'].flatMap((field) =>
        [MINUTE, HOUR, 3 * HOUR].flatMap((everyMs) =>
          ([undefined, 'sum', 'mean'] as const).map((across) => ({
            ...range,
            field,
            aggregate: 'share' as const,
            everyMs,
            maxPoints: 10_000,
            ...(across !== undefined && { across }),
          })),
        ),
      );
      const flag = { ...range, field: 'ok', everyMs: HOUR } as const;
      const before = await inTurn([...questions, flag]);

      await rollUp(DAWN + 2.5 * HOUR);
      const seam = await inTurn([...questions, flag]);
      await rollUp(DAWN + 3 * HOUR);
      await deleteBefore({ rawMs: DAWN + 3 * HOUR });

      expectAlike(seam, before, 'with samples');
      expectAlike(await inTurn([...questions, flag]), before, 'without samples');
    });

    it('of a text with very many values is refused, as it was of the samples', async () => {
      await write(
        ...Array.from({ length: 21 }, (_, at) => ({ timeMs: DAWN + at, label: 'x', note: `name ${at}` })),
        { timeMs: DAWN + HOUR, label: 'x', note: 'it\'s "down" \\, a=b' },
      );
      const names = { ...range, field: 'note', aggregate: 'share', everyMs: HOUR } as const;
      await expect(series(names)).rejects.toThrow(/more than 20 different values/);
      await rollUp(DAWN + 3 * HOUR);
      await deleteBefore({ rawMs: DAWN + 3 * HOUR });

      await expect(series(names)).rejects.toThrow(/more than 20 different values/);
      expect(await series({ ...names, fromMs: DAWN + HOUR })).toEqual([
        { tags: { agent: 'a1', label: 'x' }, state: 'it\'s "down" \\, a=b', points: [[DAWN + HOUR, 1]] },
      ]);
    });

    it('takes minutes for what is wider than minutes, hours for what is wider than hours, samples for the newest', async () => {
      await writeHours();
      await rollUp(DAWN + 2.5 * HOUR);
      const sourcesOf = async (everyMs: number): Promise<string[] | undefined> =>
        (await ask({ ...range, everyMs, maxPoints: 10_000 })).sources?.map(({ resolution }) => resolution);

      expect(await sourcesOf(MINUTE)).toEqual(expect.arrayContaining(['minute', 'raw']));
      expect(await sourcesOf(HOUR)).toEqual(expect.arrayContaining(['hour', 'raw']));
      expect(await sourcesOf(90_000)).toBeUndefined();
    });

    it.each<[string, Partial<SeriesQuery>]>([
      ['in the middle of a bucket', { everyMs: 3 * HOUR }],
      ['across series', { everyMs: 3 * HOUR, across: 'sum' }],
      ['by a tag', { everyMs: 3 * HOUR, across: 'max', groupBy: ['label'] }],
      ['of some series', { everyMs: 2 * HOUR, tags: { label: ['y'] } }],
      ['from the middle of a minute', { everyMs: HOUR, fromMs: DAWN + 10_001, toMs: DAWN + 2.7 * HOUR }],
      ['in days of UTC+5:45', { everyMs: 24 * HOUR, offsetMs: 5.75 * HOUR }],
      ['in days of UTC+7', { everyMs: 24 * HOUR, offsetMs: 7 * HOUR }],
    ])('goes over into the samples without a seam, %s', async (_how, change) => {
      await writeHours();
      const asked = kinds
        .filter(([, across]) => across === undefined)
        .map(([aggregate]) => ({ ...range, aggregate, ...change }));
      const before = await inTurn(asked);

      await rollUp(DAWN + 2.5 * HOUR);

      for (const [at, question] of asked.entries())
        expectAlike(await series(question), before[at], question.aggregate);
    });

    it('has what came late, once, and what was there already', async () => {
      await writeHours();
      await rollUp(DAWN + 3 * HOUR);
      await write(
        { timeMs: DAWN + 1, label: 'x', ratio: 5_000 },
        { timeMs: DAWN + HOUR + 1, label: 'late', ratio: -1 },
        { timeMs: DAWN + HOUR + 1, agent: 'a2', label: 'late', ratio: -2 },
        { timeMs: DAWN - 2 * HOUR, label: 'x', ratio: 1 },
      );
      const question = {
        fromMs: DAWN - 3 * HOUR,
        toMs: DAWN + 3 * HOUR,
        everyMs: HOUR,
        across: 'sum',
      } as const;
      const atOnce = await points({ ...question, aggregate: 'count' });
      await rollUp(DAWN + 3 * HOUR);
      const counts = await points({ ...question, aggregate: 'count' });
      await deleteBefore({ rawMs: DAWN + 3 * HOUR });

      expect(atOnce).toEqual(counts);
      expect(counts).toEqual([
        [DAWN - 2 * HOUR, 1],
        [DAWN, 253],
        [DAWN + HOUR, 254],
        [DAWN + 2 * HOUR, 252],
      ]);
      expect(await points({ ...question, aggregate: 'count' })).toEqual(counts);
      expect(await points({ ...range, everyMs: HOUR, aggregate: 'max', across: 'max' })).toContainEqual([
        DAWN,
        5_000,
      ]);
      expect(
        await points({ ...range, everyMs: MINUTE, aggregate: 'min', tags: { label: ['late'] } }),
      ).toEqual([
        [DAWN + HOUR, -1],
        [DAWN + HOUR, -2],
      ]);
    });

    it('keeps samples that are not rolled up yet, and minutes of an hour that is not', async () => {
      await writeHours();
      await rollUp(DAWN + HOUR + MINUTE);
      const everything = { rawMs: DAWN + 9 * HOUR, minuteMs: DAWN + 9 * HOUR, hourMs: DAWN + 9 * HOUR };
      await deleteBefore({ ...everything, hourMs: 0 });
      const counts = { ...range, aggregate: 'count', across: 'sum', everyMs: HOUR } as const;

      expect(await points(counts)).toEqual([0, 1, 2].map((hour) => [DAWN + hour * HOUR, 252]));
    });

    it('says from when on there is an answer', async () => {
      await writeHours();
      await rollUp(DAWN + 3 * HOUR);
      await deleteBefore({ rawMs: DAWN + 2 * HOUR, minuteMs: DAWN + HOUR });

      expect(await ask({ ...range, everyMs: MINUTE, aggregate: 'p95', maxPoints: 10_000 })).toMatchObject({
        availableFromMs: DAWN + 2 * HOUR,
      });
      expect(await ask({ ...range, maxPoints: 10_000 })).toMatchObject({ availableFromMs: DAWN + 2 * HOUR });
      expect(await ask({ ...range, everyMs: MINUTE, maxPoints: 10_000 })).toMatchObject({
        availableFromMs: DAWN + HOUR,
      });
      expect(await ask({ ...range, everyMs: HOUR })).not.toHaveProperty('availableFromMs');
      await expect(ask({ ...range, toMs: DAWN + HOUR, everyMs: MINUTE, aggregate: 'p95' })).rejects.toThrow(
        /^samples are kept from .* on; before it there are mean, min, max, sum and count/,
      );
    });

    it('cuts to the newest, across what it is made from', async () => {
      await writeHours();
      await rollUp(DAWN + 1.5 * HOUR);
      const whole = await series({ ...range, everyMs: 20 * MINUTE });
      const cut = await ask({ ...range, everyMs: 20 * MINUTE, maxPoints: 10 });

      expect(cut).toMatchObject({ truncated: true, completeFromMs: DAWN + 80 * MINUTE });
      expectAlike(
        cut.series,
        whole.map((one) => ({
          ...one,
          points: one.points.filter(([timeMs]) => timeMs >= DAWN + 80 * MINUTE),
        })),
        'cut',
      );
    });

    it('leaves whole numbers exact', async () => {
      const big = 2n ** 60n + 1n;
      await write({ timeMs: DAWN, total: big }, { timeMs: DAWN + 1, total: big + 2n });
      await rollUp(DAWN + HOUR);
      await deleteBefore({ rawMs: DAWN + HOUR });
      const total = { ...range, field: 'total', everyMs: HOUR };

      expect(await points({ ...total, aggregate: 'min' })).toEqual([[DAWN, big]]);
      expect(await points({ ...total, aggregate: 'max' })).toEqual([[DAWN, big + 2n]]);
      expect(await points({ ...total, aggregate: 'sum' })).toEqual([[DAWN, 2n * big + 2n]]);
    });
  });
}

/** The order of additions may be another. */
function expectAlike(found: unknown, expected: unknown, what: string): void {
  expect(rounded(found), what).toEqual(rounded(expected));
}

function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(12));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rounded(one)]));
}
