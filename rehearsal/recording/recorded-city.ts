import type { Sample } from '../../contract/sample.ts';
import type { CityModel } from '../../simulators/city/city.ts';
import type { Recording } from './recording.ts';

export interface RecordedCity {
  readonly city: CityModel;
  /** Between two batches, as most of these agents had it. */
  readonly intervalMs: { readonly gateway: number; readonly server: number };
}

const STEP_MS = 500;
const USUAL_MS = { gateway: 10_000, server: 60_000 } as const;

/** A city that measures what was recorded, at each beat what has come since the one before. Its faults are not known. Pure. */
export function recordedCity({ inventory, samples, silent }: Recording): RecordedCity {
  const kinds = new Map(inventory.agents.map(({ id, kind }) => [id, kind]));
  const intervalOf = (kind: 'gateway' | 'server'): number =>
    usualGapMs([...samples].flatMap(([agent, own]) => (kinds.get(agent) === kind ? [own] : []))) ??
    USUAL_MS[kind];
  const intervalMs = { gateway: intervalOf('gateway'), server: intervalOf('server') };
  const spans = new Map<string, Recording['silent'][number][]>();
  for (const span of silent) spans.set(span.agent, [...(spans.get(span.agent) ?? []), span]);
  const within = (agent: string, fromMs: number, toMs: number): readonly Sample[] => {
    const own = samples.get(agent) ?? [];
    return own.slice(firstAt(own, fromMs), firstAt(own, toMs));
  };
  return {
    intervalMs,
    city: {
      inventory,
      // What it measured meanwhile came later: it was cut off. Without that it was off.
      conditionAt: (agent, timeMs) => {
        const span = spans.get(agent)?.find(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs);
        if (span === undefined) return 'connected';
        const gapMs = 3 * intervalMs[kinds.get(agent) ?? 'gateway'];
        return within(agent, span.fromMs + gapMs, span.toMs - gapMs).length > 0 ? 'cut_off' : 'dark';
      },
      samplesAt: (agent, timeMs) => {
        const sinceMs = timeMs - intervalMs[kinds.get(agent) ?? 'gateway'];
        // The later end belongs to it: (since, time].
        const found = within(agent, sinceMs + 1, timeMs + 1);
        return found.length === 0 ? undefined : found;
      },
      faultsBetween: () => [],
    },
  };
}

/** In the middle of all gaps between two times of one agent, in whole steps. */
function usualGapMs(all: readonly (readonly Sample[])[]): number | undefined {
  const gaps = all.flatMap((own) => {
    const times = [...new Set(own.map(({ timeMs }) => timeMs))];
    return times.slice(1).map((timeMs, at) => timeMs - (times[at] ?? timeMs));
  });
  const middle = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
  return middle === undefined ? undefined : Math.max(1_000, Math.ceil(middle / STEP_MS) * STEP_MS);
}

/** The first that is not earlier. */
function firstAt(own: readonly Sample[], timeMs: number): number {
  let [low, high] = [0, own.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((own[middle]?.timeMs ?? Infinity) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
