import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideNextStep, MOST_PUSHED, type PushedMember, type RolloutFacts } from './next-step.ts';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

const good = (agent: string, more: Partial<PushedMember> = {}): PushedMember => ({
  ...{ agent, judgedFromMs: NOW - 11 * MINUTE, countedFromMs: NOW - 11 * MINUTE, standing: 'applied' },
  ...{ isLive: true, intervalMs: 10_000 },
  ...{
    before: { storedPerS: 4, refusedPerS: 0 },
    since: { refused: 0, lost: 0, missing: 0 },
    watchedPoints: 2_400,
  },
  ...more,
});
const waiting = (...agents: string[]) => agents.map((agent) => ({ agent, isLive: true }));
const facts = (more: Partial<RolloutFacts> = {}): RolloutFacts => ({
  ...{ stages: [1, 3, 5], stage: 0, waiting: waiting('b', 'c', 'd', 'e'), pushed: [good('a')] },
  ...{
    watchSinceMs: NOW - 10 * MINUTE,
    watchMs: 10 * MINUTE,
    applyWithinMs: 5 * MINUTE,
    leastShare: 0.9,
    canJudge: true,
  },
  ...more,
});
const step = (more: Partial<RolloutFacts>) => decideNextStep(facts(more), NOW);
const oneWith = (more: Partial<PushedMember>) => step({ pushed: [good('a', more)] });

describe('a roll-out', () => {
  it('gives the config to one, waits until it runs and watches it, then to a tenth, then to all', () => {
    expect(step({ pushed: [], watchSinceMs: undefined, waiting: waiting('a', 'b', 'c', 'd', 'e') })).toEqual({
      do: 'push',
      agents: ['a'],
    });
    expect(
      step({
        pushed: [good('a', { standing: 'trying', judgedFromMs: NOW - 5_000 })],
        watchSinceMs: undefined,
      }),
    ).toEqual({ do: 'wait', for: 'applied' });
    expect(step({ watchSinceMs: undefined })).toEqual({ do: 'watch' });
    expect(step({ watchSinceMs: NOW - 9 * MINUTE })).toEqual({ do: 'wait', for: 'watched' });
    expect(step({})).toEqual({ do: 'advance' });
    expect(step({ stage: 1, watchSinceMs: undefined })).toEqual({ do: 'push', agents: ['b', 'c'] });
    const all = ['a', 'b', 'c', 'd', 'e'].map((agent) => good(agent));
    expect(step({ stage: 2, pushed: all, waiting: [] })).toEqual({ do: 'finish' });
  });

  it.each<[string, Partial<PushedMember>, string]>([
    ['does not take it', { standing: 'failed', problem: 'no such kind' }, 'a did not take it: no such kind'],
    ['was given another', { standing: 'moved' }, 'a was given another config meanwhile'],
    ['falls silent', { isLive: false }, 'a is silent'],
    [
      'loses data',
      { since: { refused: 0, lost: 12, missing: 0 } },
      'a lost data: 12 points, 0 batches missing',
    ],
    [
      'has rows refused',
      { since: { refused: 1, lost: 0, missing: 0 } },
      'a: 1 rows refused, 0 in that time before',
    ],
    [
      'sends less',
      { watchedPoints: 1_500 },
      'a sends less: 1500 points in 600 s, about 2400 in that time before',
    ],
    ['does not run it in time', { standing: 'trying' }, 'a does not run it after 660 s'],
  ])('stops by itself when an agent %s', (_, more, reason) => {
    expect(oneWith(more)).toEqual({ do: 'stop', reasons: [reason] });
  });

  it('watches for four batches of the slowest at least: a shorter watch would compare with nothing', () => {
    const mute = good('a', { watchedPoints: 0 });
    const short = { watchMs: 1_000, pushed: [good('b', { intervalMs: 1_000 }), mute] };
    expect(step({ ...short, watchSinceMs: NOW - 39_000 })).toEqual({ do: 'wait', for: 'watched' });
    expect(step({ ...short, watchSinceMs: NOW - 41_000 })).toEqual({
      do: 'stop',
      reasons: ['a sends less: 0 points in 41 s, about 164 in that time before'],
    });
  });

  it('holds at the end of a watch where it cannot compare, and not where nothing is to be compared', () => {
    expect(oneWith({ before: undefined })).toEqual({
      do: 'hold',
      reasons: ['a: too little is known of what it sent before; look at it and resume'],
    });
    expect(step({ leastShare: 0, pushed: [good('a', { before: undefined })] })).toEqual({ do: 'advance' });
    expect(oneWith({ before: undefined, isLive: false })).toMatchObject({ do: 'stop' });
  });

  it('bears what was so before, and batches that are under way', () => {
    const before = { storedPerS: 4, refusedPerS: 0.5 };
    expect(oneWith({ before, since: { refused: 400, lost: 0, missing: 0 } })).toEqual({ do: 'advance' });
    expect(oneWith({ watchedPoints: 2_100 })).toEqual({ do: 'advance' });
    expect(step({ leastShare: 0, pushed: [good('a', { watchedPoints: 0 })] })).toEqual({ do: 'advance' });
  });

  it('knows nothing while central hears or stores nothing: it waits, and watches anew', () => {
    expect(step({ canJudge: false, pushed: [good('a', { isLive: false, watchedPoints: 0 })] })).toEqual({
      do: 'watchAnew',
    });
    expect(step({ canJudge: false, watchSinceMs: undefined })).toEqual({ do: 'wait', for: 'central' });
  });

  it('takes those that are heard first, and leaves out at the end whoever never was', () => {
    const some = [{ agent: 'b', isLive: false }, ...waiting('c', 'd', 'e')];
    expect(step({ stage: 1, waiting: some, watchSinceMs: undefined })).toEqual({
      do: 'push',
      agents: ['c', 'd'],
    });
    const rest = ['a', 'c', 'd', 'e'].map((agent) => good(agent));
    expect(step({ stage: 2, pushed: rest, waiting: some.slice(0, 1) })).toEqual({
      do: 'skip',
      agents: ['b'],
    });
    expect(step({ pushed: [], waiting: some.slice(0, 1) })).toMatchObject({ do: 'stop' });
  });
});

