/** Of the normal distribution, for 95 %. */
const Z = 1.96;

/** Pure. Between which shares, 0 to 1, the true one lies in 19 of 20 cases (Wilson score interval). `count` above 0. */
export function wilsonInterval(
  successes: number,
  count: number,
): { readonly low: number; readonly high: number } {
  const share = successes / count;
  const spread = (Z * Z) / count;
  const middle = share + spread / 2;
  const half = Z * Math.sqrt((share * (1 - share)) / count + spread / (4 * count));
  // At 0 and 1 rounding must not lead beyond.
  const low = successes === 0 ? 0 : Math.max(0, (middle - half) / (1 + spread));
  const high = successes === count ? 1 : Math.min(1, (middle + half) / (1 + spread));
  return { low, high };
}
