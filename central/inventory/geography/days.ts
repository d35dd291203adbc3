const DAY_MS = 86_400_000;

/** The day before 2025-07-01 is 2025-06-30. Pure. */
export function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
}
