/** A number in [0, 1) that is the same for the same text and number, and looks like chance (FNV-1a, then an avalanche). */
export function hash01(key: string, step = 0): number {
  let hash = 0x811c9dc5 ^ step;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}

/** Smooth noise in [-1, 1]: chance at each multiple of `stepMs`, eased in between. Pure. */
export function drift(key: string, timeMs: number, stepMs: number): number {
  const step = Math.floor(timeMs / stepMs);
  const part = timeMs / stepMs - step;
  const eased = part * part * (3 - 2 * part);
  const from = hash01(key, step | 0);
  const to = hash01(key, (step + 1) | 0);
  return 2 * (from + (to - from) * eased) - 1;
}

/** A counter since 2026 that grows at about `perS`, faster and slower with the hours, never backwards. */
export function counter(key: string, perS: number, timeMs: number): number {
  const seconds = timeMs / 1_000 - 1_767_225_600;
  const angular = (2 * Math.PI) / 86_400;
  const phase = hash01(key) * 2 * Math.PI;
  // The integral of perS · (1 + 0.6 sin): its slope is at least 0.4 perS.
  return Math.floor(perS * (seconds - (0.6 / angular) * Math.cos(angular * seconds + phase)));
}
