import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { S, START } from '../testing/engine-harness.ts';
import { BacklogHarness } from './testing/backlog-harness.ts';

const RULE = ruleOf('cpu_busy', ruleFile({ for: '2m', clearFor: '2m' }));
const [BUSY, CALM] = [99, 10];
const STEP_S = 60;

let harness: BacklogHarness;
beforeEach(() => {
  harness = new BacklogHarness();
  harness.start([RULE]);
});
afterEach(() => harness.end());

/** Each minute from now on, until then. */
function live(untilS: number, isBusy: (atS: number) => boolean = () => false): void {
  while (harness.nowS < untilS) {
    harness.skipTo(harness.nowS + STEP_S);
    harness.live(isBusy(harness.nowS) ? BUSY : CALM);
  }
}

/** The agent is cut off, and heard again then: it says that it holds more. */
function cutUntil(untilS: number): void {
  harness.skipTo(untilS - STEP_S);
  harness.isAwaited = true;
}

/** What the agent measured each minute after `fromS` and before `untilS` arrives now, in batches of ten rows. */
function drain(fromS: number, untilS: number, isBusy: (atS: number) => boolean): void {
  for (let atS = fromS + STEP_S; atS < untilS; atS += 10 * STEP_S) {
    const rows: [number, number][] = [];
    for (let each = atS; each < Math.min(atS + 10 * STEP_S, untilS); each += STEP_S)
      rows.push([each, isBusy(each) ? BUSY : CALM]);
    harness.late(rows);
  }
  harness.isAwaited = false;
}

const between = (fromS: number, toS: number) => (atS: number) => atS >= fromS && atS < toS;

describe('a whole incident in the backlog', () => {
  const isBusy = between(1_200, 2_400);

  it('is written as history with its true times once it is judged, and is nowhere among what is present', () => {
    live(600);
    cutUntil(3_060);
    live(3_060);
    drain(600, 3_060, isBusy);
    live(3_180);
    expect(harness.history()).toEqual(['1200 to 2520 resolved, late']);
    expect(harness.timeline(0)).toEqual(['1200 started', '1320 fired', '2400 recovering', '2520 resolved']);
    expect(harness.engine.active()).toEqual([]);
    expect(harness.backlog.stats()).toMatchObject({ learnedLate: 1, corrected: 0, agents: 0, entities: 0 });
  });
});

describe('an old row in the first live batch after a cut', () => {
  const isBusy = between(1_200, 2_400);

  // A dip of the radio that caused the cut is told, once it is over, with the time of its begin.
  it.each([500, 700, 1_800])('of %s s does not move the end of the cut', (beginS) => {
    live(600);
    cutUntil(3_060);
    harness.skipTo(3_060);
    const rows = [beginS, 3_060].map((atS) => ({
      tags: [atS === beginS ? 'gateway' : 'h'],
      timeMs: START + atS * S,
      values: [CALM],
    }));
    harness.live(CALM, { rows });
    drain(600, 3_060, isBusy);
    live(3_180);
    expect(harness.history()).toEqual(['1200 to 2520 resolved, late']);
    expect(harness.backlog.stats()).toMatchObject({ judgedRows: 40, leftOutRows: 0, otherRows: 0 });
  });
});

describe('rows of a batch of backlog that lie in no cut', () => {
  const isBusy = between(1_200, 2_400);
  const rowsOfCut = Array.from({ length: 40 }, (_, at): [number, number] => {
    const atS = 660 + at * STEP_S;
    return [atS, isBusy(atS) ? BUSY : CALM];
  });

  it.each<[string, [number, number]]>([
    ['before it', [300, CALM]],
    ['after it', [3_100, CALM]],
  ])('are put aside, and the others are judged: %s', (_, row) => {
    live(600);
    cutUntil(3_060);
    live(3_180);
    harness.late([row, ...rowsOfCut]);
    harness.isAwaited = false;
    live(3_300);
    expect(harness.history()).toEqual(['1200 to 2520 resolved, late']);
    expect(harness.backlog.stats()).toMatchObject({ judgedRows: 40, leftOutRows: 0, otherRows: 1 });
  });

  it('are judged where they were measured as it ended: no live sample tells of them', () => {
    live(600);
    cutUntil(3_060);
    harness.skipTo(3_060);
    // One poll takes longer than others, and has the time of its begin.
    harness.live(CALM, { rows: [{ tags: ['slow'], timeMs: START + 3_040 * S, values: [CALM] }] });
    harness.late([[3_050, CALM]]);
    expect(harness.backlog.stats()).toMatchObject({ judgedRows: 1, leftOutRows: 0, otherRows: 0 });
  });

  it('are told apart one by one where its cut is done with', () => {
    live(600);
    cutUntil(3_060);
    harness.isAwaited = false;
    live(3_300);
    harness.late([
      [1_200, BUSY],
      [3_120, CALM],
      [3_180, CALM],
    ]);
    expect(harness.backlog.stats()).toMatchObject({ judgedRows: 0, leftOutRows: 1, otherRows: 2 });
  });
});

