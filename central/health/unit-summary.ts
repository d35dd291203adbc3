import { z } from 'zod';
import { unitSchema } from '../../contract/inventory.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';
import { agentPhaseSchema } from '../liveness/agent-view.ts';
import type { CityStates } from './states/city-states.ts';
import { stateSchema, stateViewSchema, type State } from './states/state-view.ts';

/** From the gravest: what is lost before what nobody can say, that before what has an alert. */
export const UNIT_STATES = ['down', 'unreachable', 'unknown', 'alert', 'up'] as const;
export const unitStateSchema = z
  .enum(UNIT_STATES)
  .describe('the gravest of its devices, sites and alerts, in this order');
export type UnitState = z.infer<typeof unitStateSchema>;

const { sinceMs, reason, reasons, roots } = stateViewSchema.shape;

export const unitViewSchema = unitSchema.extend({
  state: unitStateSchema,
  sinceMs,
  reason,
  reasons,
  roots,
  sites: z.int(),
  siteStates: z.record(stateSchema, z.int()).describe('number of sites by state'),
  agents: z.record(agentPhaseSchema, z.int()).describe('number of agents by phase'),
  devices: z.record(stateSchema, z.int()).describe('number of devices by state'),
  activeAlerts: z.int(),
});
export type UnitView = z.infer<typeof unitViewSchema>;

export interface UnitSummaryDeps {
  readonly inventory: Pick<Inventory, 'units' | 'sites'>;
  readonly registry: Pick<AgentRegistry, 'ids' | 'locationOf' | 'phaseOf'>;
  readonly states: Pick<CityStates, 'get' | 'deviceCounts' | 'momentOf'>;
  readonly alerts: { countByUnit(): ReadonlyMap<string, number> };
}

/** What each ward, commune and special zone has, and how it is; in the order of their codes. */
export function unitViews(deps: UnitSummaryDeps, nowMs: number): UnitView[] {
  const { states } = deps;
  const units = new Map<string, UnitView>();
  for (const unit of deps.inventory.units.values()) {
    const view = states.get(`unit:${unit.code}`);
    units.set(unit.code, {
      ...unit,
      state: view?.state ?? 'unknown',
      sinceMs: view?.sinceMs ?? nowMs,
      reason: view?.reason ?? '',
      reasons: view?.reasons ?? [],
      roots: view?.roots ?? [],
      sites: 0,
      siteStates: { ...NONE },
      agents: { live: 0, silent: 0, stopped: 0, never_seen: 0 },
      devices: { ...(states.deviceCounts(`unit:${unit.code}`) ?? NONE) },
      activeAlerts: 0,
    });
  }
  for (const site of deps.inventory.sites.values()) {
    const unit = units.get(site.unit);
    const state = states.momentOf(`site:${site.id}`)?.state;
    if (unit === undefined || state === undefined) continue;
    unit.sites++;
    unit.siteStates[state]++;
  }
  const { registry } = deps;
  for (const agent of registry.ids()) {
    const unit = units.get(registry.locationOf(agent).unit ?? '');
    if (unit !== undefined) unit.agents[registry.phaseOf(agent, nowMs)]++;
  }
  for (const [code, count] of deps.alerts.countByUnit()) {
    const unit = units.get(code);
    if (unit === undefined) continue;
    unit.activeAlerts = count;
    if (unit.state === 'up' && count > 0) unit.state = 'alert';
  }
  return [...units.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

const NONE: Readonly<Record<State, number>> = { up: 0, down: 0, unreachable: 0, unknown: 0 };
