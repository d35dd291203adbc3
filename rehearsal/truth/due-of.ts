import type { Due } from './trouble.ts';
import type { Span } from './visible.ts';

/** A site that comes back sends what it has kept, and a battery charges for six hours. */
export const RETURN_MS = 300_000;

export interface DueTerms {
  readonly rules: readonly string[];
  /** After it can be seen. */
  readonly withinMs: number;
  /** What is seen for a shorter time is not due. */
  readonly needMs: number;
  readonly isPaged: boolean;
  /** That fall silent. */
  readonly sites?: number;
}

/** undefined: it cannot be seen for long enough. Pure. */
export function dueOf(
  fault: Span,
  visible: Span | undefined,
  { rules, withinMs, needMs, isPaged, sites = 0 }: DueTerms,
): Due | undefined {
  if (visible === undefined || visible.toMs - visible.fromMs < needMs) return undefined;
  const isMasked = visible.fromMs > fault.fromMs;
  return {
    rules,
    visibleFromMs: visible.fromMs,
    visibleToMs: visible.toMs,
    byMs: visible.fromMs + withinMs + (isMasked ? RETURN_MS : 0),
    isMasked,
    isPaged,
    sites,
  };
}
