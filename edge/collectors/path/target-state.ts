import type { Sample } from '../../../contract/sample.ts';
import { hopSamples, pathFields, type TraceResult } from './path-samples.ts';
import type { Measured, Method } from './measure.ts';
import { isOtherRoute, locateBreak, routeOf, type Break, type Hop, type Route } from './route.ts';
import { targetTags, type PathTarget } from './target.ts';
import { traceReason, type Condition, type Traced, type TraceReason } from './trace-reason.ts';

/** After this the methods are tried in their configured order again. */
const METHOD_RECHECK_MS = 3_600_000;

/** State of one target between runs. Pure: no I/O, times are monotonic. */
export class TargetState {
  readonly target: PathTarget;
  #answeredBy: { readonly method: Method; readonly sinceMs: number } | undefined;
  #traced: Traced | undefined;
  #goodRoute: Route | undefined;
  #break: Break | undefined;

  constructor(target: PathTarget) {
    this.target = target;
  }

  /** The method that was answered last, for an hour. */
  methodToTryFirst(nowMs: number): Method | undefined {
    const known = this.#answeredBy;
    return known === undefined || nowMs - known.sinceMs > METHOD_RECHECK_MS ? undefined : known.method;
  }

  /** Records a burst; returns why the route should be traced, if it should. */
  recordBurst(measured: Measured, traceLossPct: number, nowMs: number): TraceReason | undefined {
    const { method, burst } = measured;
    if (burst.received > 0) {
      this.#break = undefined;
      const isNew = this.methodToTryFirst(nowMs) !== method;
      if (isNew) this.#answeredBy = { method, sinceMs: nowMs };
    }
    return traceReason(conditionOf(measured, traceLossPct), this.#traced, nowMs);
  }

  /** Also after a failed trace, so that it is not retried at once. */
  recordTrace(measured: Measured, traceLossPct: number, nowMs: number): void {
    this.#traced = { ...conditionOf(measured, traceLossPct), atMs: nowMs };
  }

  /** `address`: the target's own, to know whether it was reached. */
  recordRoute(
    measured: Measured,
    reason: TraceReason,
    seen: { hops: readonly Hop[]; address: string },
  ): TraceResult {
    const route = routeOf(seen.hops, seen.address);
    const before = this.#goodRoute;
    const answered = measured.burst.received > 0;
    if (answered) this.#goodRoute = route;
    else this.#break = locateBreak(route, before);
    return { reason, route, isOtherRoute: answered && before !== undefined && isOtherRoute(before, route) };
  }

  samples(
    measured: Measured | undefined,
    trace: TraceResult | undefined,
    at: { readonly commonTags: Sample['tags']; readonly timeMs: number },
  ): Sample[] {
    const tags = { ...at.commonTags, ...targetTags(this.target) };
    const fields = pathFields(measured, { trace, break: measured === undefined ? undefined : this.#break });
    return [
      { measurement: 'path', tags, fields, timeMs: at.timeMs },
      ...(trace === undefined ? [] : hopSamples(trace.route, tags, at.timeMs)),
    ];
  }
}

function conditionOf({ method, burst }: Measured, traceLossPct: number): Condition {
  const answered = burst.rttsMs.filter((rtt) => rtt !== undefined);
  const lossPct = (100 * (burst.transmitted - burst.received)) / burst.transmitted;
  return {
    method,
    isLossy: lossPct >= traceLossPct,
    ...(burst.ttl !== undefined && { ttl: burst.ttl }),
    ...(answered.length > 0 && { latencyMinMs: Math.min(...answered) }),
  };
}
