import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FieldValue } from '../../../contract/sample.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { AgentProblems } from '../../health/agent-problems.ts';
import { EMPTY_INVENTORY } from '../../inventory/inventory.ts';
import { openAgentRegistry, type AgentRegistry } from '../../liveness/agent-registry.ts';
import { createLatestCache } from '../../live/latest-cache.ts';
import { SeriesRegistry } from '../../samples/series-registry.ts';
import { openStateDatabase, type StateDatabase } from '../../state/database.ts';
import type { AlertEvent, AlertView } from '../history/alert.ts';
import { createAlertEngine, type AlertEngine, type AlertEngineDeps } from '../engine/engine.ts';
import type { WatchedDevice } from '../engine/watched-device.ts';
import type { AlertRule } from '../rules/rule.ts';
import { batchOf, liveContext, type BatchOf } from './batches-and-rules.ts';

export const START = 1_800_000_000_000;
export const S = 1_000;

/** An engine beside the agents' liveness and the latest values: all observe each batch, as in central. */
export function startEngine(deps: Omit<AlertEngineDeps, 'sources' | 'log'>): {
  readonly engine: AlertEngine;
  readonly liveness: AgentRegistry;
  readonly problems: AgentProblems;
} {
  const { database, clock } = deps;
  const liveness = openAgentRegistry({ inventory: EMPTY_INVENTORY, database, clock, log: silentLogger });
  const problems = new AgentProblems(silentLogger);
  const latest = createLatestCache(new SeriesRegistry());
  const { devices = () => new Map<string, WatchedDevice>() } = deps;
  const sources = { liveness, problems, latest, devices };
  const engine = createAlertEngine({ ...deps, sources, log: silentLogger });
  const observe: AlertEngine['observe'] = (batch, context) => {
    liveness.observe(batch, context);
    latest.observe(batch, context);
    engine.observe(batch, context);
  };
  return { liveness, problems, engine: { ...engine, observe } };
}

/** An engine on a file of its own, what it recorded there, and times in seconds since START. */
export class EngineHarness {
  readonly #directory = mkdtempSync(join(tmpdir(), 'wardwatch-alerts-'));
  readonly clock = new ManualClock(START);
  database: StateDatabase = this.#open();
  engine!: AlertEngine;
  liveness!: AgentRegistry;
  problems!: AgentProblems;

  start(
    rules: readonly AlertRule[],
    database = this.database,
    more: Pick<AlertEngineDeps, 'limits' | 'devices' | 'isInService'> = {},
  ): AlertEngine {
    const { engine, liveness, problems } = startEngine({ ...more, rules, database, clock: this.clock });
    this.engine = engine;
    this.liveness = liveness;
    this.problems = problems;
    return engine;
  }

  /** As after kill -9: nothing is saved or closed in order, the file is all there is. */
  restart(rules: readonly AlertRule[], more: Pick<AlertEngineDeps, 'limits' | 'devices'> = {}): AlertEngine {
    this.database.close();
    this.database = this.#open();
    return this.start(rules, this.database, more);
  }

  /** While it runs. */
  replaceRules(rules: readonly AlertRule[]): AlertEngine {
    this.engine.replaceRules(rules);
    return this.engine;
  }

  /** What is on disk of each step, in the order of writing; the breach before an alert fired is left out. */
  get recorded(): { readonly event: AlertEvent; readonly alert: AlertView }[] {
    const seen = new Map<string, number>();
    return this.database
      .prepare('SELECT alert_id FROM alert_event ORDER BY number')
      .all()
      .flatMap((row) => {
        const id = String(row['alert_id']);
        const at = seen.get(id) ?? 0;
        seen.set(id, at + 1);
        const alert = this.engine.get(id);
        const event = alert?.timeline[at];
        return alert === undefined || event === undefined ? [] : [{ alert, event }];
      })
      .filter(({ event }) => event.kind !== 'started');
  }

  events(): string[] {
    return this.recorded.map(({ event }) => `${(event.atMs - START) / S} ${event.kind}`);
  }

  end(): void {
    this.database.close();
    rmSync(this.#directory, { recursive: true });
  }

  /** The database, with `before` called ahead of each transaction. */
  watched(before: () => void): StateDatabase {
    const { database } = this;
    return {
      prepare: (sql) => database.prepare(sql),
      prepareKept: (sql) => database.prepareKept(sql),
      transaction: (work) => {
        before();
        return database.transaction(work);
      },
      migrate: (owner, steps) => database.migrate(owner, steps),
      recordProgram: (version) => database.recordProgram(version),
      copyTo: (file) => database.copyTo(file),
      close: () => database.close(),
    };
  }

  #open(): StateDatabase {
    return openStateDatabase(join(this.#directory, 'state.db'));
  }
}

/** One value of host h at `atS`, arriving at once unless told otherwise. */
export function feed(
  engine: AlertEngine,
  atS: number,
  value: FieldValue,
  { arrivesAtS = atS, ...options }: Partial<BatchOf> & { readonly arrivesAtS?: number } = {},
): void {
  const timeMs = START + atS * S;
  const rows = [{ tags: ['h'], timeMs, values: [value] }];
  engine.observe(batchOf({ rows, seq: atS + 1, ...options }), liveContext(START + arrivesAtS * S));
}
