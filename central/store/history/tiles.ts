import type { Segment } from './levels.ts';

/** One bucket that several segments share. */
export interface SplitBucket {
  readonly startMs: number;
  /** What each segment has of it. */
  readonly shares: readonly Segment[];
}

export type Tile =
  | { readonly kind: 'whole'; readonly segment: Segment }
  | { readonly kind: 'split'; readonly bucket: SplitBucket };

/**
 * Cuts segments so that each bucket is either in one tile, or a tile by itself. The newest first. Pure. `segments` are in the order of time,
 * without gaps.
 */
export function tilesOf(segments: readonly Segment[], everyMs: number, offsetMs: number): readonly Tile[] {
  const startOf = (timeMs: number): number => Math.floor((timeMs + offsetMs) / everyMs) * everyMs - offsetMs;
  const split = new Set(
    segments.slice(1).flatMap(({ fromMs }) => (startOf(fromMs) === fromMs ? [] : [startOf(fromMs)])),
  );
  const tiles: Tile[] = [];
  const done = new Set<number>();
  for (const segment of [...segments].reverse()) {
    const [first, last] = [startOf(segment.fromMs), startOf(segment.toMs - 1)];
    const fromMs = split.has(first) ? first + everyMs : segment.fromMs;
    const toMs = split.has(last) ? last : segment.toMs;
    if (fromMs < toMs) tiles.push({ kind: 'whole', segment: { ...segment, fromMs, toMs } });
    if (!split.has(first) || done.has(first)) continue;
    done.add(first);
    const shares = segments.flatMap((each) => {
      const share = {
        ...each,
        fromMs: Math.max(each.fromMs, first),
        toMs: Math.min(each.toMs, first + everyMs),
      };
      return share.fromMs < share.toMs ? [share] : [];
    });
    tiles.push({ kind: 'split', bucket: { startMs: first, shares } });
  }
  return tiles;
}
