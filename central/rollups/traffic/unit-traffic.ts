import type { Sample } from '../../../contract/sample.ts';
import { definedFields } from '../defined-fields.ts';
import type { PlannedLink } from './link-plan.ts';
import type { LinkTraffic, RoundTrips } from './live-traffic.ts';
import { median } from './median.ts';

/** Of a unit, or of all of them. */
export interface UnitTraffic {
  inBps: number | undefined;
  outBps: number | undefined;
  utilizationPct: number | undefined;
  links: number;
  measuredLinks: number;
}

interface Sums extends UnitTraffic {
  /** Something that passes through is not known: then the rest is not known either. */
  isUnclear: boolean;
}

/**
 * Pure. What each unit gets and sends over the lines that lead to it, less what it passes on to other units. Each line counts once. What is not
 * measured is in no sum; where nothing is, there is none. `links`: those that are in service.
 */
export function trafficByUnit(
  links: readonly PlannedLink[],
  traffic: ReadonlyMap<PlannedLink, LinkTraffic>,
): Map<string, UnitTraffic> {
  const units = new Map<string, Sums>();
  const of = (unit: string): Sums => {
    const known = units.get(unit);
    if (known !== undefined) return known;
    const sums = { ...NOTHING, isUnclear: false };
    units.set(unit, sums);
    return sums;
  };
  for (const link of links) {
    if (link.into === undefined) continue;
    const sums = of(link.into);
    const now = traffic.get(link);
    sums.links++;
    if (now === undefined || (now.inBps === undefined && now.outBps === undefined)) continue;
    sums.measuredLinks++;
    sums.inBps = plus(sums.inBps, now.inBps);
    sums.outBps = plus(sums.outBps, now.outBps);
    sums.utilizationPct = greater(sums.utilizationPct, now.utilizationPct);
  }
  for (const link of links) {
    if (link.outOf === undefined) continue;
    const sums = of(link.outOf);
    const now = traffic.get(link);
    if (now?.inBps === undefined || now.outBps === undefined) sums.isUnclear = true;
    else {
      sums.inBps = less(sums.inBps, now.inBps);
      sums.outBps = less(sums.outBps, now.outBps);
    }
  }
  for (const sums of units.values())
    if (sums.isUnclear) Object.assign(sums, { inBps: undefined, outBps: undefined });
  return units;
}

/** Pure. Of all units together. */
export function trafficOfAll(units: Iterable<UnitTraffic>): UnitTraffic {
  const all = { ...NOTHING };
  for (const { inBps, outBps, utilizationPct, links, measuredLinks } of units) {
    all.inBps = plus(all.inBps, inBps);
    all.outBps = plus(all.outBps, outBps);
    all.utilizationPct = greater(all.utilizationPct, utilizationPct);
    all.links += links;
    all.measuredLinks += measuredLinks;
  }
  return all;
}

/** Pure. undefined: nothing of it is measured, and no line leads to it. */
export function unitTrafficSample(
  unit: string,
  traffic: UnitTraffic | undefined,
  trips: RoundTrips | undefined,
  minuteMs: number,
): Sample | undefined {
  const fields = definedFields({
    in_bps: traffic?.inBps,
    out_bps: traffic?.outBps,
    utilization_pct: traffic?.utilizationPct,
    latency_ms: median(trips?.rttMs ?? []),
    loss_pct: median(trips?.lossPct ?? []),
    links_count: traffic?.links,
    links_measured_count: traffic?.measuredLinks,
  });
  if (Object.keys(fields).length === 0) return undefined;
  return { measurement: 'unit_traffic', tags: { unit }, fields, timeMs: minuteMs };
}

/** As `city_state` has them. */
export function rateFields({ inBps, outBps }: UnitTraffic): Readonly<Record<string, number>> {
  return definedFields({ in_bps: inBps, out_bps: outBps });
}

const NOTHING: UnitTraffic = {
  ...{ inBps: undefined, outBps: undefined, utilizationPct: undefined },
  ...{ links: 0, measuredLinks: 0 },
};

function plus(sum: number | undefined, value: number | undefined): number | undefined {
  return value === undefined ? sum : (sum ?? 0) + value;
}

/** The ports of two lines are not read at the same instant: never below 0. */
function less(sum: number | undefined, value: number): number | undefined {
  return sum === undefined ? undefined : Math.max(0, sum - value);
}

function greater(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
