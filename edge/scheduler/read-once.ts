import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { CollectorConfig } from '../config/collectors-config.ts';
import { commonTags, type EdgeConfig } from '../config/edge-config.ts';
import { joinErrors, joinReadings } from './join-readings.ts';
import { runOnce } from './run-once.ts';
import { withStorableTags } from './storable-tags.ts';

export interface CollectorReading {
  readonly collector: string;
  readonly durationMs: number;
  readonly samples: readonly Sample[];
  readonly errors: readonly Error[];
}

/**
 * Reads every collector once, or twice where rates need an earlier reading: samples and errors are those of both readings.
 * Sends nothing.
 */
export async function readOnce(
  config: EdgeConfig,
  deps: { readonly clock: Clock; readonly log: Logger; readonly signal: AbortSignal },
): Promise<readonly CollectorReading[]> {
  return Promise.all(config.collectors.map((collector) => readCollector(collector, config, deps)));
}

async function readCollector(
  { name, kind, options, guard, timeoutMs }: CollectorConfig,
  config: EdgeConfig,
  { clock, log, signal }: { readonly clock: Clock; readonly log: Logger; readonly signal: AbortSignal },
): Promise<CollectorReading> {
  const collector = kind.create(options, {
    ...(guard !== undefined && { guard }),
    clock,
    log,
    commonTags: commonTags(config),
    dataDirectory: config.dataDirectory,
    ...(config.profilesDirectory !== undefined && { profilesDirectory: config.profilesDirectory }),
    timeoutMs,
    isTrial: true,
  });
  try {
    const read = async (): Promise<CollectorReading & { readonly failed: boolean }> => {
      const { durationMs, samples, errors, failed, reportDurable } = await runOnce(collector, {
        timeoutMs,
        clock,
        signal,
      });
      reportDurable?.(false); // the samples are shown, not stored
      return { collector: name, durationMs, samples: samples.map(withStorableTags), errors, failed };
    };
    const first = await read();
    if (kind.rateBaseMs === undefined || first.failed) return first;
    await clock.sleep(kind.rateBaseMs, signal);
    const second = await read();
    return {
      collector: name,
      durationMs: second.durationMs,
      samples: joinReadings(first.samples, second.samples),
      errors: joinErrors(first.errors, second.errors),
    };
  } finally {
    await collector.close();
  }
}
