import type { Range } from '../states/history/state-intervals.ts';
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
