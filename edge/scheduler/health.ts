/** Health of a collector since the agent started. */
export interface CollectorHealth {
  readonly runs: number;
  /** Runs without a result: rejected, timed out, or skipped because the previous run still hangs. */
  readonly failures: number;
  /** Errors of the last run. */
  readonly lastErrors: number;
  readonly lastDurationMs: number;
  /** First error of the last run, if any. */
  readonly lastError: string | undefined;
}

export const NO_RUNS: CollectorHealth = {
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
