import { z } from 'zod';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const DURATION_PATTERN = /^(\d{1,9})(ms|s|m|h|d)$/;

/** `500ms`, `30s`, `15m`, `1h` or `7d` in ms; undefined: it is none of these. */
export function parseDurationMs(text: string): number | undefined {
  const [, amount, unit] = DURATION_PATTERN.exec(text) ?? [];
  const unitMs = unit === undefined ? undefined : UNIT_MS[unit];
  return unitMs === undefined ? undefined : Number(amount) * unitMs;
}

/** A setting such as `30s`, `15m`, `1h` or `7d`; becomes milliseconds. */
export const durationSchema = z
  .string('expected a duration such as 30s, 15m, 1h or 7d')
  .regex(/^\d{1,6}[smhd]$/, 'expected a duration such as 30s, 15m, 1h or 7d')
  .transform((text) => parseDurationMs(text) ?? 0);

/** In running text, rounded to one unit: `90 s`, `15 min`, `3 h`, `9 d`. Never negative. */
export function describeDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  const hours = Math.round(seconds / 3_600);
  return hours < 72 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
