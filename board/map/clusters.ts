import type { Point } from './cells.ts';

export interface Marked<S extends string> extends Point {
  readonly id: string;
  readonly state: S;
}

export interface Cluster<S extends string> extends Point {
  readonly ids: readonly string[];
  /** The worst of its members. */
  readonly state: S;
}

/** Joins what stands in one square of a grid of `size` (km), so that marks do not cover each other; `worstFirst`: the states. Pure. */
export function clusterMarks<S extends string>(
  marks: readonly Marked<S>[],
  size: number,
  worstFirst: readonly S[],
): Cluster<S>[] {
  const squares = new Map<string, Marked<S>[]>();
  for (const mark of marks) {
    const key = `${Math.floor(mark.x / size)} ${Math.floor(mark.y / size)}`;
    const square = squares.get(key);
    if (square === undefined) squares.set(key, [mark]);
    else square.push(mark);
  }
  return [...squares.values()].flatMap((members) => {
    const states = new Set(members.map(({ state }) => state));
    const state = worstFirst.find((each) => states.has(each));
    if (state === undefined) return [];
    const mean = (of: (mark: Marked<S>) => number): number =>
      members.reduce((sum, mark) => sum + of(mark), 0) / members.length;
    return [{ ids: members.map(({ id }) => id), state, x: mean(({ x }) => x), y: mean(({ y }) => y) }];
  });
}
