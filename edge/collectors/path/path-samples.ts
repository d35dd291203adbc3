import type { FieldValue, Sample } from '../../../contract/sample.ts';
import { RESULT } from '../../protocols/ping/burst.ts';
import type { Measured } from './measure.ts';
import { qualityFields } from '../../protocols/ping/quality.ts';
import { routerCount, type Break, type Hop, type Route } from './route.ts';
import type { TraceReason } from './trace-reason.ts';

export interface TraceResult {
  readonly reason: TraceReason;
  readonly route: Route;
  readonly isOtherRoute: boolean;
}

type Fields = Record<string, FieldValue>;

/** Fields of `path`. Without a measurement loss is absent too: nothing is known of the target. */
export function pathFields(
  measured: Measured | undefined,
  found: { readonly trace?: TraceResult | undefined; readonly break?: Break | undefined },
): Fields {
  if (measured === undefined) return { result_code: RESULT.failed };
  const { method, burst } = measured;
  return {
    result_code: burst.received > 0 ? RESULT.answered : RESULT.noAnswer,
    method,
    ...qualityFields(burst),
    ...(found.trace !== undefined && traceFields(found.trace)),
    ...(found.break !== undefined && breakFields(found.break)),
  };
}

function traceFields({ reason, route, isOtherRoute }: TraceResult): Fields {
  const routers = routerCount(route);
  return {
    trace_reason: reason,
    route_changed: isOtherRoute,
    ...(routers !== undefined && { hops: routers }),
  };
}

function breakFields({ hop, after, before, reason }: Break): Fields {
  return {
    break_hop: hop,
    break_reason: reason,
    ...(after !== undefined && { break_after: after }),
    ...(before !== undefined && { break_before: before }),
  };
}

/** A sample of `path_hop` for each hop of a traced route. */
export function hopSamples(route: Route, tags: Sample['tags'], timeMs: number): Sample[] {
  return route.hops.map((hop) => ({
    measurement: 'path_hop',
    tags: { ...tags, hop: String(hop.hop) },
    fields: hopFields(hop),
    timeMs,
  }));
}

function hopFields({ addresses, rttsMs, probes, lost }: Hop): Fields {
  return {
    ...(addresses.length > 0 && { address: addresses.join(' ') }),
    ...(rttsMs.length > 0 && { latency_ms: Math.min(...rttsMs) }),
    ...(probes > 0 && { loss_pct: (100 * lost) / probes }),
  };
}
