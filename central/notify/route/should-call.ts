import { heldUntil, takes, type Route, type RoutedAlert } from './should-tell.ts';

/** A channel that is to hear of an alert later than others. */
export interface LaterCall {
  readonly channel: string;
  /** `second`: of routes that name it so. `escalation`: also of those that lead to it. */
  readonly as: 'second' | 'escalation';
}

/**
 * Pure. When the routes let the channel hear of the alert as it is now, Unix ms: not within quiet hours. Undefined: none
 * that names the channel takes it any more. Days and hours do not count: they go by when an alert begins.
 */
export function shouldCallAtMs(
  alert: RoutedAlert,
  { channel, as }: LaterCall,
  routes: readonly Route[],
  nowMs: number,
  timeZone: string,
): number | undefined {
  const times = routes
    .filter((route) => takes(route, alert) && (as === 'second' ? isSecond : isEscalatedTo)(route, channel))
    .map((route) => heldUntil(route, alert.severity, nowMs, timeZone));
  return times.length === 0 ? undefined : Math.min(...times);
}

function isSecond({ second }: Route, channel: string): boolean {
  return second?.channel === channel;
}

function isEscalatedTo({ channels, escalate = [] }: Route, channel: string): boolean {
  return channels.includes(channel) || escalate.some((step) => step.channels.includes(channel));
}
