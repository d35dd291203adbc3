import type { FieldValue } from '../../../contract/sample.ts';
import { CENTRAL_AGENT } from '../../../contract/topics.ts';
import type { LatestCache, LatestFieldValue } from '../../live/latest-cache.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import { combineAcross } from '../../store/combine-across.ts';
import type { Across } from '../../store/sample-store.ts';

export interface CurrentValueDeps {
  readonly latest: Pick<LatestCache, 'fieldValues'>;
  readonly registry: Pick<AgentRegistry, 'get' | 'clockCorrectionOf'>;
}

export interface CurrentValue {
  readonly tags: Readonly<Record<string, string>>;
  readonly value: FieldValue;
  /** Measured, by central's clock; of a group the oldest. */
  readonly timeMs: number;
  /** Nobody can say that it still is so: its agent is not live, or its series ended. */
  readonly isStale: boolean;
  /** That were put together. */
  readonly series: number;
}

/** As long as that a value counts as current, in the intervals of its agent, or of its series where those are longer. */
const CURRENT_INTERVALS = 3;
/** Of the samples that central writes itself. */
const OWN_INTERVAL_MS = 10_000;

interface Asked {
  readonly measurement: string;
  readonly field: string;
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

/** The newest value of each series, as it arrived. */
export function* currentValues(
  { latest, registry }: CurrentValueDeps,
  { measurement, field, tags: filter }: Asked,
  nowMs: number,
): Iterable<CurrentValue> {
  const agents = new Map<string, AgentNow>();
  for (const found of latest.fieldValues(measurement, field, filter)) {
    const { agent: name, paceMs = 0 } = found;
    let agent = agents.get(name);
    if (agent === undefined) {
      agent = agentNow(registry, name, nowMs);
      agents.set(name, agent);
    }
    const measuredAtMs = found.timeMs + agent.correctionMs;
    const currentForMs = CURRENT_INTERVALS * Math.max(agent.intervalMs, paceMs);
    const isStale = !agent.isLive || nowMs - measuredAtMs > currentForMs;
    yield new ValueOfSeries(found, measuredAtMs, isStale);
  }
}

class ValueOfSeries implements CurrentValue {
  readonly value: FieldValue;
  readonly timeMs: number;
  readonly isStale: boolean;
  readonly series = 1;
  readonly #found: LatestFieldValue;

  constructor(found: LatestFieldValue, timeMs: number, isStale: boolean) {
    this.value = found.value;
    this.timeMs = timeMs;
    this.isStale = isStale;
    this.#found = found;
  }

  get tags(): Readonly<Record<string, string>> {
    return this.#found.tags;
  }
}

interface AgentNow {
  readonly isLive: boolean;
  readonly intervalMs: number;
  readonly correctionMs: number;
}

function agentNow(registry: CurrentValueDeps['registry'], name: string, nowMs: number): AgentNow {
  if (name === CENTRAL_AGENT) return { isLive: true, intervalMs: OWN_INTERVAL_MS, correctionMs: 0 };
  const view = registry.get(name, nowMs);
  return {
    isLive: view?.phase === 'live',
    intervalMs: view?.intervalMs ?? 0,
    correctionMs: registry.clockCorrectionOf(name),
  };
}

/** Puts the values of series together that have the same of these tags; an absent tag is a group. Pure. */
export function groupValues(
  values: Iterable<CurrentValue>,
  groupBy: readonly string[],
  across: Across,
): CurrentValue[] {
  const groups = new Map<string, CurrentValue[]>();
  for (const value of values) {
    const { tags } = value;
    const key = groupBy.map((tag) => tags[tag] ?? '').join('\0');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return [...groups.values()].map((group) => ({
    tags: Object.fromEntries(
      groupBy.flatMap((tag) => {
        const value = group[0]?.tags[tag];
        return value === undefined ? [] : [[tag, value] as const];
      }),
    ),
    value: combineAcross(
      across,
      group.map(({ value }) => Number(value)),
    ),
    timeMs: group.reduce((oldestMs, { timeMs }) => Math.min(oldestMs, timeMs), Infinity),
    isStale: group.some(({ isStale }) => isStale),
    series: group.length,
  }));
}
