import type { Clock } from '../../runtime/clock.ts';
import type { OwnSamples } from '../samples/own-samples.ts';
import { alarmQualitySamples, type AlarmFigures } from './alarm-quality.ts';

export interface AlarmQualityRollupDeps {
  readonly alerts: {
    active(): readonly { readonly startedAtMs: number; readonly phase: string }[];
    statistics(range: { readonly fromMs: number; readonly toMs: number }): AlarmFigures;
  };
  /** undefined: there is no calendar. */
  readonly peopleOnCall: (atMs: number) => number | undefined;
  readonly own: OwnSamples;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
}

const DAY_MS = 86_400_000;
const TEN_MINUTES_MS = 600_000;

/** Writes how many alarms people get and how fast they are handled. The figures of a day are at most ten minutes old: in a flood they take long. */
export class AlarmQualityRollup {
  readonly #deps: AlarmQualityRollupDeps;
  #day: AlarmFigures | undefined;
  #dayReadMs = -Infinity;

  constructor(deps: AlarmQualityRollupDeps) {
    this.#deps = deps;
  }

  /** Each minute. */
  write(): void {
    const { alerts, peopleOnCall, own, clock } = this.#deps;
    const atMs = clock.now();
    const active = alerts.active();
    own.write(
      alarmQualitySamples({
        ...{ atMs, day: this.#dayUntil(atMs), peopleOnCall: peopleOnCall(atMs) },
        recent: alerts.statistics({ fromMs: atMs - TEN_MINUTES_MS, toMs: atMs }),
        chattering: active.filter(({ phase }) => phase === 'flapping').length,
        stale: active.filter(({ startedAtMs }) => startedAtMs < atMs - DAY_MS).length,
      }),
    );
  }

  #dayUntil(atMs: number): AlarmFigures {
    const { alerts, clock } = this.#deps;
    const sinceMs = clock.monotonicMs() - this.#dayReadMs;
    if (this.#day !== undefined && sinceMs < TEN_MINUTES_MS) return this.#day;
    this.#dayReadMs = clock.monotonicMs();
    this.#day = alerts.statistics({ fromMs: atMs - DAY_MS, toMs: atMs });
    return this.#day;
  }
}
