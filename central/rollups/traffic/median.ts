/** Pure. Of an even number of values the lower of the two in the middle, so that it was measured; undefined: there are none. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1];
}
