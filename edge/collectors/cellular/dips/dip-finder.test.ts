import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rat } from '../radio-state.ts';
import type { DipEvent, DipRow } from './dip.ts';
import { dipConfigSchema, dipRules } from './dip-config.ts';
import { DipFinder, type DipMemory } from './dip-finder.ts';

const START = 1_800_000_000_000;
const rules = dipRules(dipConfigSchema.parse({}), 5);

interface Reading {
  readonly s: number;
  readonly rsrp?: number;
  readonly sinr?: number;
  readonly rat?: Rat;
  readonly registered?: boolean;
}
const toRow = ({ s, rsrp, sinr, rat, registered }: Reading): DipRow => ({
  timeMs: START + s * 1_000,
  rsrpDbm: rsrp,
  sinrDb: sinr,
  rat,
  registered,
  labels: {},
});

/** The same reading once a second over `[from, to)`. */
const every = (from: number, to: number, reading: Omit<Reading, 's'>): Reading[] =>
  Array.from({ length: to - from }, (_unused, index) => ({ s: from + index, ...reading }));

const told = ({ kind, isOpen, endKnown, dip }: DipEvent) => ({
  kind,
  state: isOpen ? 'open' : endKnown ? 'ended' : 'ceased',
  from: (dip.startMs - START) / 1_000,
  to: (dip.endMs - START) / 1_000,
});
function find(readings: readonly Reading[], finder = new DipFinder(rules)) {
  return readings.flatMap((reading) => finder.push(toRow(reading)));
}

describe('a dip by the default rules', () => {
  it('is sent after 10 s below the limit, and again when it has been 3 dB above for 10 s', () => {
    const events = find([
      ...every(0, 30, { rsrp: -115 }),
      ...every(30, 60, { rsrp: -108 }),
      ...every(60, 75, { rsrp: -107 }),
    ]);
    expect(events.map(told)).toEqual([
      { kind: 'level', state: 'open', from: 0, to: 10 },
      { kind: 'level', state: 'ended', from: 0, to: 59 },
    ]);
  });

  it('that lasts for days is split by day, and the next one continues it', () => {
    const hourly = Array.from({ length: 30 * 3_600 }, (_unused, s) => ({ s, rsrp: -115 }));
    expect(find(hourly).map(told)).toEqual([
      { kind: 'level', state: 'open', from: 0, to: 10 },
      { kind: 'level', state: 'ceased', from: 0, to: 86_399 },
      { kind: 'level', state: 'open', from: 86_400, to: 86_410 },
    ]);
  });

  it.each([
    ['9 s below', every(0, 10, { rsrp: -115 })],
    ['at the limit', every(0, 60, { rsrp: -110 })],
    ['a level that comes back for a second in between', [...every(0, 9, { rsrp: -115 }), { s: 9, rsrp: -110 }, ...every(10, 19, { rsrp: -115 })]], // prettier-ignore
    ['no readings', every(0, 60, {})],
    [
      'two bad readings with silence between them',
      [
        { s: 0, rsrp: -115 },
        { s: 12, rsrp: -115 },
      ],
    ],
    ['4G where there never was 5G', every(0, 60, { rat: 'lte' })],
  ])('is not: %s', (_what, readings) => {
    expect(find(readings)).toEqual([]);
  });

  it('does not end in the band between, nor by a short return', () => {
    const events = find([
      ...every(0, 20, { rsrp: -115 }),
      ...every(20, 29, { rsrp: -100 }),
      ...every(29, 31, { rsrp: -109 }),
      ...every(31, 36, { rsrp: -100 }),
    ]);
    expect(events.map(told)).toEqual([{ kind: 'level', state: 'open', from: 0, to: 10 }]);
  });

  it('knows all kinds, each for itself, with its depth', () => {
    const events = find([
      ...every(0, 5, { rat: 'nr', registered: true, rsrp: -80, sinr: 20 }),
      ...every(5, 25, { rat: 'lte', registered: true, rsrp: -100, sinr: -4 }),
      ...every(25, 40, { rat: 'none', registered: false }),
      ...every(40, 60, { rat: 'nr', registered: true, rsrp: -80, sinr: 20 }),
    ]);
    expect(events.filter(({ isOpen }) => !isOpen).map(told)).toEqual([
      { kind: 'quality', state: 'ended', from: 5, to: 24 },
      { kind: 'no_registration', state: 'ended', from: 25, to: 39 },
      { kind: 'fall_back', state: 'ended', from: 5, to: 39 },
    ]);
    const [quality, , fallBack] = events.filter(({ isOpen }) => !isOpen);
    expect(quality?.dip).toMatchObject({ sinrMinDb: -4, rsrpMinDbm: -100 });
    expect(fallBack?.dip).toMatchObject({ fromRat: 'nr', toRat: 'none' });
  });
});

describe('a modem whose best network is 4G', () => {
  const lteOnly = () => new DipFinder(dipRules(dipConfigSchema.parse({}), 4));
  const fallBack = [
    ...every(0, 5, { rat: 'lte' }),
    ...every(5, 25, { rat: 'umts' }),
    ...every(25, 40, { rat: 'lte_ca' }),
  ];

  it('falls back to 3G', () => {
    expect(find(fallBack, lteOnly()).map(told)).toEqual([
      { kind: 'fall_back', state: 'open', from: 5, to: 15 },
      { kind: 'fall_back', state: 'ended', from: 5, to: 24 },
    ]);
    expect(find(fallBack)).toEqual([]);
  });

  it('is in no dip where it never had 4G, nor by what it had under another setting', () => {
    expect(find(every(0, 60, { rat: 'umts' }), lteOnly())).toEqual([]);
    const before = lteOnly();
    find(every(0, 5, { rat: 'lte' }), before);
    expect(find(every(5, 60, { rat: 'lte' }), new DipFinder(rules, before.memory))).toEqual([]);
  });
});

