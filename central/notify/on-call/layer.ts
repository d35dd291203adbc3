import type { LocalClock } from '../../../runtime/time-zone.ts';
import { WEEKDAYS, type DayTime, type Weekday } from '../route/time-of-day.ts';

/** One rotation: at each instant exactly one person of it is on call, or there is a gap. */
export interface Layer {
  readonly name: string;
  /** In the order of their turns; the first one's begins at the first handover. */
  readonly people: readonly string[];
  /** Local day of the first handover, counted from 1970-01-01. Before it nobody is on call. */
  readonly firstDay: number;
  readonly turnDays: 1 | 7;
  readonly handoverMinute: number;
  /** What is not given is at any time; outside there is a gap. What goes over midnight belongs to the day on which it begins. */
  readonly days?: readonly Weekday[] | undefined;
  readonly hours?: DayTime | undefined;
  /** None overlaps another. */
  readonly overrides: readonly Override[];
}

/** Times are Unix ms; `toMs` is not in it. */
export interface Override {
  readonly person: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Who is on call. */
export interface OnCall {
  readonly person: string;
  readonly isOverride: boolean;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Pure. Who is on call at that instant, Unix ms; undefined: nobody. */
export function onCallAt(layer: Layer, atMs: number, clock: LocalClock): OnCall | undefined {
  const override = layer.overrides.find(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
  if (override !== undefined) return { person: override.person, isOverride: true };
  if (!isCovered(layer, atMs, clock)) return undefined;
  const person = personOf(layer, turnAt(layer, atMs, clock));
  return person === undefined ? undefined : { person, isOverride: false };
}

/** Pure. The number of the turn, from 0 on; below 0: before the first. A handover is at one instant, also where clocks show its time twice or not at all. */
export function turnAt(layer: Layer, atMs: number, clock: LocalClock): number {
  const { firstDay, turnDays } = layer;
  let turn = Math.floor((dayOf(atMs, clock) - firstDay) / turnDays);
  while (handoverMs(layer, turn, clock) > atMs) turn--;
  while (handoverMs(layer, turn + 1, clock) <= atMs) turn++;
  return turn;
}

/** Pure. When the turn begins, Unix ms. */
export function handoverMs(
  { firstDay, turnDays, handoverMinute }: Layer,
  turn: number,
  clock: LocalClock,
): number {
  return instantOf(firstDay + turn * turnDays, handoverMinute, clock);
}

/** Pure. Instants between the two at which somebody else may be on call, in order. Unix ms. */
export function edgesBetween(
  layer: Layer,
  fromMs: number,
  toMs: number,
  clock: LocalClock,
): readonly number[] {
  const { firstDay, turnDays, handoverMinute, days, hours, overrides } = layer;
  const edges = new Set(overrides.flatMap((override) => [override.fromMs, override.toMs]));
  const lastDay = dayOf(toMs, clock) + 1;
  for (let day = dayOf(fromMs, clock) - 1; day <= lastDay; day++) {
    if ((day - firstDay) % turnDays === 0) edges.add(instantOf(day, handoverMinute, clock));
    for (const edge of hours === undefined ? [] : [hours.fromMinute, hours.toMinute])
      edges.add(instantOf(day, edge, clock));
    if (days !== undefined && hours === undefined) edges.add(instantOf(day, 0, clock));
  }
  return [...edges].filter((atMs) => atMs > fromMs && atMs < toMs).sort((a, b) => a - b);
}

/** Pure. Days from 1970-01-01 to the local day of that instant. */
export function dayOf(atMs: number, clock: LocalClock): number {
  const { year, month, day } = clock.timeAt(atMs);
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** Pure. When the clocks show that minute of that day, Unix ms. */
export function instantOf(day: number, minute: number, clock: LocalClock): number {
  const date = new Date(day * DAY_MS);
  return clock.msOf({
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    clockMs: minute * MINUTE_MS,
  });
}

function isCovered({ days, hours }: Layer, atMs: number, clock: LocalClock): boolean {
  if (days === undefined && hours === undefined) return true;
  const today = dayOf(atMs, clock);
  return [today - 1, today].some((day) => {
    if (days?.includes(weekdayOf(day)) === false) return false;
    const { fromMinute, toMinute } = hours ?? { fromMinute: 0, toMinute: 0 };
    const lastDay = toMinute <= fromMinute ? day + 1 : day;
    return atMs >= instantOf(day, fromMinute, clock) && atMs < instantOf(lastDay, toMinute, clock);
  });
}

function personOf({ people }: Layer, turn: number): string | undefined {
  return turn < 0 ? undefined : people[turn % people.length];
}

/** 1970-01-01 was a Thursday. */
function weekdayOf(day: number): Weekday {
  return WEEKDAYS[(((day + 4) % 7) + 7) % 7] ?? 'sun';
}
