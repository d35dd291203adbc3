import type { Location } from '../../samples/location.ts';
import type { EvaluatedSample } from '../lifecycle/alert-state.ts';
import type { AlertValue } from '../lifecycle/alert-value.ts';
import type { Part } from '../lifecycle/parts.ts';
import type { LiveEntity } from './rule-runtime.ts';

/** One evaluated sample of one entity. */
export interface Evidence {
  readonly key: string;
  readonly agent: string;
  /** Which of those who tell of the entity. */
  readonly part: string;
  readonly entity: Readonly<Record<string, string>>;
  readonly location: Location;
  /** All of the sample. */
  readonly tags: Readonly<Record<string, string>>;
  readonly sample: EvaluatedSample;
  readonly value: AlertValue;
  /** The time of the sample as it was sent, where it is one. */
  readonly sentTimeMs?: number;
  /** Of its batch, for the latency of alerts. */
  readonly arrivedAtMs?: number;
}

/** Something newer was evaluated, or the same sample, which may be sent again and again. */
export function isKnown(
  { part, sample, sentTimeMs }: Evidence,
  live: LiveEntity,
  freshForMs: number,
): boolean {
  const known = live.parts.get(part);
  if (known !== undefined) {
    const isSame = sentTimeMs !== undefined && sentTimeMs === known.sentTimeMs;
    return sample.timeMs <= known.timeMs || isSame;
  }
  // Others told of it so far: only what is too old to count is late.
  return sample.timeMs <= live.lastSampleMs - (live.parts.size > 0 ? freshForMs : 0);
}

export function partOf({ agent, sample, sentTimeMs, value }: Evidence): Part {
  const { timeMs, evaluations } = sample;
  return { agent, timeMs, freshFromMs: timeMs, sentTimeMs, evaluations, value };
}

/** Central's time was set back, also by a restart with a right clock: nothing can have been seen later than now. */
export function bringBack(live: LiveEntity, sampleMs: number): void {
  const aheadMs = live.lastSampleMs - sampleMs + 1;
  live.lastSampleMs -= aheadMs;
  for (const [key, part] of live.parts) live.parts.set(key, moveBack(part, aheadMs));
  const { state } = live;
  if (state === undefined) return;
  live.state = {
    ...state,
    startedAtMs: state.startedAtMs - aheadMs,
    lastSampleMs: state.lastSampleMs - aheadMs,
  };
}

function moveBack(part: Part, byMs: number): Part {
  return { ...part, timeMs: part.timeMs - byMs, freshFromMs: part.freshFromMs - byMs };
}
