import { createLatestCache } from '../../../live/latest-cache.ts';
import { SeriesRegistry } from '../../../samples/series-registry.ts';
import { CATALOGUE } from '../../../../contract/measurements/index.ts';
import type { InventoryFile } from '../../../../contract/inventory.ts';
import { silentLogger } from '../../../../runtime/logger.ts';
import { AgentProblems } from '../../../health/agent-problems.ts';
import { StatesCity } from '../../../health/states/testing/states-city.ts';
import { createAlertEngine, type AlertEngine } from '../../engine/engine.ts';
import { openAlertTransitions } from '../../history/alert-transitions.ts';
import type { AlertView } from '../../history/alert.ts';
import { createRule } from '../../rules/create-rule.ts';
import { ruleKinds } from '../../rules/kinds/index.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../rules/load-rules.ts';
import type { AlertRule } from '../../rules/rule.ts';
import { firstSuppression, type Suppression } from '../../suppression/suppression.ts';
import { suppressible } from '../../suppression/suppressed-alerts.ts';
import { createIncidents, type Incidents } from '../incidents.ts';
import { createRootRuleKind, ROOT_RULE } from './root-rule.ts';

export const SHIPPED = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);

/** The city's states, the real engine and the incidents, on virtual time. */
export class IncidentCity extends StatesCity {
  /** Ids of alerts that somebody heard of. */
  readonly told = new Set<string>();
  /** Rules whose alerts a person or the routes keep quiet. */
  readonly quietRules = new Set<string>();
  readonly #rules: readonly AlertRule[];
  readonly #part = { observe: this.#observe.bind(this), tick: this.#tick.bind(this) };
  alerts!: AlertEngine;
  incidents!: Incidents;
  startedAtMs = 0;

  /** `isRootTold`: there is a rule about sites, links and devices that are down or cut by themselves. */
  constructor(file: Partial<InventoryFile>, { isRootTold = true, rules = SHIPPED } = {}) {
    super(file);
    const kind = createRootRuleKind(this.states, this.inventory);
    const root = createRule({ id: 'root_down', source: 'root_down', content: ROOT_RULE }, CATALOGUE, [
      ...ruleKinds,
      kind,
    ]);
    this.#rules = isRootTold ? [...rules, root] : rules;
    this.restart();
    this.states.onChange((changes) => this.incidents.noteStates(changes.map(({ ref }) => ref)));
    this.others.push(this.#part);
  }

  /** Of alerts and incidents, as after kill -9: `state.db` is all there is. */
  restart(): void {
    const { database, clock, registry, inventory } = this;
    this.startedAtMs = clock.now();
    this.alerts = createAlertEngine({
      rules: this.#rules,
      sources: {
        liveness: registry,
        problems: new AgentProblems(silentLogger),
        latest: createLatestCache(new SeriesRegistry()),
        devices: () => inventory.devices,
      },
      devices: () => inventory.devices,
      database,
      clock,
      log: silentLogger,
    });
    this.incidents = createIncidents({
      transitions: openAlertTransitions(database),
      rules: this.alerts.rules,
      states: this.states,
      services: () => [],
      lastFailureOf: () => undefined,
      inventory,
      alertOf: (id) => this.alerts.get(id),
      wasTold: (id) => this.told.has(id),
      toldSeverityOf: (id) => (this.told.has(id) ? this.alerts.get(id)?.severity : undefined),
      willBeTold: ({ id, rule }) => this.told.has(id) || !this.quietRules.has(rule),
      database,
      clock,
      log: silentLogger,
    });
  }

  /** Why nobody is told of it. */
  suppression(alert: AlertView): Suppression | undefined {
    return firstSuppression(this.incidents.suppressors).suppressionOf(suppressible(alert), this.clock.now());
  }

  /** Open alerts that are suppressed, and those that are not, as `rule subject`. */
  get heard(): { readonly told: readonly string[]; readonly suppressed: readonly string[] } {
    const told: string[] = [];
    const suppressed: string[] = [];
    for (const alert of this.alerts.active()) {
      const list = this.suppression(alert) === undefined ? told : suppressed;
      list.push(`${alert.rule} ${Object.values(alert.entity).join(' ')}`);
    }
    return { told: told.sort(), suppressed: suppressed.sort() };
  }

  /** The roots that suppressed alerts name. */
  get roots(): readonly string[] {
    return [...new Set(this.alerts.active().flatMap((alert) => this.suppression(alert)?.by ?? []))].sort();
  }

  #observe(...[batch, context]: Parameters<AlertEngine['observe']>): void {
    this.alerts.observe(batch, context);
  }

  #tick(): void {
    this.alerts.tick(this.clock.now());
    this.incidents.tick();
  }
}
