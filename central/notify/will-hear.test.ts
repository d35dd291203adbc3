import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeReceiver } from './testing/fake-channel.ts';
import { NotifyHarness } from './testing/notify-harness.ts';

let harness: NotifyHarness;
beforeEach(() => {
  harness = new NotifyHarness();
  const noc = new FakeReceiver();
  const routes = [{ name: 'sites', rules: ['site_*'], channels: ['noc'] }];
  harness.start({ channels: [noc.channel('noc')], routes, parentWindowMs: 20_000 });
  harness.notifier.tick();
});
afterEach(() => harness.close());

function willHear(id: string, rule: string): boolean {
  const facts = { id, rule, severity: 'major', entity: {}, agent: 'gw-1', startedAtMs: 0 } as const;
  return harness.notifier.willHear(facts);
}

it('an alert is heard of if it was told, or if a route takes it while it is new or held', async () => {
  expect([willHear('new', 'site_cut'), willHear('new', 'disk_full')]).toEqual([true, false]);
  harness.suppressions.set('held', { kind: 'parent', by: 'site:hub-3', reason: 'hub-3 is down' });
  harness.fire('held', 'major', { rule: 'site_cut' });
  harness.fire('told', 'major', { rule: 'site_cut' });
  harness.fire('left', 'major', { rule: 'disk_full' });
  await harness.run(2);
  expect(harness.notifier.stats().held).toEqual({ parent: 1 });
  expect([willHear('held', 'site_cut'), willHear('held', 'disk_full')]).toEqual([true, false]);
  // What was told stays told, whatever the routes say now.
  expect([willHear('told', 'site_cut'), willHear('told', 'disk_full')]).toEqual([true, true]);
  // What no route took when it began is not told because one would take it now.
  expect([willHear('left', 'disk_full'), willHear('left', 'site_cut')]).toEqual([false, false]);
});
