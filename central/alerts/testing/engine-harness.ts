import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FieldValue } from '../../../contract/sample.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { openStateDatabase, type StateDatabase } from '../../state/database.ts';
import type { AlertTransition } from '../history/alert.ts';
import { createAlertEngine, type AlertEngine } from '../engine/engine.ts';
import type { AlertRule } from '../rules/rule.ts';
import { batchOf, liveContext, type BatchOf } from './batches-and-rules.ts';

export const START = 1_800_000_000_000;
export const S = 1_000;

/** An engine on a file of its own, what it announced, and times in seconds since START. */
export class EngineHarness {
  readonly #directory = mkdtempSync(join(tmpdir(), 'wardwatch-alerts-'));
  readonly clock = new ManualClock(START);
  readonly announced: AlertTransition[] = [];
  database: StateDatabase = this.#open();

  start(rules: readonly AlertRule[], database = this.database): AlertEngine {
    return createAlertEngine({
      rules,
      database,
      clock: this.clock,
      log: silentLogger,
      onTransition: (transition) => this.announced.push(transition),
    });
  }

  /** As after kill -9: nothing is saved or closed in order, the file is all there is. */
  restart(rules: readonly AlertRule[]): AlertEngine {
    this.database.close();
    this.database = this.#open();
    return this.start(rules);
  }

  said(): string[] {
    return this.announced.map(({ event }) => `${(event.atMs - START) / S} ${event.kind}`);
  }

  end(): void {
    this.database.close();
    rmSync(this.#directory, { recursive: true });
  }

  #open(): StateDatabase {
    return openStateDatabase(join(this.#directory, 'state.db'));
  }
}

/** One value of host h at `atS`, arriving at once. */
export function feed(
  engine: AlertEngine,
  atS: number,
  value: FieldValue,
  options: Partial<BatchOf> = {},
): void {
  const timeMs = START + atS * S;
  const rows = [{ tags: ['h'], timeMs, values: [value] }];
  engine.observe(batchOf({ rows, seq: atS + 1, ...options }), liveContext(timeMs));
}