const member = fc.record({
  agent: fc.string({ minLength: 1, maxLength: 3 }),
  judgedFromMs: fc.integer({ min: NOW - 30 * MINUTE, max: NOW }),
  countedFromMs: fc.integer({ min: NOW - 30 * MINUTE, max: NOW }),
  standing: fc.constantFrom('trying' as const, 'applied' as const, 'failed' as const, 'moved' as const),
  isLive: fc.boolean(),
  intervalMs: fc.constantFrom(1_000, 10_000, 60_000),
  before: fc.record({
    storedPerS: fc.double({ min: 0, max: 50, noNaN: true }),
    refusedPerS: fc.constantFrom(0, 0.1),
  }),
  since: fc.record({ refused: fc.nat(3), lost: fc.nat(1), missing: fc.nat(1) }),
  watchedPoints: fc.nat(40_000),
});
const anyFacts = fc.record({
  stages: fc.constantFrom([1], [1, 2], [1, 3, 24], [1, 10, 100]),
  stage: fc.nat(2),
  waiting: fc.array(fc.record({ agent: fc.string({ minLength: 1, maxLength: 3 }), isLive: fc.boolean() }), {
    maxLength: 60,
  }),
  pushed: fc.array(fc.oneof(member, fc.constant(good('ok', { watchedPoints: 40_000 }))), { maxLength: 30 }),
  watchSinceMs: fc.option(fc.integer({ min: NOW - 20 * MINUTE, max: NOW }), { nil: undefined }),
  watchMs: fc.constantFrom(1_000, 5 * MINUTE),
  applyWithinMs: fc.constant(5 * MINUTE),
  leastShare: fc.constantFrom(0, 0.5, 1),
  canJudge: fc.boolean(),
});

describe('whatever is known of the agents', () => {
  it('nobody gets the config above the size of the stage, twice, or unheard', () => {
    fc.assert(
      fc.property(anyFacts, (of) => {
        const taken = decideNextStep(of, NOW);
        if (taken.do !== 'push') return;
        expect(of.pushed.length + taken.agents.length).toBeLessThanOrEqual(of.stages[of.stage] ?? 0);
        expect(taken.agents.length).toBeLessThanOrEqual(MOST_PUSHED);
        const heard = of.waiting.filter(({ isLive }) => isLive).map(({ agent }) => agent);
        expect(heard).toEqual(expect.arrayContaining([...taken.agents]));
      }),
    );
  });

  it('it goes on only where all is known to be well: each runs it, is heard, loses nothing, sends as before, for the whole watch', () => {
    fc.assert(
      fc.property(anyFacts, (of) => {
        const taken = decideNextStep(of, NOW);
        if (taken.do !== 'advance' && taken.do !== 'finish') return;
        expect(of.canJudge).toBe(true);
        expect(NOW - (of.watchSinceMs ?? NOW)).toBeGreaterThanOrEqual(of.watchMs);
        expect(of.pushed.length).toBeGreaterThan(0);
        for (const { standing, isLive, since } of of.pushed)
          expect({ standing, isLive, lost: since.lost + since.missing }).toEqual({
            standing: 'applied',
            isLive: true,
            lost: 0,
          });
      }),
    );
  });

  it('it stops wherever an agent did not take it, also while central is deaf, and gives nobody else the config', () => {
    fc.assert(
      fc.property(anyFacts, (of) => {
        const isRefused = of.pushed.some(({ standing }) => standing === 'failed' || standing === 'moved');
        const isTroubled = of.canJudge && of.pushed.some(({ isLive, since }) => !isLive || since.lost > 0);
        if (isRefused || isTroubled) expect(decideNextStep(of, NOW).do).toBe('stop');
      }),
    );
  });
});
