/** Deterministic pseudo-random number in [0, 1) for a text and a number (FNV-1a, then an avalanche). */
export function hash01(key: string, step = 0): number {
  return chance(seedOf(key), step);
}

/** FNV-1a: a text as a 32-bit number, so that it is hashed once and not for each value. */
export function seedOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash;
}

/** Deterministic pseudo-random number in [0, 1) for a seed and a step (MurmurHash3's finaliser). */
export function chance(seed: number, step: number): number {
  let hash = seed ^ Math.imul(step | 0, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}

/** Smooth noise in [-1, 1]: random at each multiple of `stepMs`, eased in between. Pure. */
export function drift(seed: number, timeMs: number, stepMs: number): number {
  const steps = timeMs / stepMs;
  const step = Math.floor(steps);
  const part = steps - step;
  const from = chance(seed, step);
  return 2 * (from + (chance(seed, step + 1) - from) * part * part * (3 - 2 * part)) - 1;
}

/**
 * Noise in [-1, 1] with a closed-form integral: the slope of `drift`. So a counter can follow a noisy rate and remain a
 * pure function of time.
 */
export function surge(seed: number, timeMs: number, stepMs: number): number {
  const steps = timeMs / stepMs;
  const step = Math.floor(steps);
  const part = steps - step;
  return 4 * (chance(seed, step + 1) - chance(seed, step)) * part * (1 - part);
}

/** The integral of `surge` over time, in seconds, from a fixed instant. */
export function surgeSumS(seed: number, timeMs: number, stepMs: number): number {
  return ((drift(seed, timeMs, stepMs) + 1) * stepMs) / 3_000;
}
