import { afterEach, beforeEach, expect, it } from 'vitest';
import { HANDLING_KINDS } from '../alerts/history/alert-handling.ts';
import { FakeReceiver } from './testing/fake-channel.ts';
import { NotifyHarness } from './testing/notify-harness.ts';

let harness: NotifyHarness;
const noc = new FakeReceiver();
beforeEach(() => {
  harness = new NotifyHarness();
  const routes = [{ name: 'all', channels: ['noc'] }];
  harness.start({ channels: [noc.channel('noc')], routes });
  harness.notifier.tick();
});
afterEach(() => harness.close());

it('whoever was told of an alert is told that a person closed it, and of nothing else that people do', async () => {
  harness.fire('a-1');
  await harness.run(2);
  for (const kind of HANDLING_KINDS.filter((each) => each !== 'closed')) harness.change('a-1', 'major', kind);
  await harness.run(2);
  harness.end('a-1', 'closed');
  await harness.run(2);
  const told = noc.heard.map(({ alerts }) => alerts.map(({ what, facts }) => `${what} ${facts.id}`).join());
  expect(told).toEqual(['begin a-1', 'end a-1']);
  expect(noc.heard.at(-1)?.alerts[0]?.facts.endedAtMs).toBe(harness.steps.at(-1)?.atMs);
});
