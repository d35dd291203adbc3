import { z } from 'zod';
import type { Sample } from '../../../contract/sample.ts';
import { REACHES_NOTHING } from '../../protocols/reach.ts';
import type { Collected, Collector, CollectorDeps, CollectorKind } from '../collector.ts';
import { askClock, type ClockAnswers } from './clock-answers.ts';
import { readClockState, type ClockState } from './clock-state.ts';

const configSchema = z.strictObject({});
export type ChronyConfig = z.infer<typeof configSchema>;

/** Telegraf's `chrony`, and whether this machine's clock is synchronised at all. */
export const chronyKind: CollectorKind<ChronyConfig> = {
  kind: 'chrony',
  configSchema,
  defaultIntervalMs: 60_000,
  reaches: () => REACHES_NOTHING,
  create: (_config, deps) => createChronyCollector((signal) => askClock(signal), deps),
};

export function createChronyCollector(
  ask: (signal: AbortSignal) => Promise<ClockAnswers>,
  deps: CollectorDeps,
): Collector {
  return {
    name: 'chrony',
    async collect(signal): Promise<Collected> {
      const state = readClockState(await ask(signal));
      signal.throwIfAborted();
      if (state.from === 'nobody') {
        if (state.problem === undefined) return { samples: [], errors: [] };
        throw new Error(`chrony: ${state.problem}`);
      }
      return { samples: [sampleOf(state, deps)], errors: [] };
    },
    close: async () => undefined,
  };
}

function sampleOf(
  state: Exclude<ClockState, { from: 'nobody' }>,
  { clock, commonTags }: CollectorDeps,
): Sample {
  const tags = state.from === 'chrony' ? trackingTags(state) : { source: state.from };
  // Without a source the figures are meaningless zeros, which would clear an alert of a wrong clock.
  const figures = state.from === 'chrony' && state.synchronised ? state.tracking.fields : {};
  return {
    measurement: 'chrony',
    tags: { ...commonTags, ...tags },
    fields: { synchronised: state.synchronised, ...figures },
    timeMs: clock.now(),
  };
}

function trackingTags({ tracking }: Extract<ClockState, { from: 'chrony' }>): Record<string, string> {
  return {
    reference_id: tracking.referenceId,
    stratum: String(tracking.stratum),
    leap_status: tracking.leapStatus.toLowerCase(),
  };
}
