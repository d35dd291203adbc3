/** Answers from one distance. */
export interface Hop {
  readonly hop: number;
  /** Routers that answered, in the order seen: several with load balancing, none without an answer. */
  readonly addresses: readonly string[];
  readonly rttsMs: readonly number[];
  readonly probes: number;
  readonly lost: number;
  /** A router here reports that it cannot or may not forward. */
  readonly refusal?: Refusal;
}

export type Refusal = 'host unreachable' | 'network unreachable' | 'protocol unreachable' | 'filtered';

/** The route to a target as far as it answered; what is silent behind the last answer is left out. */
export interface Route {
  readonly hops: readonly Hop[];
  /** The last hop is the target itself. */
  readonly reached: boolean;
}

/** Where a route ends before its target. */
export interface Break {
  /** The first hop that should answer and does not, or that refuses. Hop 1 is the first router. */
  readonly hop: number;
  /** The last router that still answers; undefined when not even the first does. */
  readonly after?: string;
  /** The router at `hop` when the target was last reached. */
  readonly before?: string;
  readonly reason: 'silence' | Refusal;
}

/** In the order of distance, as far as the target, the first refusal or the last answer. Pure. */
export function routeOf(seen: readonly Hop[], target: string): Route {
  const hops = seen.toSorted((a, b) => a.hop - b.hop);
  const end = hops.findIndex(({ addresses, refusal }) => refusal !== undefined || addresses.includes(target));
  if (end >= 0) return { hops: hops.slice(0, end + 1), reached: hops[end]?.refusal === undefined };
  const last = hops.findLastIndex(({ addresses }) => addresses.length > 0);
  return { hops: hops.slice(0, last + 1), reached: false };
}

/** Without this machine's own addresses, which traces name when its network refuses to send. Pure. */
export function withoutAddresses(
  hops: readonly Hop[],
  own: readonly string[],
  target: string,
): readonly Hop[] {
  return hops.map((hop) => ({
    ...hop,
    addresses: hop.addresses.filter((address) => address === target || !own.includes(address)),
  }));
}

/** Routers between here and the target; undefined when it was not reached. */
export function routerCount(route: Route): number | undefined {
  const last = route.hops.at(-1);
  return route.reached && last !== undefined ? last.hop - 1 : undefined;
}

/** True when they differ in length, or share no router at a distance where both have answers. */
export function isOtherRoute(before: Route, now: Route): boolean {
  if (before.reached && now.reached && routerCount(before) !== routerCount(now)) return true;
  const known = new Map(before.hops.map(({ hop, addresses }) => [hop, addresses]));
  return now.hops.some(({ hop, addresses, refusal }) => {
    const earlier = known.get(hop) ?? [];
    if (refusal !== undefined || earlier.length === 0 || addresses.length === 0) return false;
    return !addresses.some((address) => earlier.includes(address));
  });
}

/**
 * Where the route breaks; undefined when the target was reached. Routers that never answer are no break: `good`, the route
 * when the target was last reached, distinguishes them from those that stopped answering. Pure.
 */
export function locateBreak(now: Route, good: Route | undefined): Break | undefined {
  if (now.reached) return undefined;
  const refusing = now.hops.find(({ refusal }) => refusal !== undefined);
  const last = now.hops.findLast(({ refusal, addresses }) => refusal === undefined && addresses.length > 0);
  const after = last?.addresses[0];
  const next = good?.hops.find(({ hop, addresses }) => hop > (last?.hop ?? 0) && addresses.length > 0);
  const refuser = refusing?.addresses[0];
  const before = refuser === undefined || refuser === after ? next?.addresses[0] : refuser;
  // Refusals are rate-limited: one may come only for a later probe, but it is the next router that sends it.
  const hop = refusing === undefined ? next?.hop : undefined;
  return {
    hop: hop ?? (last?.hop ?? 0) + 1,
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
    reason: refusing?.refusal ?? 'silence',
  };
}
