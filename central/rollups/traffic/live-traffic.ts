import type { FieldValue } from '../../../contract/sample.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { Freshness, type Senders } from '../../live/freshness.ts';
import type { LatestCache, LookAtSeries, NewestRow } from '../../live/latest-cache.ts';
import type { Series } from '../../samples/series.ts';
import { nextTurn } from '../slices.ts';
import type { LinkPlan, PlannedLink, PortOfLink } from './link-plan.ts';

export interface LiveTrafficDeps {
  readonly latest: Pick<LatestCache, 'walk'>;
  readonly registry: Senders;
  readonly inventory: Pick<Inventory, 'devices'>;
}

/** Of one link, in the direction of its target. */
export interface LinkTraffic {
  readonly inBps: number | undefined;
  readonly outBps: number | undefined;
  /** Of the busier direction. */
  readonly utilizationPct: number | undefined;
}

/** What pings of devices found. */
export interface RoundTrips {
  readonly rttMs: number[];
  readonly lossPct: number[];
}

/** What is measured now; of what is not measured there is nothing. */
export interface TrafficNow {
  readonly links: ReadonlyMap<PlannedLink, LinkTraffic>;
  /** By site and by unit of the device that measures. */
  readonly bySite: ReadonlyMap<string, RoundTrips>;
  readonly byUnit: ReadonlyMap<string, RoundTrips>;
}

interface Reading extends LinkTraffic {
  readonly measuredAtMs: number;
}

type Ends = { [end in PortOfLink['end']]?: Reading };

/** Series looked at between two turns of everything else: some 2 ms. */
const SERIES_AT_ONCE = 2_500;
/** Speeds are nominal; what is above is no measurement of this line. */
const MAX_UTILIZATION_PCT = 110;

/** The newest values of the ports of links and of pings that are at most three intervals old. */
export async function readTraffic(
  { latest, registry, inventory }: LiveTrafficDeps,
  { ports }: LinkPlan,
  nowMs: number,
  signal: AbortSignal,
): Promise<TrafficNow> {
  const freshness = new Freshness(registry, nowMs);
  const found = new Map<PlannedLink, Ends>();
  const bySite = new Map<string, RoundTrips>();
  const byUnit = new Map<string, RoundTrips>();

  const lookAtPort: LookAtSeries = (series, row, tagNames) => {
    const port = ports.get(tagOf(series, tagNames, 'device'))?.get(tagOf(series, tagNames, 'interface'));
    const agent = tagOf(series, tagNames, 'agent');
    if (port === undefined || !freshness.isCurrent(agent, row)) return;
    const measuredAtMs = freshness.measuredAtMs(agent, row);
    const ends = found.get(port.link) ?? {};
    found.set(port.link, ends);
    // Two agents may read one port, and a port may have got another alias.
    if ((ends[port.end]?.measuredAtMs ?? -Infinity) > measuredAtMs) return;
    ends[port.end] = { ...trafficOf(row, port), measuredAtMs };
  };
  const lookAtPing: LookAtSeries = (series, row, tagNames) => {
    const device = inventory.devices.get(tagOf(series, tagNames, 'device'));
    if (device === undefined || !freshness.isCurrent(tagOf(series, tagNames, 'agent'), row)) return;
    addTrip(bySite, device.site, row);
    addTrip(byUnit, device.unit, row);
  };

  for (const [measurement, look] of [
    ['interface', lookAtPort],
    ['ping', lookAtPing],
  ] as const) {
    const walk = latest.walk(measurement);
    while (walk(SERIES_AT_ONCE, look)) await nextTurn(signal);
  }
  const links = new Map<PlannedLink, LinkTraffic>();
  // Both ends measure the same: never their sum.
  for (const [link, { target, source }] of found) {
    const reading = isMeasured(target) ? target : (source ?? target);
    if (reading !== undefined) links.set(link, reading);
  }
  return { links, bySite, byUnit };
}

function isMeasured(reading: Reading | undefined): boolean {
  return reading?.inBps !== undefined || reading?.outBps !== undefined;
}

function trafficOf(row: NewestRow, { link, end }: PortOfLink): LinkTraffic {
  const received = amount(row.valueOf('in_bps'));
  const sent = amount(row.valueOf('out_bps'));
  const measured = amount(row.valueOf('utilization_pct'));
  const busier = Math.max(received ?? -Infinity, sent ?? -Infinity);
  const ofCapacity = link.capacityBps === undefined ? undefined : (100 * busier) / link.capacityBps;
  const percent = measured ?? ofCapacity;
  const utilizationPct =
    percent !== undefined && percent >= 0 && percent <= MAX_UTILIZATION_PCT ? percent : undefined;
  return end === 'target'
    ? { inBps: received, outBps: sent, utilizationPct }
    : { inBps: sent, outBps: received, utilizationPct };
}

function addTrip(trips: Map<string, RoundTrips>, place: string, row: NewestRow): void {
  const found = trips.get(place) ?? { rttMs: [], lossPct: [] };
  trips.set(place, found);
  const rttMs = amount(row.valueOf('average_response_ms'));
  const lossPct = amount(row.valueOf('percent_packet_loss'));
  if (rttMs !== undefined) found.rttMs.push(rttMs);
  if (lossPct !== undefined) found.lossPct.push(lossPct);
}

function amount(value: FieldValue | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function tagOf({ tags }: Series, names: readonly string[], name: string): string {
  return tags[names.indexOf(name)] ?? '';
}
