import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import type { AlertTransition, AlertTransitions } from '../../alerts/history/alert-transitions.ts';
import type { ENDED_PHASES, TimelineKind } from '../../alerts/history/alert.ts';
import type { IncidentHead, IncidentOfAlert } from '../../alerts/incidents/incident-view.ts';
import type { Severity } from '../../alerts/rules/severity.ts';
import type { Suppression } from '../../alerts/suppression/suppression.ts';
import { EMPTY_INVENTORY } from '../../inventory/inventory.ts';
import { LiveInventory } from '../../inventory/live-inventory.ts';
import { openStateDatabase } from '../../state/database.ts';
import type { OutboxBounds } from '../channel-lane.ts';
import type { Channel } from '../channels/channel.ts';
import { createNotifier, type Notifier } from '../notifier.ts';
import type { Route } from '../route/should-tell.ts';

export interface Place {
  readonly entity?: Readonly<Record<string, string>>;
  readonly rule?: string;
  readonly unit?: string;
  readonly site?: string;
  readonly agent?: string;
  readonly isLearnedLate?: true;
}

interface Scene {
  readonly channels: readonly Channel[];
  readonly routes: readonly Route[];
  readonly groupWindowMs?: number;
  readonly parentWindowMs?: number;
  readonly bounds?: Partial<OutboxBounds>;
  readonly timeZone?: string;
}

interface Known {
  readonly place: Place;
  readonly startedAtMs: number;
  severity: Severity;
  isOpen: boolean;
}

/** Alerts as a test makes them happen, and a notifier that follows them; `state.db` outlives it. */
export class NotifyHarness {
  readonly clock = new ManualClock(1_800_000_000_000);
  readonly database = openStateDatabase(':memory:');
  readonly steps: AlertTransition[] = [];
  readonly #alerts = new Map<string, Known>();
  notifier!: Notifier;
  /** Why alerts are suppressed, by their id. */
  readonly suppressions = new Map<string, Suppression>();
  /** Ids of alerts that may hang on something that is about to be found down. */
  readonly children = new Set<string>();
  /** Ids of alerts. */
  readonly acknowledged = new Set<string>();
  /** By the id of an alert. */
  readonly incidents = new Map<string, IncidentOfAlert>();
  heads: readonly IncidentHead[] = [];
  /** Ids of the open alerts of one incident. */
  together: readonly string[] = [];
  /** What belongs to whom. */
  readonly inventory = new LiveInventory(EMPTY_INVENTORY);

  /** Also after a kill: what the notifier before had in memory is gone. */
  start({
    channels,
    routes,
    groupWindowMs = 0,
    parentWindowMs = 0,
    bounds = {},
    timeZone = 'UTC',
  }: Scene): void {
    this.notifier = createNotifier({
      setup: {
        channels,
        routes: [...routes] as never,
        groupWindow: groupWindowMs,
        parentWindow: parentWindowMs,
      },
      transitions: this.#transitions,
      rules: new Map(),
      inventory: this.inventory,
      timeZone,
      suppressor: { suppressionOf: ({ id }) => this.suppressions.get(id) },
      incidents: {
        incidentOf: (id) => this.incidents.get(id),
        awaitsRoot: ({ id }) => this.children.has(id),
        heads: () => this.heads,
        openWith: (id) => (this.together.includes(id) ? this.together : []),
      },
      isAcknowledged: (id) => this.acknowledged.has(id),
      database: this.database,
      clock: this.clock,
      random: () => 0.5,
      log: silentLogger,
      bounds,
    });
  }

  isOpen(id: string): boolean {
    return this.#alerts.get(id)?.isOpen === true;
  }

  severityOf(id: string): Severity | undefined {
    return this.#alerts.get(id)?.severity;
  }

  fire(id: string, severity: Severity = 'major', place: Place = {}): void {
    this.#alerts.set(id, { place, severity, isOpen: true, startedAtMs: this.clock.now() });
    this.#step(id, 'fired');
  }

  change(id: string, severity: Severity, kind: TimelineKind = 'escalated'): void {
    const alert = this.#alerts.get(id);
    if (alert === undefined) throw new Error(`no alert ${id}`);
    alert.severity = severity;
    this.#step(id, kind);
  }

  end(id: string, kind: (typeof ENDED_PHASES)[number] = 'resolved'): void {
    const alert = this.#alerts.get(id);
    if (alert === undefined) throw new Error(`no alert ${id}`);
    alert.isOpen = false;
    this.#step(id, kind);
  }

  /** Second by second, as central's job comes; `stepS`: as on a machine that is slow. */
  async run(seconds: number, stepS = 1): Promise<void> {
    for (let second = 0; second < seconds; second += stepS) {
      this.clock.freeze(stepS * 1_000);
      this.notifier.tick();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  close(): void {
    this.database.close();
  }

  #step(id: string, kind: TimelineKind): void {
    const alert = this.#alerts.get(id);
    if (alert === undefined) return;
    const { place, severity, startedAtMs } = alert;
    const nowMs = this.clock.now();
    const harness = this.#alerts;
    const severityBefore = this.steps.findLast(({ alert }) => alert.id === id)?.severity;
    this.steps.push({
      sequence: this.steps.length + 1,
      kind,
      severity,
      ...(severityBefore !== undefined && { severityBefore }),
      value: 1,
      atMs: nowMs,
      recordedAtMs: nowMs,
      alert: {
        id,
        entity: { device: id },
        agent: 'gw-1',
        startedAtMs,
        ...place,
        rule: place.rule ?? `rule_of_${id}`,
        get isOpen() {
          return harness.get(id)?.isOpen === true;
        },
      },
    });
  }

  readonly #transitions: AlertTransitions = {
    after: (sequence, limit) => this.steps.slice(sequence, sequence + limit),
    ofOpenAlerts: () =>
      [...this.#alerts].flatMap(([id, { isOpen }]) => {
        const last = this.steps.findLast(({ alert }) => alert.id === id);
        return isOpen && last !== undefined ? [last] : [];
      }),
    newestSequence: () => this.steps.length,
  };
}