describe('backlog that arrives before the first live batch', () => {
  const isBusy = between(1_200, 2_400);
  const found = ['1200 to 2520 resolved, late'];

  it('is judged all the same', () => {
    live(600);
    cutUntil(3_120);
    drain(600, 3_060, isBusy);
    // So long that it would be done with, had the agent been heard.
    harness.runTo(3_100);
    live(3_240);
    expect(harness.history()).toEqual(found);
    expect(harness.backlog.stats()).toMatchObject({ judgedRows: 40, otherRows: 0, agents: 0 });
  });

  it('also after a start of central, with a cut of before that is not done with', () => {
    live(600);
    cutUntil(3_060);
    live(3_060);
    drain(600, 1_800, isBusy);
    harness.isAwaited = true;
    harness.runTo(3_070);
    harness.restart([RULE]);
    drain(1_740, 3_060, isBusy);
    harness.runTo(3_210);
    drain(3_060, 3_210, isBusy);
    live(3_450);
    expect(harness.history()).toEqual(found);
    expect(harness.backlog.stats()).toMatchObject({ otherRows: 0, agents: 0 });
  });

  it('is not cut at its own end: what is still in breach then goes on live', () => {
    live(600);
    cutUntil(3_060);
    drain(600, 1_800, (atS) => atS >= 1_200);
    live(3_300, () => true);
    drain(1_740, 3_060, () => true);
    live(3_420, () => true);
    expect(harness.history()).toEqual(['1200 to now firing']);
  });
});

describe('an alert that was over before central was told', () => {
  it('has its end corrected, and both ends in its timeline', () => {
    live(1_200, between(300, 9_999));
    cutUntil(4_860);
    live(5_100);
    expect(harness.history()).toEqual(['300 to 4980 resolved']);
    drain(1_200, 4_860, between(300, 1_800));
    live(5_220);
    expect(harness.history()).toEqual(['300 to 1920 resolved']);
    expect(harness.timeline(0).slice(-2)).toEqual(['4980 resolved', '1920 end_corrected']);
  });
});

describe('a second cut while the first is not done with', () => {
  const HALF_BUSY = ruleOf(
    'half_busy',
    ruleFile({ for: '1h', clearFor: '2m', levels: [{ severity: 'minor', raise: 50, clear: 45 }] }),
  );
  /** One host ends its fault during the second cut; of another the first cut leaves something open. */
  const rowsAt = (atS: number) => ({
    rows: [
      { tags: ['ends'], timeMs: START + atS * S, values: [atS < 1_900 ? BUSY : CALM] },
      { tags: ['waits'], timeMs: START + atS * S, values: [atS >= 900 ? 60 : CALM] },
    ],
  });
  const liveRows = (untilS: number): void => {
    while (harness.nowS < untilS) {
      harness.runTo(harness.nowS + STEP_S);
      harness.live(0, rowsAt(harness.nowS));
    }
  };
  const cutAndDrain = (fromS: number, untilS: number): void => {
    cutUntil(untilS);
    liveRows(untilS);
    for (let atS = fromS + STEP_S; atS < untilS; atS += STEP_S) harness.late([], rowsAt(atS));
    harness.isAwaited = false;
  };

  it.each([
    ['a minute later', 1_260],
    ['ten minutes later', 1_800],
  ])('corrects what was settled before, too: %s', (_, secondCutS) => {
    harness.engine.replaceRules([RULE, HALF_BUSY]);
    liveRows(600);
    cutAndDrain(600, 1_200);
    liveRows(secondCutS);
    expect(harness.backlog.stats()).toMatchObject({ agents: 1 });
    cutAndDrain(secondCutS, 2_400);
    liveRows(3_600);
    expect(harness.alerts().map(({ rule, phase }) => `${rule} ${phase}`)).toContain('cpu_busy resolved');
    expect(harness.history()).toContain('60 to 2040 resolved');
  });
});

describe('a fault that began while its agent was cut off', () => {
  it('has its begin corrected, under the same id', () => {
    live(600);
    cutUntil(3_060);
    live(3_300, () => true);
    const [before] = harness.alerts();
    drain(600, 3_060, between(1_500, 9_999));
    live(3_420, () => true);
    expect(harness.history()).toEqual(['1500 to now firing']);
    expect(harness.alerts()[0]?.id).toBe(before?.id);
    expect(harness.timeline(0)).toEqual(['3060 started', '3180 fired', '1500 begin_corrected']);
    live(3_900);
    expect(harness.history()).toEqual(['1500 to 3600 resolved']);
  });

  it('is told of as interrupted where the alert before was taken for it', () => {
    live(600, between(0, 601));
    cutUntil(6_060);
    live(6_300, () => true);
    drain(600, 6_060, (atS) => atS < 1_200 || (atS >= 2_400 && atS < 3_600) || atS >= 4_800);
    live(6_420, () => true);
    expect(harness.history()).toEqual(['60 to now firing', '2400 to 3720 resolved, late']);
    expect(harness.timeline(0).slice(-2)).toEqual(['1320 interrupted', '4800 resumed']);
  });
});

