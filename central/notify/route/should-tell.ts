import { isCanary } from '../../alerts/history/canary-alarm.ts';
import type { CutOffPlaces } from '../../alerts/incidents/incident-view.ts';
import type { Severity } from '../../alerts/rules/severity.ts';
import type { Belonging, OwnerRoute } from './alert-owners.ts';
import { endOf, isWithin, type DayTime, type Weekday } from './time-of-day.ts';

/** What is not given takes everything. */
export interface Route extends OwnerRoute {
  readonly name: string;
  readonly severities?: readonly Severity[] | undefined;
  /** Ids, or their beginning with `*`. */
  readonly rules?: readonly string[] | undefined;
  /** Codes. */
  readonly units?: readonly string[] | undefined;
  readonly sites?: readonly string[] | undefined;
  /** When an alert begins, in the time zone of central. */
  readonly days?: readonly Weekday[] | undefined;
  readonly hours?: DayTime | undefined;
  /** What is not critical waits until they are over. */
  readonly quietHours?: DayTime | undefined;
  readonly channels: readonly string[];
  /** Told beside them. */
  readonly onCall?: OnCallTarget | undefined;
  /** Takes the canary, which no other route takes, and nothing else. */
  readonly isForCanary?: boolean;
  /** Told as well when one of `channels` has not delivered for so long. */
  readonly second?: { readonly channel: string; readonly afterMs: number } | undefined;
  /** Told as well when the alert is still open and not acknowledged after so long. */
  readonly escalate?: readonly EscalationStep[] | undefined;
}

export interface EscalationStep {
  readonly afterMs: number;
  readonly channels: readonly string[];
  readonly onCall?: OnCallTarget | undefined;
}

/** Whoever is on call by a calendar, or a layer of one. */
export interface OnCallTarget {
  /** Such as `network` or `network/first`. */
  readonly ref: string;
  /** Of all who may be on call. */
  readonly everybody: readonly string[];
  /** Of those who are on call then, Unix ms; of everybody where nobody is. */
  channelsAt(atMs: number): readonly string[];
}

export interface RouteMatch {
  readonly channel: string;
  /** Unix ms. */
  readonly notBeforeMs: number;
  readonly second?: NonNullable<Route['second']>;
  /** It is told because of whoever is on call, and of nothing else. */
  readonly onCall?: string;
  /** Of all routes that lead to it. */
  readonly escalate: readonly EscalationStep[];
}

export interface RoutedAlert extends Belonging {
  readonly rule: string;
  readonly severity: Severity;
  readonly unit?: string | undefined;
  readonly site?: string | undefined;
  /** Of the alert that stands for an incident: whoever is responsible for something that hangs on it hears of it, too. */
  readonly cutOff?: CutOffPlaces | undefined;
}

/** Why nobody is told; the API gives it. */
export type UntoldReason = 'no route takes it';

/**
 * Pure. The channels that are to hear of the alert, each once: all routes that take it count. `beganMs`: what days and
 * hours go by; quiet hours go by `nowMs`. Both Unix ms.
 */
export function shouldTell(
  alert: RoutedAlert,
  routes: readonly Route[],
  nowMs: number,
  timeZone: string,
  beganMs = nowMs,
): readonly RouteMatch[] | UntoldReason {
  const matches = new Map<string, RouteMatch>();
  for (const route of routes) {
    if (!takes(route, alert) || !isWithin(route, beganMs, timeZone)) continue;
    const notBeforeMs = heldUntil(route, alert.severity, nowMs, timeZone);
    const onCall = route.onCall?.channelsAt(notBeforeMs) ?? [];
    for (const channel of new Set([...route.channels, ...onCall])) {
      const before = matches.get(channel);
      const second = before?.second ?? route.second;
      const isByName =
        route.channels.includes(channel) || (before !== undefined && before.onCall === undefined);
      matches.set(channel, {
        channel,
        notBeforeMs: Math.min(notBeforeMs, before?.notBeforeMs ?? Infinity),
        ...(second !== undefined && { second }),
        ...(!isByName && route.onCall !== undefined && { onCall: route.onCall.ref }),
        escalate: [...(before?.escalate ?? []), ...(route.escalate ?? [])],
      });
    }
  }
  return matches.size === 0 ? 'no route takes it' : [...matches.values()];
}

/** Pure. Unix ms. */
export function heldUntil(
  { quietHours }: Route,
  severity: Severity,
  nowMs: number,
  timeZone: string,
): number {
  if (quietHours === undefined || severity === 'critical') return nowMs;
  return endOf(quietHours, nowMs, timeZone) ?? nowMs;
}

/** Pure. Whatever its days and hours. */
export function takes(
  { severities, rules, units, sites, agencies, services, isForCanary = false }: Route,
  alert: RoutedAlert,
): boolean {
  const { cutOff } = alert;
  return (
    isForCanary === isCanary(alert) &&
    isListed(severities, alert.severity) &&
    (rules?.some((pattern) => fits(pattern, alert.rule)) ?? true) &&
    (isListed(units, alert.unit) || isAmong(units, cutOff?.units)) &&
    (isListed(sites, alert.site) || isAmong(sites, cutOff?.sites)) &&
    (isListed(agencies, alert.agency) || isAmong(agencies, cutOff?.agencies)) &&
    (services === undefined ||
      isAmong(services, cutOff?.services) ||
      services.some((service) => alert.services?.includes(service) === true))
  );
}

function isListed<T>(list: readonly T[] | undefined, value: T | undefined): boolean {
  return list === undefined || (value !== undefined && list.includes(value));
}

function isAmong(list: readonly string[] = [], found: ReadonlySet<string> | undefined): boolean {
  return found !== undefined && list.some((each) => found.has(each));
}

function fits(pattern: string, rule: string): boolean {
  return pattern.endsWith('*') ? rule.startsWith(pattern.slice(0, -1)) : rule === pattern;
}
