import { describe, expect, it } from 'vitest';
import { TwinWatch } from './twin-watch.ts';

const S = 1_000;

/** Seconds and identities, as they are heard; when twins were told, in seconds. */
function toldAt(heard: readonly (readonly [atS: number, id: string])[]): number[] {
  const watch = new TwinWatch();
  return heard.flatMap(([atS, id]) => (watch.recordEpoch(id, atS * S) ? [atS] : []));
}

describe('two agents with one id', () => {
  it('are told by the third return to an epoch that was left before', () => {
    const turns = [0, 5, 6, 9, 13, 20].map((atS, at) => [atS, at % 2 === 0 ? 'a' : 'b'] as const);
    expect(toldAt(turns)).toEqual([13, 20]);
  });

  it('are told as well where there are three', () => {
    const turns = [0, 1, 2, 3, 4, 5].map((atS) => [atS, 'abc'.charAt(atS % 3)] as const);
    expect(toldAt(turns)).toEqual([5]);
  });

  it('with disks from one image are told by their runs', () => {
    const watch = new TwinWatch();
    const told = ['r', 's', 'r', 's', 'r'].map((run, atS) => {
      const byEpoch = watch.recordEpoch('of the image', atS * S);
      return [byEpoch, watch.recordRun(run, atS * S)];
    });
    expect(told.at(-1)).toEqual([false, true]);
    expect(told.slice(0, -1).flat()).not.toContain(true);
  });
});

describe('one agent', () => {
  it('on a line that breaks every few seconds stays one', () => {
    expect(toldAt(Array.from({ length: 500 }, (_, atS) => [atS, 'a'] as const))).toEqual([]);
  });

  it('that is started again and again, or whose disk is wiped each time, stays one', () => {
    expect(toldAt(Array.from({ length: 500 }, (_, atS) => [atS, `run ${atS}`] as const))).toEqual([]);
  });

  it('whose old disk is put back, and then the new one again, stays one', () => {
    expect(
      toldAt([
        [0, 'old'],
        [100, 'new'],
        [200, 'old'],
        [300, 'new'],
      ]),
    ).toEqual([]);
  });

  it('whose disks are changed for one another once an hour stays one', () => {
    expect(toldAt(Array.from({ length: 20 }, (_, hour) => [hour * 3_600, `${hour % 2}`] as const))).toEqual(
      [],
    );
  });
});
