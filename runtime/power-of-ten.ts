/** For reports that are made at the 1st, 10th, 100th, … time. Pure. */
export function isPowerOfTen(count: number): boolean {
  return Number.isInteger(Math.log10(count));
}
