/** Bounds of the scale (ITU-T G.107). */
const WORST = 1;
const BEST = 4.5;

/**
 * Estimated quality of a call, 1 to 4.5: the E-model of ITU-T G.107 reduced to round-trip time, mean delay variation
 * (both ms) and loss (%). Pure.
 */
export function mosEstimate(latencyMs: number, jitterMs: number, lossPct: number): number {
  const effectiveMs = latencyMs + 2 * jitterMs + 10;
  const delayImpairment = effectiveMs < 160 ? effectiveMs / 40 : (effectiveMs - 120) / 10;
  const r = Math.max(0, 93.2 - delayImpairment - 2.5 * lossPct);
  const mos = 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r);
  return Math.min(BEST, Math.max(WORST, mos));
}
