import { localClock, type LocalClock } from '../../../runtime/time-zone.ts';
import type { OnCallTarget } from '../route/should-tell.ts';
import { onCallAt, type Layer } from './layer.ts';
import { shiftsBetween } from './shifts.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly channels: readonly string[];
}

export interface Calendar {
  readonly name: string;
  readonly timeZone: string;
  readonly layers: readonly Layer[];
}

/** Nobody of a target of the routes is on call: all of its people are told then. Times are Unix ms; `toMs` is not in it. */
export interface Gap {
  readonly calendar: string;
  /** Of this layer alone; undefined: of the whole calendar. */
  readonly layer?: string;
  readonly timeZone: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface LayerView {
  readonly calendar: string;
  readonly timeZone: string;
  readonly layer: string;
  /** undefined: nobody is on call. */
  readonly person?: Person;
  readonly isOverride: boolean;
  /** When that changes, Unix ms; undefined: not within the next weeks. */
  readonly untilMs?: number;
  readonly next?: Person;
}

const DAY_MS = 86_400_000;
/** For so long gaps are looked for. */
export const GAPS_WITHIN_MS = 90 * DAY_MS;
/** To find gaps takes long: what was found for an hour is kept, of so many hours. */
const HOUR_MS = 3_600_000;
const HOURS_KEPT = 4;
/** Of a weekly turn, the next one is to be seen. */
const NEXT_WITHIN_MS = 15 * DAY_MS;

/** Who is on call, by calendar. */
export class OnCallCalendars {
  readonly #people: ReadonlyMap<string, Person>;
  readonly #calendars: readonly (Calendar & { readonly clock: LocalClock })[];
  readonly #called: readonly string[];
  /** By the start of the hour, Unix ms. */
  readonly #kept = new Map<number, readonly Gap[]>();

  /** `called`: calendars, and layers as `calendar/layer`, that routes and escalations name. */
  constructor(people: readonly Person[], calendars: readonly Calendar[], called: readonly string[] = []) {
    this.#called = [...new Set(called)];
    this.#people = new Map(people.map((person) => [person.id, person]));
    this.#calendars = calendars.map((calendar) => ({ ...calendar, clock: localClock(calendar.timeZone) }));
  }

  get isEmpty(): boolean {
    return this.#calendars.length === 0;
  }

  /** `ref`: a calendar, or one of its layers as `calendar/layer`; undefined: there is none. */
  target(ref: string): OnCallTarget | undefined {
    const found = this.#find(ref);
    if (found === undefined) return undefined;
    const { calendar, layers } = found;
    const channelsOf = (people: readonly string[]): readonly string[] => [
      ...new Set(people.flatMap((id) => this.#people.get(id)?.channels ?? [])),
    ];
    const everybody = channelsOf(
      layers.flatMap(({ people, overrides }) => [...people, ...overrides.map(({ person }) => person)]),
    );
    return {
      ref,
      everybody,
      channelsAt: (atMs) => {
        const present = layers.flatMap((each) => onCallAt(each, atMs, calendar.clock)?.person ?? []);
        // Rather too many than nobody.
        return present.length === 0 ? everybody : channelsOf(present);
      },
    };
  }

  /** Of each layer of each calendar. */
  at(atMs: number): readonly LayerView[] {
    return this.#calendars.flatMap(({ name, timeZone, layers, clock }) =>
      layers.map((layer) => {
        const [now, next] = shiftsBetween(layer, atMs, atMs + NEXT_WITHIN_MS, clock);
        const person = this.#person(now?.onCall?.person);
        const nextPerson = this.#person(next?.onCall?.person);
        return {
          calendar: name,
          timeZone,
          layer: layer.name,
          isOverride: now?.onCall?.isOverride ?? false,
          ...(person !== undefined && { person }),
          ...(next !== undefined && { untilMs: next.fromMs }),
          ...(nextPerson !== undefined && { next: nextPerson }),
        };
      }),
    );
  }

  /** How many different people are on call at that instant, of all calendars. */
  countAt(atMs: number): number {
    const present = this.#calendars.flatMap(({ layers, clock }) =>
      layers.flatMap((layer) => onCallAt(layer, atMs, clock)?.person ?? []),
    );
    return new Set(present).size;
  }

  /** When nobody is on call of what a route or an escalation calls, within the next 90 days: of each target for itself, in order. */
  gaps(fromMs: number): readonly Gap[] {
    const toMs = fromMs + GAPS_WITHIN_MS;
    return this.#gapsOfHour(Math.floor(fromMs / HOUR_MS) * HOUR_MS).flatMap((gap) => {
      const part = { ...gap, fromMs: Math.max(gap.fromMs, fromMs), toMs: Math.min(gap.toMs, toMs) };
      return part.fromMs < part.toMs ? [part] : [];
    });
  }

  /** All that may be asked for at an instant of that hour. */
  #gapsOfHour(hourMs: number): readonly Gap[] {
    const kept = this.#kept.get(hourMs);
    if (kept !== undefined) return kept;
    const found = this.#findGaps(hourMs, hourMs + HOUR_MS + GAPS_WITHIN_MS);
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= HOURS_KEPT) this.#kept.delete(oldest);
    this.#kept.set(hourMs, found);
    return found;
  }

  #findGaps(fromMs: number, toMs: number): readonly Gap[] {
    return this.#called.flatMap((ref) => {
      const found = this.#find(ref);
      if (found === undefined) return [];
      const { calendar, layer, layers } = found;
      const open = layers.map((each) =>
        shiftsBetween(each, fromMs, toMs, calendar.clock).filter(({ onCall }) => onCall === undefined),
      );
      const [first = [], ...others] = open;
      return others
        .reduce<readonly Span[]>((gaps, more) => common(gaps, more), first)
        .map((gap) => ({
          calendar: calendar.name,
          ...(layer !== undefined && { layer }),
          timeZone: calendar.timeZone,
          fromMs: gap.fromMs,
          toMs: gap.toMs,
        }));
    });
  }

  #find(ref: string) {
    const [name, layer] = ref.split('/');
    const calendar = this.#calendars.find((each) => each.name === name);
    const layers = (calendar?.layers ?? []).filter((each) => layer === undefined || each.name === layer);
    return calendar === undefined || layers.length === 0 ? undefined : { calendar, layer, layers };
  }

  #person(id: string | undefined): Person | undefined {
    return id === undefined ? undefined : this.#people.get(id);
  }
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Pure. What is in both; each is in order. */
function common(left: readonly Span[], right: readonly Span[]): readonly Span[] {
  return left.flatMap((a) =>
    right.flatMap((b) => {
      const both = { fromMs: Math.max(a.fromMs, b.fromMs), toMs: Math.min(a.toMs, b.toMs) };
      return both.fromMs < both.toMs ? [both] : [];
    }),
  );
}
