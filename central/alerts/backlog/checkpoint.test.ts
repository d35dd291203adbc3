import { afterEach, beforeEach, expect, it } from 'vitest';
import { ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { S, START } from '../testing/engine-harness.ts';
import { BacklogHarness } from './testing/backlog-harness.ts';

const RULE = ruleOf('cpu_busy', ruleFile({ for: '0s', clearFor: '2m' }));
const AGENTS = 12;
const HOSTS = 100;

let harness: BacklogHarness;
beforeEach(() => {
  harness = new BacklogHarness();
  harness.start([RULE]);
});
afterEach(() => harness.end());

/** Every host of every agent is in breach. */
function live(): void {
  for (let agent = 0; agent < AGENTS; agent++) {
    const rows = Array.from({ length: HOSTS }, (_, host) => ({
      tags: [`host-${agent}-${host}`],
      timeMs: START + harness.nowS * S,
      values: [99],
    }));
    harness.live(99, { agent: `gw-${agent}`, rows });
  }
}

/** So many seconds, with live samples of all each of them: everything that is followed is ahead of the disk all the time. */
function heardFor(seconds: number): void {
  for (let each = 0; each < seconds; each++) {
    harness.skipTo(harness.nowS + 1);
    live();
  }
}

const onDisk = (sql: string): unknown[] =>
  harness.base.database
    .prepare(sql)
    .all()
    .map((row) => row['found']);

function cutOff(): void {
  heardFor(1);
  harness.isAwaited = true;
  harness.skipTo(2_000);
  live();
}

it('saves every agent that was cut off once before any of them again: one each second of about 500 entities', () => {
  cutOff();
  heardFor(4);
  expect(onDisk('SELECT agent AS found FROM backlog_agent')).toHaveLength(AGENTS);
  expect(onDisk('SELECT entity_key AS found FROM backlog_entity')).toHaveLength(AGENTS * HOSTS);
});

it('then writes those that were saved longest ago: none is left behind', () => {
  cutOff();
  heardFor(4);
  const savedUpToS = (): number[] =>
    onDisk("SELECT record ->> 'lastLiveMs' AS found FROM backlog_agent").map(
      (atMs) => (Number(atMs) - START) / S,
    );
  // 12 agents, five in a turn of 5 s.
  heardFor(30);
  expect(Math.min(...savedUpToS())).toBeGreaterThanOrEqual(harness.nowS - 16);
});
