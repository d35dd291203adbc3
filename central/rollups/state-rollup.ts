import type { Site } from '../../contract/inventory.ts';
import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { AlertQueries } from '../alerts/engine/alert-queries.ts';
import type { Places } from '../alerts/suppression/subjects.ts';
import type { ServiceState } from '../health/services/judge-service.ts';
import type { CityStates } from '../health/states/city-states.ts';
import { unitViews, type UnitSummaryDeps } from '../health/unit-summary.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { LatestCache } from '../live/latest-cache.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';
import type { OwnSamples } from '../samples/own-samples.ts';
import { activeAlertSamples, countActiveAlerts } from './active-alerts.ts';
import { cityStateSample } from './city-state.ts';
import type { Counted } from './coverage-rollup.ts';
import { MinuteTurns, type Moment } from './minute-turns.ts';
import { openIncidentSamples, type OpenIncidentDeps } from './open-incidents.ts';
import { poolStateSamples, type PoolStateDeps } from './pool-state.ts';
import { siteStateSample } from './site-state.ts';
import { nextTurn, writeInSlices } from './slices.ts';
import { linkStateSample } from './traffic/link-state.ts';
import { planLinks, type LinkPlan, type PlannedLink } from './traffic/link-plan.ts';
import { readTraffic, type TrafficNow } from './traffic/live-traffic.ts';
import { rateFields, trafficByUnit, trafficOfAll, unitTrafficSample } from './traffic/unit-traffic.ts';
import { readUnitExtras, type UnitExtrasDeps } from './unit-extras.ts';
import { unitStateSample, type Extras } from './unit-state.ts';

/** What the API and the page show, as they ask for it. */
export interface StateRollupDeps
  extends Omit<UnitExtrasDeps, 'ledger'>, UnitSummaryDeps, Omit<PoolStateDeps, 'registry'> {
  readonly inventory: Inventory;
  readonly states: Pick<CityStates, 'get' | 'momentOf' | 'list' | 'counts' | 'deviceCounts'>;
  readonly registry: Pick<
    AgentRegistry,
    'list' | 'get' | 'counts' | 'ids' | 'locationOf' | 'phaseOf' | 'clockCorrectionOf'
  >;
  readonly latest: Pick<LatestCache, 'visit' | 'walk'>;
  readonly alerts: Pick<AlertQueries, 'countByUnit' | 'visitActive'> & OpenIncidentDeps['alerts'];
  readonly places: Places;
  readonly incidents: OpenIncidentDeps['incidents'];
  readonly serviceStates: { latest(): readonly { readonly state: ServiceState }[] };
  readonly ledger: UnitExtrasDeps['ledger'] & { completeness(): { readonly ratio: number | undefined } };
  /** Of the minute that ended last, by unit. */
  readonly radio: () => ReadonlyMap<string, Counted>;
  readonly pointsPerS: () => number;
  readonly own: OwnSamples;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly log: Logger;
}

/** What of the inventory is written, and which inventory that was. */
interface Plan {
  readonly of: readonly unknown[];
  readonly links: LinkPlan;
  readonly sites: readonly Site[];
}

const MAX_SITES = 2_000;
const KIND_ORDER: readonly Site['kind'][] = ['city', 'hub', 'datacentre', 'site'];

/** Writes once a minute how the city, its units, sites, links and pools are. */
export class StateRollup {
  readonly #deps: StateRollupDeps;
  readonly #turns: MinuteTurns;
  #plan: Plan | undefined;

  constructor(deps: StateRollupDeps) {
    this.#deps = deps;
    this.#turns = new MinuteTurns(deps.clock);
  }

  /** Every few seconds. */
  async look(signal: AbortSignal): Promise<void> {
    const moment = this.#turns.take();
    if (moment !== undefined) await this.#write(moment, signal);
  }

