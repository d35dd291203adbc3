import type { Sample } from '../../contract/sample.ts';
import type { CollectorHealth } from './health.ts';

/** Measurement `agent` with tag `collector`: the health of one collector. Pure. */
export function collectorSample(
  collector: string,
  health: CollectorHealth,
  tags: Sample['tags'],
  timeMs: number,
): Sample {
  return {
    measurement: 'agent',
    tags: { ...tags, collector },
    fields: {
      collector_runs: health.runs,
      collector_failures: health.failures,
      collector_errors: health.lastErrors,
      collector_duration_ms: health.lastDurationMs,
      ...(health.lastError !== undefined && { collector_last_error: health.lastError }),
    },
    timeMs,
  };
}
