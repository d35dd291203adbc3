import { expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { CENTRAL_AGENT } from '../../contract/topics.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../alerts/rules/load-rules.ts';
import { batchOf, liveContext } from '../alerts/testing/batches-and-rules.ts';
import { EngineHarness, S, START } from '../alerts/testing/engine-harness.ts';
import { SeriesPool } from '../alerts/testing/series-pool.ts';

const RULES = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(
  ({ id }) => id === 'central_backlog_left_out',
);

/** Severities of what is active after central told each 10 s of so many holes. */
function activeAfter(holes: readonly number[]): string[] {
  const harness = new EngineHarness();
  harness.start(RULES);
  const pool = new SeriesPool();
  for (const [at, each] of holes.entries()) {
    const timeMs = START + at * 10 * S;
    const row = { tags: ['central-1'], timeMs, values: [each] };
    const names = { measurement: 'pipeline', tags: ['replica'], fields: ['new_backlog_holes'] };
    const batch = batchOf({ agent: CENTRAL_AGENT, seq: at + 1, ...names, rows: [row], pool });
    harness.engine.observe(batch, liveContext(timeMs));
  }
  const active = harness.engine.active().map(({ severity }) => severity);
  harness.end();
  return active;
}

it('one hole in the history of alerts is a warning, and none is quiet', () => {
  expect(activeAfter([0, 0, 0])).toEqual([]);
  expect(activeAfter([0, 1])).toEqual(['warning']);
  expect(activeAfter([0, 1, ...Array.from({ length: 61 }, () => 0)])).toEqual([]);
});
