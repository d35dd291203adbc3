import type { Range, StateInterval } from '../states/history/state-intervals.ts';
import type { StateHistory } from '../states/history/state-history.ts';
import type { ServiceStates } from './service-states.ts';
import type { ServiceView } from './service-view.ts';
import { spentTimes, type SpentTime } from './spent-time.ts';

export interface ServiceTargetsDeps {
  readonly services: Pick<ServiceStates, 'latest'>;
  readonly history: Pick<StateHistory, 'read'>;
  /** When what was or is in maintenance, by what that is, such as `service:1022`. */
  readonly planned: (range: Range) => ReadonlyMap<string, readonly Range[]>;
}

/** A service that has a target for its availability. */
export interface TargetedService {
  readonly id: string;
  /** Share of time in which it is to work, in percent. */
  readonly targetPercent: number;
  readonly state: ServiceView['state'];
  readonly sinceMs: number;
}

/** A time in which a service was down; times are Unix ms. */
export type LastFailure = Pick<StateInterval, 'fromMs' | 'toMs' | 'roots'>;

/** What a service spends is looked at each quarter of a minute: what begins an alert now is younger than this. */
const LATELY_MS = 3_600_000;
/** Windows are planned by people. */
const PLANNED_MS = 60_000;

/** How much of the time that a service may fail is spent already. */
export class ServiceTargets {
  readonly #deps: ServiceTargetsDeps;
  #planned: { readonly range: Range; readonly of: ReadonlyMap<string, readonly Range[]> } | undefined;

  constructor(deps: ServiceTargetsDeps) {
    this.#deps = deps;
  }

  /** Those that are expected today, in the order of their ids. */
  list(): TargetedService[] {
    return this.#deps.services
      .latest()
      .flatMap(({ id, state, sinceMs, availabilityTargetPercent: targetPercent }) =>
        targetPercent === undefined ? [] : [{ id, targetPercent, state, sinceMs }],
      );
  }

  /** Of each width the time up to now. Reads the history of one service: some of a hundred microseconds. */
  timesOf(id: string, widthsMs: readonly number[], nowMs: number): readonly SpentTime[] {
    const ref = `service:${id}`;
    const range = { fromMs: nowMs - Math.max(...widthsMs), toMs: nowMs };
    const intervals = this.#deps.history.read([ref], range).get(ref) ?? [];
    return spentTimes(intervals, this.#plannedWithin(range).get(ref) ?? [], widthsMs, nowMs);
  }

  /** The last time within an hour in which a service was down that is over now, and what it came from; undefined: there was none. */
  lastFailureOf(id: string, nowMs: number): LastFailure | undefined {
    const ref = `service:${id}`;
    const intervals =
      this.#deps.history.read([ref], { fromMs: nowMs - LATELY_MS, toMs: nowMs }).get(ref) ?? [];
    return intervals.findLast(({ state }) => state === 'down');
  }

  #plannedWithin(range: Range): ReadonlyMap<string, readonly Range[]> {
    const known = this.#planned;
    const isGood =
      known !== undefined &&
      known.range.fromMs <= range.fromMs &&
      Math.abs(range.toMs - known.range.toMs) < PLANNED_MS;
    if (isGood) return known.of;
    const asked = { fromMs: range.fromMs - PLANNED_MS, toMs: range.toMs };
    this.#planned = {
      range: asked,
      of: this.#deps.planned({ fromMs: asked.fromMs, toMs: asked.toMs + PLANNED_MS }),
    };
    return this.#planned.of;
  }
}