describe('what people and rules decided meanwhile', () => {
  it('stays: the end that a person gave an alert', () => {
    live(1_200, between(300, 9_999));
    const [{ id } = { id: '' }] = harness.alerts();
    harness.engine.handle([{ id, kind: 'closed', details: { by: 'Lan', text: 'known' } }]);
    cutUntil(4_860);
    live(4_860);
    drain(1_200, 4_860, between(300, 1_800));
    live(5_400);
    expect(harness.history()).toEqual(['300 to 1200 closed']);
    expect(harness.backlog.stats()).toMatchObject({ corrected: 0, learnedLate: 0, agents: 0 });
  });

  it('counts: a rule that is edited while its backlog comes goes on with its new times', () => {
    live(600);
    cutUntil(3_060);
    live(3_060);
    drain(600, 1_980, between(1_200, 2_400));
    harness.isAwaited = true;
    harness.engine.replaceRules([ruleOf('cpu_busy', ruleFile({ for: '2m', clearFor: '1m' }))]);
    live(3_120);
    drain(1_920, 3_060, between(1_200, 2_400));
    live(3_300);
    expect(harness.history()).toEqual(['1200 to 2460 resolved, late']);
  });
});

describe('kill -9 of central while the backlog comes', () => {
  const isBusy = (atS: number): boolean => between(300, 900)(atS) || between(1_500, 2_100)(atS);

  it('costs little of it, and writes nothing twice, also where all of it is sent again', () => {
    live(600, isBusy);
    cutUntil(3_060);
    live(3_060);
    drain(600, 1_800, isBusy);
    harness.isAwaited = true;
    live(3_120);
    harness.restart([RULE]);
    live(3_180);
    drain(600, 3_060, isBusy);
    live(3_360);
    const once = ['300 to 1020 resolved', '1500 to 2220 resolved, late'];
    expect(harness.history()).toEqual(once);
    expect(harness.backlog.stats()).toMatchObject({ agents: 0, entities: 0 });

    harness.restart([RULE]);
    harness.isAwaited = true;
    live(3_420);
    drain(600, 3_060, isBusy);
    live(3_600);
    expect(harness.history()).toEqual(once);
  });
});

describe('backlog that nobody can judge', () => {
  it('counts an entity for which there is no room once, however many samples tell of it', () => {
    const rows = () => ({
      rows: Array.from({ length: 2_100 }, (_, host) => ({
        tags: [`h${host}`],
        timeMs: START + harness.nowS * S,
        values: [BUSY],
      })),
    });
    harness.live(BUSY, rows());
    harness.skipTo(60);
    harness.isAwaited = true;
    harness.skipTo(2_000);
    for (let each = 0; each < 3; each++) {
      harness.live(BUSY, rows());
      harness.skipTo(harness.nowS + 10);
    }
    for (let atS = 900; atS < 960; atS += 20)
      harness.late([], { rows: rows().rows.map((row) => ({ ...row, timeMs: START + atS * S })) });
    harness.skipTo(harness.nowS + 1);
    expect(harness.backlog.stats()).toMatchObject({ leftOutEntities: 100 });
  });

  it('is that of an agent which was heard all the time: a batch that was late for another reason', () => {
    live(600);
    harness.late([[300, BUSY]]);
    live(660);
    expect(harness.backlog.stats()).toMatchObject({ judgedRows: 0, otherRows: 1, leftOutRows: 0 });
  });

  it('is a hole where it comes after all that was known of its cut is done with', () => {
    live(600);
    cutUntil(3_060);
    harness.isAwaited = false;
    live(3_180);
    expect(harness.backlog.stats()).toMatchObject({ agents: 0 });
    harness.late([[1_200, BUSY]]);
    expect(harness.backlog.stats()).toMatchObject({ judgedRows: 0, otherRows: 0, leftOutRows: 1 });
  });

  it('is a hole as well while a later cut is open: of the time between the two the agent was heard', () => {
    live(600);
    cutUntil(1_260);
    harness.isAwaited = false;
    live(1_500);
    expect(harness.backlog.stats()).toMatchObject({ agents: 0 });
    cutUntil(3_060);
    live(3_060);
    harness.late([
      [900, BUSY],
      [1_320, CALM],
      [2_400, CALM],
    ]);
    expect(harness.backlog.stats()).toMatchObject({ judgedRows: 1, otherRows: 1, leftOutRows: 1 });
  });

  it('is given up after a day: what was found so far is written', () => {
    live(600);
    cutUntil(3_060);
    live(3_060);
    drain(600, 2_700, between(1_200, 2_400));
    harness.isAwaited = true;
    live(3_600);
    expect(harness.history()).toEqual([]);
    harness.skipTo(3_600 + 86_400);
    expect(harness.history()).toEqual(['1200 to 2520 resolved, late']);
    expect(harness.backlog.stats()).toMatchObject({ agents: 0 });
  });

  it('is forgotten with an agent that is retired', () => {
    live(600);
    cutUntil(3_060);
    live(3_060);
    harness.backlog.forget('agent-1');
    drain(600, 3_060, between(1_200, 2_400));
    live(3_120);
    expect(harness.history()).toEqual([]);
  });
});
