import type { Sample } from '../../contract/sample.ts';
import type { CityModel } from '../city/city.ts';
import type { Fault, FaultKind, Faults, FaultTrack } from '../city/faults.ts';
import type { DemoFault, DemoKind } from './demo-fault.ts';

/** What the model of the city has already. */
const CITY_KINDS: Partial<Readonly<Record<DemoKind, FaultKind>>> = {
  'fibre-cut': 'hub_uplink_cut',
  'power-cut': 'site_power_cut',
  '5g-dip': 'coverage_dip',
  'storage-filling': 'disk_filling',
};
const DAY_S = 86_400;
const CLOCK_BEHIND_MS = 400_000;
const EXPIRING_S = 2 * DAY_S;
const RENEWED_S = 89 * DAY_S;

/** Faults that a person asked for, on top of those that a city has anyway. They change while it runs. */
export class DemoFaults {
  #list: readonly DemoFault[] = [];

  /** All that are under way or over, each time. */
  set(list: readonly DemoFault[]): void {
    this.#list = list;
  }

  /** The faults of the city, and these. */
  over(faults: Faults): Faults {
    return {
      track: (kind, target) => this.#trackOver(faults.track(kind, target), kind, target),
      between: (fromMs, toMs) =>
        [...faults.between(fromMs, toMs), ...this.#cityFaults()]
          .filter((fault) => fault.fromMs < toMs && fault.toMs > fromMs)
          .sort((a, b) => a.fromMs - b.fromMs),
    };
  }

  /** The city with what its model has no faults for. */
  applyTo(model: CityModel): CityModel {
    const isDead = (agent: string, timeMs: number): boolean => this.#has('gateway-dead', agent, timeMs);
    return {
      ...model,
      conditionAt: (agent, timeMs) => (isDead(agent, timeMs) ? 'dark' : model.conditionAt(agent, timeMs)),
      samplesAt: (agent, timeMs) => {
        if (isDead(agent, timeMs)) return undefined;
        const measured = model.samplesAt(agent, timeMs);
        if (measured === undefined) return undefined;
        const samples = [...measured, ...this.#certificatesOf(agent, timeMs)];
        const offsetMs = this.clockOffsetMs(agent, timeMs);
        return offsetMs === 0
          ? samples
          : samples.map((sample) => ({ ...sample, timeMs: sample.timeMs + offsetMs }));
      },
    };
  }

  /** The agent's clock − the right time. */
  clockOffsetMs(agent: string, timeMs: number): number {
    return this.#has('clock-wrong', agent, timeMs) ? -CLOCK_BEHIND_MS : 0;
  }

  /** Once it was looked at, it is looked at for good: one that is no longer measured would stand as it was. */
  #certificatesOf(agent: string, timeMs: number): Sample[] {
    const isKnown = this.#list.some(
      ({ kind, target, fromMs }) => kind === 'certificate-expiring' && target === agent && fromMs <= timeMs,
    );
    if (!isKnown) return [];
    const expiry = this.#has('certificate-expiring', agent, timeMs) ? EXPIRING_S : RENEWED_S;
    const tags = { host: agent, source: `https://${agent}:443`, common_name: agent, type: 'leaf' };
    return [{ measurement: 'x509_cert', tags, fields: { expiry }, timeMs }];
  }

  #has(kind: DemoKind, target: string, timeMs: number): boolean {
    return this.#list.some((fault) => fault.kind === kind && fault.target === target && isOn(fault, timeMs));
  }

  #cityFaults(): Fault[] {
    return this.#list.flatMap(({ kind, target, fromMs, toMs }) => {
      const own = CITY_KINDS[kind];
      return own === undefined ? [] : [{ kind: own, target, fromMs, toMs }];
    });
  }

  #trackOver(track: FaultTrack, kind: FaultKind, target: string): FaultTrack {
    const own = (): Fault[] =>
      this.#list.length === 0
        ? []
        : this.#cityFaults().filter((fault) => fault.kind === kind && fault.target === target);
    return {
      at: (timeMs) => own().find((fault) => isOn(fault, timeMs)) ?? track.at(timeMs),
      endedBy: (timeMs) => {
        const ended = [...own().filter((fault) => fault.toMs <= timeMs), track.endedBy(timeMs)];
        return ended.reduce((last, fault) =>
          last === undefined || (fault !== undefined && fault.toMs > last.toMs) ? fault : last,
        );
      },
    };
  }
}

function isOn({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }, timeMs: number): boolean {
  return timeMs >= fromMs && timeMs < toMs;
}
