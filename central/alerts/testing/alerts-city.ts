import { createLatestCache, type LatestCache } from '../../live/latest-cache.ts';
import { SeriesRegistry } from '../../samples/series-registry.ts';
import type { InventoryFile } from '../../../contract/inventory.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { AgentProblems } from '../../health/agent-problems.ts';
import { cityCalendar } from '../../health/city-calendar.ts';
import { DeviceSightings } from '../../health/reconciliation/device-sightings.ts';
import { Reconciliation } from '../../health/reconciliation/reconciliation.ts';
import { ServiceStates } from '../../health/services/service-states.ts';
import { StatesCity } from '../../health/states/testing/states-city.ts';
import type { UnexpectedDevice } from '../../live/unexpected-devices.ts';
import type { StateDatabase } from '../../state/database.ts';
import { createAlertEngine, type AlertEngine } from '../engine/engine.ts';
import { createCityEvidence } from '../rules/city-evidence.ts';
import type { AlertRule } from '../rules/rule.ts';

/** A city with its states and the alert engine over them, on virtual time. */
export class AlertsCity {
  city!: StatesCity;
  engine!: AlertEngine;
  latest!: LatestCache;
  sightings!: DeviceSightings;
  unexpected: UnexpectedDevice[] = [];
  isDeaf = false;
  readonly #rules: readonly AlertRule[];
  #file: Partial<InventoryFile>;

  constructor(file: Partial<InventoryFile>, rules: readonly AlertRule[]) {
    this.#file = file;
    this.#rules = rules;
    this.#start(new StatesCity(file));
  }

  get database(): StateDatabase {
    return this.city.database;
  }

  /** As after kill -9 of central, but for what it saves each minute; the agents go on. */
  restart(): void {
    const { database, clock, routine, registry } = this.city;
    registry.save();
    this.sightings.save();
    const again = new StatesCity(this.#file, clock.now(), database);
    for (const [agent, rows] of routine) again.routine.set(agent, rows);
    this.#start(again);
  }

  replaceInventory(file: Partial<InventoryFile>): void {
    this.#file = file;
    this.city.replaceInventory(file);
  }

  /** Such as `site_cut critical hub-1: 5 sites`. */
  active(): string[] {
    return this.engine
      .active()
      .map(
        ({ rule, severity, entity, valueText }) =>
          `${rule} ${severity} ${Object.values(entity).join(' ')}: ${valueText}`,
      )
      .sort();
  }

  /** Of one rule, each step of its alerts but the begin of the breach, newest alert last. */
  steps(rule: string): string[] {
    const { items } = this.engine.list({ rule, order: 'oldest', limit: 100 });
    return items.flatMap(({ id, entity }) =>
      (this.engine.get(id)?.timeline ?? [])
        .filter(({ kind }) => kind !== 'started')
        .map(({ kind }) => `${Object.values(entity).join(' ')} ${kind}`),
    );
  }

  #start(city: StatesCity): void {
    this.city = city;
    const { inventory, registry, states, clock, database } = city;
    const calendar = cityCalendar('Asia/Ho_Chi_Minh');
    const dayOf = (timeMs: number): string => calendar.dayOf(timeMs);
    const isDeaf = (): boolean => this.isDeaf;
    const sightings = new DeviceSightings({ inventory, database, nowMs: clock.now(), dayOf });
    inventory.onChange(() => sightings.follow(clock.now()));
    this.sightings = sightings;
    const reconciliation = new Reconciliation({
      ...{ inventory, registry, states, sightings, clock, calendar, isDeaf },
      unexpectedDevices: { list: () => this.unexpected },
    });
    const latest = createLatestCache(new SeriesRegistry());
    this.latest = latest;
    const services = new ServiceStates({
      ...{ inventory, states, registry, clock, latest },
      today: () => calendar.dayOf(clock.now()),
    });
    const evidence = createCityEvidence({
      ...{ inventory, registry, states, services, sightings, reconciliation, calendar, isDeaf },
    });
    this.engine = createAlertEngine({
      rules: this.#rules,
      sources: {
        liveness: registry,
        problems: new AgentProblems(silentLogger),
        latest,
        devices: () => inventory.devices,
        city: evidence,
      },
      ...{ database, clock, log: silentLogger },
      devices: () => inventory.devices,
    });
    city.others.push({
      observe: (batch, context) => {
        sightings.observe(batch, context);
        latest.observe(batch, context);
        this.engine.observe(batch, context);
      },
      tick: () => {
        services.refresh();
        this.engine.tick(clock.now());
      },
    });
  }
}
