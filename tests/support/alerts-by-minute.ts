import { expect } from 'vitest';
import type { AlertEngine } from '../../central/alerts/engine/engine.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { startEngine } from '../../central/alerts/testing/engine-harness.ts';
import { createValidator } from '../../central/ingest/validate/validator.ts';
import { openStateDatabase } from '../../central/state/database.ts';
import { decodeBatch, encodeBatch, encodeSamples } from '../../contract/codec.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';

const MINUTE_MS = 60_000;
const FROM_MS = Date.UTC(2026, 10, 24, 3);

/** The shipped rules over samples of minute after minute: what stood raised at the end of each, as `rule severity`. */
export function alertsByMinute(
  minutes: number,
  samplesAt: (minute: number, timeMs: number) => readonly Sample[],
): readonly (readonly string[])[] {
  let nowMs = FROM_MS;
  const clock: Clock = { now: () => nowMs, monotonicMs: () => nowMs, sleep: () => Promise.resolve() };
  const database = openStateDatabase(':memory:');
  // A real agent sends more than one sensor's values: whether it is absent is not tested here.
  const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(({ id }) => id !== 'agent_silent');
  const { engine } = startEngine({ rules, database, clock });
  const validator = createValidator(CATALOGUE);
  const raised = Array.from({ length: minutes }, (_unused, minute) => {
    nowMs = FROM_MS + minute * MINUTE_MS;
    const samples = samplesAt(minute, nowMs);
    if (samples.length > 0) observe(engine, validator, { samples, seq: minute + 1, nowMs });
    engine.tick(nowMs);
    return engine
      .list({ state: 'active', limit: 100 })
      .items.map(({ rule, severity }) => `${rule} ${severity}`)
      .sort();
  });
  database.close();
  return raised;
}

function observe(
  engine: AlertEngine,
  validator: ReturnType<typeof createValidator>,
  { samples, seq, nowMs }: { samples: readonly Sample[]; seq: number; nowMs: number },
): void {
  const [body] = encodeSamples(samples).bodies;
  const header = { epoch: 'epoch001', seq, lowest: 1, sentAtMs: nowMs, backfill: false };
  const { tables, refusals } = validator.validate(
    'gw-1',
    decodeBatch(encodeBatch(header, body!.bytes)),
    nowMs,
  );
  expect(refusals).toEqual([]);
  engine.observe(
    { agent: 'gw-1', epoch: header.epoch, seq, tables },
    { receivedAtMs: nowMs, sentAtMs: nowMs, backfill: false },
  );
}
