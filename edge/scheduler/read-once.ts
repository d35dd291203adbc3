import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { CollectorConfig } from '../config/collectors-config.ts';
import { commonTags, type EdgeConfig } from '../config/edge-config.ts';
import { runOnce } from './run-once.ts';

export interface CollectorReading {
  readonly collector: string;
  readonly durationMs: number;
  readonly samples: readonly Sample[];
  readonly errors: readonly Error[];
}

/** Reads every collector once, or twice where rates need an earlier reading. Sends nothing. */
export async function readOnce(
  config: EdgeConfig,
  deps: { readonly clock: Clock; readonly log: Logger; readonly signal: AbortSignal },
): Promise<readonly CollectorReading[]> {
  return Promise.all(config.collectors.map((collector) => readCollector(collector, config, deps)));
}

async function readCollector(
  { name, kind, options, timeoutMs }: CollectorConfig,
  config: EdgeConfig,
  { clock, log, signal }: { readonly clock: Clock; readonly log: Logger; readonly signal: AbortSignal },
): Promise<CollectorReading> {
  const collector = kind.create(options, {
    clock,
    log,
    commonTags: commonTags(config),
    dataDirectory: config.dataDirectory,
    isTrial: true,
  });
  try {
    let reading = await runOnce(collector, { timeoutMs, clock, signal });
    if (kind.rateBaseMs !== undefined && !reading.failed) {
      await clock.sleep(kind.rateBaseMs, signal);
      reading = await runOnce(collector, { timeoutMs, clock, signal });
    }
    reading.reportDurable?.(false); // the samples are shown, not stored
    return {
      collector: name,
      durationMs: reading.durationMs,
      samples: reading.samples,
      errors: reading.errors,
    };
  } finally {
    await collector.close();
  }
}
