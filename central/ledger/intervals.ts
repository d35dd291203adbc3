/** A set of positive integers as sorted, disjoint, non-adjacent inclusive ranges. Immutable. */
export type Range = readonly [from: number, to: number];
export type Ranges = readonly Range[];

/** Adds `from`…`to` (inclusive). Appending at the end, the usual case, costs no search. */
export function addRange(ranges: Ranges, from: number, to: number): Ranges {
  const last = ranges.at(-1);
  if (last === undefined || from > last[1] + 1) return [...ranges, [from, to]];
  if (from === last[1] + 1) return ranges.with(-1, [last[0], to]);
  if (contains(ranges, from) && subtract([[from, to]], ranges).length === 0) return ranges;
  const before = ranges.filter((range) => range[1] + 1 < from);
  const after = ranges.filter((range) => range[0] > to + 1);
  const touched = ranges.slice(before.length, ranges.length - after.length);
  const start = Math.min(from, touched[0]?.[0] ?? from);
  const end = Math.max(to, touched.at(-1)?.[1] ?? to);
  return [...before, [start, end], ...after];
}

/** What is in `ranges` but not in `removed`. */
export function subtract(ranges: Ranges, removed: Ranges): Ranges {
  if (removed.length === 0) return ranges;
  const left: Range[] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    let start = from;
    while ((removed[next]?.[1] ?? Infinity) < start) next++;
    for (let index = next; start <= to; index++) {
      const cut = removed[index];
      if (cut === undefined || cut[0] > to) {
        left.push([start, to]);
        break;
      }
      if (cut[0] > start) left.push([start, cut[0] - 1]);
      start = cut[1] + 1;
    }
  }
  return left;
}

export function union(left: Ranges, right: Ranges): Ranges {
  return right.reduce((all, [from, to]) => addRange(all, from, to), left);
}

/** What is in both. */
export function intersect(left: Ranges, right: Ranges): Ranges {
  return subtract(left, subtract(left, right));
}

export function contains(ranges: Ranges, value: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined) return false;
    if (value < range[0]) high = middle - 1;
    else if (value > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}

/** How many integers the set holds. */
export function countIn(ranges: Ranges): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** Sorted, disjoint ranges from single values in any order. */
export function fromValues(values: Iterable<number>): Ranges {
  const ranges: [number, number][] = [];
  for (const value of [...values].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && value <= last[1] + 1) last[1] = value;
    else ranges.push([value, value]);
  }
  return ranges;
}