describe('silence', () => {
  const dip = every(0, 20, { rsrp: -115 });

  it('neither ends a dip nor hides what it does not know', () => {
    const events = find([...dip, ...every(100, 110, { rsrp: -116 }), ...every(110, 121, { rsrp: -90 })]);
    expect(events.map(told)).toEqual([
      { kind: 'level', state: 'open', from: 0, to: 10 },
      { kind: 'level', state: 'ended', from: 0, to: 109 },
    ]);
    expect(events[1]?.dip.unknownMs).toBe(81_000);
  });

  it('leaves a dip that is over afterwards with the last reading that was bad', () => {
    const events = find([...dip, ...every(100, 111, { rsrp: -90 })]);
    expect(events.map(told).at(-1)).toEqual({ kind: 'level', state: 'ended', from: 0, to: 19 });
  });

  it('of more than 5 minutes ends the story: nobody saw the end', () => {
    const events = find([...dip, { s: 400, rsrp: -115 }]);
    expect(events.map(told).at(-1)).toEqual({ kind: 'level', state: 'ceased', from: 0, to: 19 });
  });

  it('and so does a clock that is set back', () => {
    const events = find([...dip, { s: -3_600, rsrp: -115 }]);
    expect(events.map(told).at(-1)).toEqual({ kind: 'level', state: 'ceased', from: 0, to: 19 });
  });
});

it('a repeated timestamp, and one a second back, break nothing', () => {
  const doubled = every(0, 30, { rsrp: -115 }).flatMap((reading) => [reading, reading, { ...reading, s: reading.s - 1 }]); // prettier-ignore
  expect(find(doubled).map(told)).toEqual([{ kind: 'level', state: 'open', from: 0, to: 10 }]);
});

const reading = fc.record({
  gap: fc.constantFrom(0, 1, 1, 1, 1, 2, 3, 6, 20, 400, -1, -30),
  rsrp: fc.option(fc.constantFrom(-120, -111, -110, -108, -107, -80), { nil: undefined }),
  sinr: fc.option(fc.constantFrom(-5, 0, 2, 3, 20), { nil: undefined }),
  rat: fc.option(fc.constantFrom<Rat>('nr', 'nrnsa', 'lte', 'umts', 'none'), { nil: undefined }),
  registered: fc.option(fc.boolean(), { nil: undefined }),
  repeat: fc.integer({ min: 1, max: 15 }),
});
const stream = fc.array(reading, { maxLength: 40 }).map((pieces) => {
  let s = 0;
  return pieces.flatMap(({ gap, repeat, rsrp, sinr, rat, registered }) => {
    s += gap;
    const values = { rsrpDbm: rsrp, sinrDb: sinr, rat, registered };
    return Array.from({ length: repeat }, (): DipRow => ({
      ...values,
      timeMs: START + s++ * 1_000,
      labels: {},
    }));
  });
});

describe('whatever comes', () => {
  it('dips of one kind do not overlap, are never negative, and last as long as they must', () => {
    fc.assert(
      fc.property(stream, (rows) => {
        const finder = new DipFinder(rules);
        const events = [...rows.flatMap((row) => finder.push(row)), ...finder.finish()];
        const isMonotonic = rows.every((row, at) => at === 0 || row.timeMs >= (rows[at - 1]?.timeMs ?? 0));
        for (const { name } of rules) {
          let openStartMs: number | undefined;
          let lastEndMs = -Infinity;
          for (const { isOpen, dip } of events.filter(({ rule }) => rule === name)) {
            expect(dip.endMs - dip.startMs).toBeGreaterThanOrEqual(10_000);
            expect(dip.unknownMs).toBeLessThanOrEqual(dip.endMs - dip.startMs);
            expect(dip.startMs).toBe(isOpen ? dip.startMs : openStartMs);
            if (isMonotonic && isOpen) expect(dip.startMs).toBeGreaterThan(lastEndMs);
            openStartMs = isOpen ? dip.startMs : undefined;
            lastEndMs = dip.endMs;
          }
          expect(openStartMs).toBeUndefined();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('the events are the same when the memory is written down and read at any point', () => {
    fc.assert(
      fc.property(stream, fc.nat(), (rows, cut) => {
        const at = rows.length === 0 ? 0 : cut % rows.length;
        const whole = new DipFinder(rules);
        const first = new DipFinder(rules);
        const before = rows.slice(0, at).flatMap((row) => first.push(row));
        const memory = JSON.parse(JSON.stringify(first.memory)) as DipMemory;
        const second = new DipFinder(rules, memory);
        const after = rows.slice(at).flatMap((row) => second.push(row));
        const expected = rows.flatMap((row) => whole.push(row));
        expect(JSON.parse(JSON.stringify([...before, ...after]))).toEqual(
          JSON.parse(JSON.stringify(expected)),
        );
      }),
      { numRuns: 200 },
    );
  });
});
