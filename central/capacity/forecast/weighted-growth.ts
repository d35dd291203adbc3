/** After so many days a day's growth counts half as much. */
export const HALF_LIFE_DAYS = 60;

/**
 * The exponentially weighted mean of the daily growth up to each day, in the unit of the values per day; of the first day NaN.
 * `values`: one a day, oldest first. Pure.
 */
export function weightedGrowth(values: ArrayLike<number>): Float64Array {
  const decay = 2 ** (-1 / HALF_LIFE_DAYS);
  const growth = new Float64Array(values.length).fill(NaN);
  let [sum, weight] = [0, 0];
  for (let day = 1; day < values.length; day++) {
    sum = sum * decay + Number(values[day]) - Number(values[day - 1]);
    weight = weight * decay + 1;
    growth[day] = sum / weight;
  }
  return growth;
}
