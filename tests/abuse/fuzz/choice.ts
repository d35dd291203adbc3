/** A number in [0, 1), from a seed. */
export type Seeded = () => number;

/** 0 to `count` − 1; 0 for an empty choice. */
export function below(count: number, random: Seeded): number {
  return Math.floor(random() * count);
}

export function pick<T>(choices: readonly T[], random: Seeded): T {
  if (choices.length === 0) throw new Error('nothing to choose from');
  return choices[below(choices.length, random)] as T;
}

export interface Weighted<T> {
  readonly weight: number;
  readonly value: T;
}

export function pickWeighted<T>(choices: readonly Weighted<T>[], random: Seeded): T {
  let left = random() * choices.reduce((sum, { weight }) => sum + weight, 0);
  for (const { weight, value } of choices) {
    left -= weight;
    if (left < 0) return value;
  }
  return pick(choices, random).value;
}
