import type { FieldValue } from '../../../contract/sample.ts';
import { Freshness } from '../../live/freshness.ts';
import type { LatestCache } from '../../live/latest-cache.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import type { Series } from '../../samples/series.ts';
import { combineAcross } from '../../store/combine-across.ts';
import type { Across } from '../../store/sample-store.ts';

export interface CurrentValueDeps {
  readonly latest: Pick<LatestCache, 'visit'>;
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

interface Asked {
  readonly measurement: string;
  readonly field: string;
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

/** `series` and `tagNames` make its tags, which most of thousands are not asked for. */
export type LookAtValue = (
  now: { readonly value: FieldValue; readonly timeMs: number; readonly isStale: boolean },
  series: Series,
  tagNames: readonly string[],
) => void;

/** Shows the newest value of each series, as it arrived; the object is the same each time. */
export function visitCurrent(
  { latest, registry }: CurrentValueDeps,
  { measurement, field, tags }: Asked,
  nowMs: number,
  look: LookAtValue,
): void {
  const freshness = new Freshness(registry, nowMs);
  const now: { value: FieldValue; timeMs: number; isStale: boolean } = {
    value: 0,
    timeMs: 0,
    isStale: false,
  };
  const wanted = Object.entries(tags);
  latest.visit(measurement, (series, row, tagNames) => {
    const value = row.valueOf(field);
    // The empty value stands for a tag that is absent.
    const isWanted = ([tag, allowed]: (typeof wanted)[number]): boolean =>
      allowed.includes(series.tags[tagNames.indexOf(tag)] ?? '');
    if (value === undefined || !wanted.every(isWanted)) return;
    const agent = series.tags[tagNames.indexOf('agent')] ?? '';
    now.value = value;
    now.timeMs = freshness.measuredAtMs(agent, row);
    now.isStale = !freshness.isCurrent(agent, row);
    look(now, series, tagNames);
  });
}

interface Group {
  readonly tags: Readonly<Record<string, string>>;
  readonly values: number[];
  timeMs: number;
  isStale: boolean;
}

/** Puts the values of series together that have the same of these tags; an absent tag is a group. */
export class GroupedValues {
  readonly #groupBy: readonly string[];
  readonly #groups = new Map<string, Group>();

  constructor(groupBy: readonly string[]) {
    this.#groupBy = groupBy;
  }

  readonly add: LookAtValue = ({ value, timeMs, isStale }, { tags }, tagNames) => {
    const own = this.#groupBy.map((tag) => tags[tagNames.indexOf(tag)]);
    const key = own.map((tag = '') => tag).join('\0');
    let group = this.#groups.get(key);
    if (group === undefined) {
      const named = this.#groupBy.flatMap((tag, at) =>
        own[at] === undefined ? [] : [[tag, own[at]] as const],
      );
      group = { tags: Object.fromEntries(named), values: [], timeMs: Infinity, isStale: false };
      this.#groups.set(key, group);
    }
    group.values.push(Number(value));
    group.timeMs = Math.min(group.timeMs, timeMs);
    group.isStale ||= isStale;
  };

  *combined(across: Across): Iterable<CurrentValue> {
    for (const { tags, values, timeMs, isStale } of this.#groups.values())
      yield { tags, value: combineAcross(across, values), timeMs, isStale, series: values.length };
  }
}
