import type { Catalogue } from '../../contract/catalogue.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { AuditLog } from '../access/audit.ts';
import type { LiveInventory } from '../inventory/live-inventory.ts';
import { isInService } from '../inventory/left.ts';
import type { Part } from '../jobs/part.ts';
import type { StateDatabase } from '../state/database.ts';
import { createAlertEngine, type AlertEngine, type AlertEngineDeps } from './engine/engine.ts';
import { openRuleVersions, type RuleVersions } from './history/rule-versions.ts';
import { entitiesThatFit } from './engine/entity-shares.ts';
import { createLife, type Life, type LifeDeps } from './life/create-life.ts';
import {
  createRuleReload,
  type ReadRules,
  type RuleReload,
  type RuleReloadDeps,
} from './reload/rule-reload.ts';
import type { AlertRule } from './rules/rule.ts';

export interface AlertingPartDeps {
  readonly rules: readonly AlertRule[];
  /** They follow their directory; without it, rules stay as they are. */
  readonly ownRules: ReadRules | undefined;
  readonly catalogue: Catalogue;
  readonly heapLimitBytes: number;
  /** What rules read at each tick, besides samples and the devices of the inventory. */
  readonly sources: Omit<AlertEngineDeps['sources'], 'devices'>;
  readonly inventory: LiveInventory;
  readonly onTransition: AlertEngineDeps['onTransition'] & {};
  /** Problems of a set of rules with these ids. */
  readonly problemsOf: RuleReloadDeps['problemsOf'];
  readonly blastRadius: LifeDeps['blastRadius'];
  /** Each second, before alerts are judged. */
  readonly beforeTick: () => void;
  /** The calendar day of the city, such as 2025-07-01. */
  readonly today: () => string;
  readonly timeZone: string;
  readonly audit: AuditLog;
  readonly database: StateDatabase;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface SharedAlerting extends Pick<Life, 'alertLife' | 'silences' | 'maintenance'> {
  readonly alerts: AlertEngine;
  readonly ruleVersions: RuleVersions;
  readonly ruleReload: RuleReload;
}

export interface AlertingPart extends Part<SharedAlerting> {
  /** What people keep quiet. */
  readonly suppressors: Life['suppressors'];
}

const SECOND_MS = 1_000;
const WATCHED_FILES_MS = 2_000;

/** Rules, alerts, and what people do with them. */
export function createAlertingPart(deps: AlertingPartDeps): AlertingPart {
  const { inventory, today, beforeTick, timeZone, audit, database, clock, log } = deps;
  const ruleVersions = openRuleVersions(database);
  const devices = (): LiveInventory['devices'] => inventory.devices;
  const alerts = createAlertEngine({
    rules: ruleVersions.record(deps.rules, clock.now()),
    sources: { ...deps.sources, devices },
    devices,
    isInService: (device) => isInService(inventory, device, today()),
    limits: { maxEntities: entitiesThatFit(deps.heapLimitBytes) },
    onTransition: deps.onTransition,
    database,
    clock,
    log,
  });
  const ruleReload = createRuleReload({
    ...{ own: deps.ownRules, catalogue: deps.catalogue, problemsOf: deps.problemsOf },
    ...{ alerts, versions: ruleVersions, audit, clock, log },
  });
  const { suppressors, ...life } = createLife({
    ...{ alerts, inventory, blastRadius: deps.blastRadius, timeZone, database, audit, clock, log },
  });
  return {
    shared: { alerts, ruleVersions, ruleReload, ...life },
    suppressors,
    jobs: [
      {
        name: 'alerts',
        everyMs: SECOND_MS,
        run: () => {
          beforeTick();
          alerts.tick(clock.now());
          life.alertLife.tick(clock.now());
          life.maintenance.tick(clock.now());
        },
      },
      { name: 'rules', everyMs: WATCHED_FILES_MS, run: () => ruleReload.check() },
    ],
    save: {
      name: 'alerts',
      run: () => {
        if (!alerts.save()) throw new Error('the last steps of the alerts could not be written to state.db');
      },
    },
  };
}
