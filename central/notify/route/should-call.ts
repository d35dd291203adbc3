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

function isEscalatedTo({ channels, onCall, escalate = [] }: Route, channel: string): boolean {
  return [{ channels, onCall }, ...escalate].some(
    (target) =>
      target.channels.includes(channel) ||
      (target.onCall !== undefined && escalationTo(target.onCall.ref) === channel),
  );
}

/** Stands for a channel until the time has come: who is on call is asked then. No channel has such a name. */
export function escalationTo(ref: string): string {
  return `${ON_CALL}${ref}`;
}

const ON_CALL = 'onCall:';

export function isToOnCall(channel: string): boolean {
  return channel.startsWith(ON_CALL);
}

/** Pure. The channels that an escalation goes to at that time, Unix ms; none where no route has its calendar any more. */
export function channelsToCall(channel: string, routes: readonly Route[], atMs: number): readonly string[] {
  if (!isToOnCall(channel)) return [channel];
  const targets = routes.flatMap(({ onCall, escalate = [] }) => [
    onCall,
    ...escalate.map((step) => step.onCall),
  ]);
  return (
    targets
      .find((target) => target !== undefined && escalationTo(target.ref) === channel)
      ?.channelsAt(atMs) ?? []
  );
}