  async #write(moment: Moment, signal: AbortSignal): Promise<void> {
    const { own, registry, states, ledger, serviceStates, incidents } = this.#deps;
    const { atMs, minuteMs } = moment;
    // What is told of units and of the city is of one instant.
    const views = unitViews(this.#deps, atMs);
    const active = countActiveAlerts(this.#deps.alerts);
    const [devices, agents] = [states.counts('device'), registry.counts(atMs)];
    await nextTurn(signal);
    const [services, openIncidents] = [serviceStates.latest(), incidents.openWithRoot().length];
    const radio = this.#deps.radio();
    const completeness = ledger.completeness().ratio;
    const more = await readUnitExtras(this.#deps, atMs, signal);
    const samplesOfUnits = views.map((view) => {
      const { code } = view;
      const extras: Extras = {
        alerts: active.units.get(code),
        inMaintenance: more.inMaintenance.get(code) ?? 0,
        completeness: more.completeness.get(code),
        radio: radio.get(code),
      };
      return unitStateSample(view, extras, moment);
    });
    await writeInSlices(own, samplesOfUnits, signal);

    const plan = this.#planned();
    const traffic = await readTraffic(this.#deps, plan.links, atMs, signal);
    await nextTurn(signal);
    const inService = plan.links.links.filter(({ id }) => states.momentOf(`link:${id}`) !== undefined);
    const byUnit = trafficByUnit(inService, traffic.links);
    const extras: Extras = {
      ...{ alerts: active.city, completeness },
      inMaintenance: sum(more.inMaintenance.values()),
      radio: radioOfAll(radio),
    };
    const city = {
      ...{ devices, agents, extras, units: views, openIncidents, services },
      pointsPerS: this.#deps.pointsPerS(),
      rates: rateFields(trafficOfAll(byUnit.values())),
    };
    const samplesOfTraffic = views.flatMap(
      ({ code }) => unitTrafficSample(code, byUnit.get(code), traffic.byUnit.get(code), minuteMs) ?? [],
    );
    await writeInSlices(own, [cityStateSample(city, minuteMs), ...samplesOfTraffic], signal);
    const pools = poolStateSamples(this.#deps, moment);
    const activeAlerts = activeAlertSamples(active.groups, this.#deps, moment);
    await writeInSlices(own, [...pools, ...activeAlerts], signal);
    await writeInSlices(own, openIncidentSamples(this.#deps, moment), signal);
    await writeInSlices(own, this.#sampleSites(plan.sites, moment), signal);
    await writeInSlices(own, this.#sampleLinks(inService, traffic, moment), signal);
  }

  *#sampleSites(sites: readonly Site[], moment: Moment): Iterable<Sample> {
    const { states } = this.#deps;
    for (const site of sites) {
      const ref = `site:${site.id}`;
      const [state, devices] = [states.momentOf(ref), states.deviceCounts(ref)];
      if (state !== undefined && devices !== undefined) yield siteStateSample(site, state, devices, moment);
    }
  }

  *#sampleLinks(links: readonly PlannedLink[], traffic: TrafficNow, moment: Moment): Iterable<Sample> {
    for (const link of links) {
      const state = this.#deps.states.momentOf(`link:${link.id}`);
      if (state !== undefined) yield linkStateSample(link, state, traffic, moment);
    }
  }

  /** Made anew when the inventory changes. */
  #planned(): Plan {
    const { inventory, log } = this.#deps;
    const of = [inventory.links, inventory.sites];
    if (this.#plan?.of.every((map, at) => map === of[at]) === true) return this.#plan;
    const links = planLinks(inventory);
    const sites = [...inventory.sites.values()].sort(
      (a, b) => KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind),
    );
    const leftOut = { links: links.leftOut, sites: Math.max(0, sites.length - MAX_SITES) };
    if (leftOut.links + leftOut.sites > 0)
      log.warn(leftOut, 'there are too many to write the state of each every minute: some are left out');
    this.#plan = { of, links, sites: sites.slice(0, MAX_SITES) };
    return this.#plan;
  }
}

function radioOfAll(units: ReadonlyMap<string, Counted>): Counted {
  const all = [...units.values()];
  return { samples: sum(all.map(({ samples }) => samples)), covered: sum(all.map(({ covered }) => covered)) };
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
