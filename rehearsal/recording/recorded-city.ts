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
    usualIntervalMs([...samples].flatMap(([agent, own]) => (kinds.get(agent) === kind ? [own] : []))) ??
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

/** How often most of these agents measured what they measure most often, in whole steps. */
function usualIntervalMs(all: readonly (readonly Sample[])[]): number | undefined {
  const usual = middleOf(all.flatMap((own) => ownIntervalMs(own) ?? []));
  return usual === undefined ? undefined : Math.max(1_000, Math.ceil(usual / STEP_MS) * STEP_MS);
}

/** Of the series that comes most often. Collectors have times of their own: rows of two of them tell nothing of either. */
function ownIntervalMs(own: readonly Sample[]): number | undefined {
  const times = new Map<string, number[]>();
  for (const { measurement, tags, timeMs } of own) {
    const key = `${measurement} ${JSON.stringify(tags)}`;
    const seen = times.get(key);
    if (seen === undefined) times.set(key, [timeMs]);
    else seen.push(timeMs);
  }
  let shortest: number | undefined;
  for (const seen of times.values()) {
    const usual = middleOf(seen.slice(1).map((timeMs, at) => timeMs - (seen[at] ?? timeMs)));
    if (usual !== undefined && (shortest === undefined || usual < shortest)) shortest = usual;
  }
  return shortest;
}

function middleOf(numbers: readonly number[]): number | undefined {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
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
