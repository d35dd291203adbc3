import { expect, it } from 'vitest';
import { CutWatch } from './cut-watch.ts';

const S = 1_000;

/** The seconds of arrival at which a cut ended. */
function ends(...atS: readonly number[]): number[] {
  const watch = new CutWatch();
  return atS.filter((each) => watch.hear('agent-1', each * S) !== undefined);
}

it('the first batch since the start may end a cut: nobody knows', () => {
  expect(new CutWatch().hear('agent-1', 5 * S)).toBe(0);
});

it('an agent that sends each 10 s was cut off after 31 s of silence', () => {
  expect(ends(0, 10, 20, 50, 60, 91, 101)).toEqual([0, 91]);
});

it('of an agent that sends each 5 min, more than two of these are silence', () => {
  // How often it sends is known after its third.
  expect(ends(0, 300, 600, 900, 1_700, 2_000, 3_001)).toEqual([0, 300, 600, 1_700, 3_001]);
});

it('one that sends more rarely from now on is soon no longer taken for cut off', () => {
  expect(ends(0, 10, 20, 320, 620, 920, 1_220, 1_520, 1_820)).toEqual([0, 320, 620]);
});

it('an agent that is forgotten is new', () => {
  const watch = new CutWatch();
  watch.hear('agent-1', 0);
  watch.forget('agent-1');
  expect(watch.hear('agent-1', 10 * S)).toBe(0);
});

it('says since when an agent is silent, and nothing of one that is heard or retired', () => {
  const watch = new CutWatch();
  expect(watch.silentSince('agent-1', 5 * S)).toBe(0);
  watch.hear('agent-1', 10 * S);
  expect(watch.silentSince('agent-1', 40 * S)).toBeUndefined();
  expect(watch.silentSince('agent-1', 41 * S)).toBe(10 * S);
  watch.forget('agent-1');
  expect(watch.silentSince('agent-1', 50 * S)).toBeUndefined();
  watch.hear('agent-1', 60 * S);
  expect(watch.silentSince('agent-1', 100 * S)).toBe(60 * S);
});

it('tells what may be of a cut from what is late though its agent was heard', () => {
  const watch = new CutWatch();
  watch.hear('agent-1', 100 * S);
  watch.hear('agent-1', 200 * S);
  watch.hear('agent-1', 210 * S);
  expect([150, 205].map((atS) => watch.isBeforeLastEnd('agent-1', atS * S))).toEqual([true, false]);
  watch.forget('agent-1');
  expect(watch.isBeforeLastEnd('agent-1', 150 * S)).toBe(false);
});
