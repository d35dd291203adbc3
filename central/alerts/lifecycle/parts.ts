import type { Evaluation } from './alert-state.ts';
import type { AlertValue } from './alert-value.ts';

/** What one of those who tell of an entity last said: an agent, or a series where the rule looks across several. */
export interface Part {
  readonly agent: string;
  readonly timeMs: number;
  /** It counts for some time from then on: its sample, or central's start. */
  readonly freshFromMs: number;
  /** As it was sent, where it is a sample. */
  readonly sentTimeMs?: number | undefined;
  /** Of each level, mildest first. */
  readonly evaluations: readonly Evaluation[];
  readonly value: AlertValue;
}

/** Beyond this, those that are best off are left out, of these the least fresh. */
const MAX_PARTS = 64;
/** Stands for what was left out though it was not clear; no agent and no series has this key. */
const LEFT_OUT = '*';

/** The parts of one entity, the one that spoke last at the end. */
export type Parts = Map<string, Part>;

/** True: it says something new. */
export function setPart(parts: Parts, key: string, part: Part): boolean {
  const before = parts.get(key)?.evaluations;
  if (parts.size > 1) parts.delete(key);
  parts.set(key, part);
  if (parts.size - (parts.has(LEFT_OUT) ? 1 : 0) > MAX_PARTS) leaveOneOut(parts);
  return before === undefined || part.evaluations.some((one, at) => one !== before[at]);
}

/** A part that is clear may be left out; of the others, the worst is remembered for as long as it would have counted. */
function leaveOneOut(parts: Parts): void {
  let best: readonly [string, Part] | undefined;
  for (const entry of parts) {
    if (entry[0] !== LEFT_OUT && (best === undefined || isWorse(best[1], entry[1]))) best = entry;
  }
  if (best === undefined) return;
  const [key, part] = best;
  parts.delete(key);
  if (part.evaluations.every((one) => one === 'clear')) return;
  const known = parts.get(LEFT_OUT);
  if (known === undefined || !isWorse(known, part)) parts.set(LEFT_OUT, part);
}

type Said = Pick<Part, 'evaluations' | 'value'>;

/** Drops what is older than `sinceMs`, and tells the worst of each level with the value of the worst part. At least one part is fresh. */
export function worstOf(parts: Parts, sinceMs: number): Said {
  let worst: Said | undefined;
  for (const [key, part] of parts) {
    if (part.freshFromMs < sinceMs) parts.delete(key);
    else worst = worst === undefined ? part : worseOf(worst, part);
  }
  return worst ?? { evaluations: [], value: '' };
}

function worseOf(a: Said, b: Said): Said {
  const evaluations = a.evaluations.map((one, at) => {
    const other = b.evaluations[at] ?? 'between';
    return RANK[other] > RANK[one] ? other : one;
  });
  return { evaluations, value: isWorse(a, b) ? a.value : b.value };
}

/** Of two that are equally bad, the one that spoke last is shown. */
function isWorse(a: Said, b: Said): boolean {
  for (let at = a.evaluations.length - 1; at >= 0; at--) {
    const difference = RANK[a.evaluations[at] ?? 'between'] - RANK[b.evaluations[at] ?? 'between'];
    if (difference !== 0) return difference > 0;
  }
  return false;
}

const RANK: Readonly<Record<Evaluation, number>> = { clear: 0, between: 1, breach: 2 };
