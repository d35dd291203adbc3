import { afterEach, beforeEach, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../alerts/rules/load-rules.ts';
import { batchOf, liveContext } from '../alerts/testing/batches-and-rules.ts';
import { EngineHarness, START } from '../alerts/testing/engine-harness.ts';

const RULES = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(({ id }) =>
  id.startsWith('central_notifications_'),
);
const FIELDS = ['undelivered_notification_s', 'new_given_up_notifications'];

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
  harness.start(RULES);
});
afterEach(() => harness.end());

/** Central's own samples, every 10 s. */
function report(fromS: number, toS: number, values: (atS: number) => readonly [number, number]): void {
  for (let atS = fromS; atS < toS; atS += 10) {
    const timeMs = START + atS * 1_000;
    const rows = [{ tags: [undefined], timeMs, values: values(atS) }];
    const batch = batchOf({
      agent: 'central',
      seq: atS + 1,
      measurement: 'pipeline',
      tags: ['replica'],
      fields: FIELDS,
      rows,
    });
    harness.engine.observe(batch, liveContext(timeMs));
  }
}

function active(): string[] {
  return harness.engine.active().map(({ rule, severity }) => `${rule} ${severity}`);
}

it('central raises an alarm when a message cannot be delivered for two minutes, a graver one after a quarter of an hour', () => {
  report(0, 120, (atS) => [atS, 0]);
  expect(active()).toEqual([]);
  report(120, 140, (atS) => [atS, 0]);
  expect(active()).toEqual(['central_notifications_failing major']);
  report(140, 920, (atS) => [atS, 0]);
  expect(active()).toEqual(['central_notifications_failing critical']);
  report(920, 1_000, () => [0, 0]);
  expect(active()).toEqual([]);
});

it('central raises an alarm of what it gave up, for an hour', () => {
  report(0, 60, () => [0, 0]);
  expect(active()).toEqual([]);
  report(60, 70, () => [0, 3]);
  report(70, 3_600, () => [0, 0]);
  expect(active()).toEqual(['central_notifications_lost critical']);
  report(3_600, 3_800, () => [0, 0]);
  expect(active()).toEqual([]);
});
