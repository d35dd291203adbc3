/** How a collector has been doing since the agent started. */
export interface CollectorHealth {
  readonly runs: number;
  /** Runs that gave nothing: rejected, timed out, or not begun because the one before still hangs. */
  readonly failures: number;
  /** Parts that could not be read in the last run. */
  readonly lastErrors: number;
  readonly lastDurationMs: number;
  /** The first problem of the last run; undefined when it had none. */
  readonly lastError: string | undefined;
}

export const FRESH: CollectorHealth = {
  runs: 0,
  failures: 0,
  lastErrors: 0,
  lastDurationMs: 0,
  lastError: undefined,
};

export interface RunReport {
  readonly durationMs: number;
  readonly failed: boolean;
  readonly errors: readonly Error[];
}

const MAX_ERROR_LENGTH = 200;

/** Pure. */
export function afterRun(health: CollectorHealth, report: RunReport): CollectorHealth {
  return {
    runs: health.runs + 1,
    failures: health.failures + (report.failed ? 1 : 0),
    lastErrors: report.errors.length,
    lastDurationMs: report.durationMs,
    lastError: report.errors[0]?.message.slice(0, MAX_ERROR_LENGTH),
  };
}
