import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IncidentOfAlert } from '../alerts/incidents/incident-view.ts';
import { messageText } from './message/message-text.ts';
import { FakeReceiver } from './testing/fake-channel.ts';
import { NotifyHarness } from './testing/notify-harness.ts';

const options = { language: 'en', timeZone: 'Asia/Ho_Chi_Minh', maxChars: 4_000 } as const;
const cut: IncidentOfAlert = {
  id: 'i-1',
  root: 'site:hub-03',
  rootName: 'Hub 3',
  headAlertId: 'a-0',
  severity: 'critical',
  openAlerts: 41,
  suppressedAlerts: 40,
  counts: { sites: 41, units: 8, devices: 120, services: 1 },
  beganAtMs: 0,
};

let harness: NotifyHarness;
let noc: FakeReceiver;
beforeEach(() => {
  harness = new NotifyHarness();
  noc = new FakeReceiver();
});
afterEach(() => harness.close());

function start(): void {
  harness.start({
    channels: [noc.channel('noc')],
    routes: [{ name: 'all', channels: ['noc'] }],
    groupWindowMs: 10_000,
    parentWindowMs: 20_000,
  });
  harness.notifier.tick();
}

it('a cut of 41 sites is one message that names the root, and one when it is over', async () => {
  start();
  for (let site = 0; site < 41; site++) {
    const id = `a-${site}`;
    harness.children.add(id);
    harness.fire(id, 'major', { rule: 'agent_silent', site: `site-${site}` });
  }
  await harness.run(12);
  // Central finds the root.
  for (let site = 0; site < 41; site++) {
    harness.incidents.set(`a-${site}`, cut);
    if (site === 0) harness.children.clear();
    else
      harness.suppressions.set(`a-${site}`, { kind: 'parent', by: 'site:hub-03', reason: 'hub-03 is down' });
  }
  await harness.run(60);
  const [begin] = noc.heard;
  expect(noc.heard).toHaveLength(1);
  expect(begin && messageText(begin, options)).toMatchObject({
    title: expect.stringMatching(/cut off: 41 sites in 8 units, 120 devices, 1 service$/) as string,
    text: 'Root: Hub 3 (site:hub-03)\n40 alerts are suppressed because of it',
  });
  // Little is cut off at the end; the children recover some seconds after their root.
  harness.end('a-0');
  harness.incidents.clear();
  harness.suppressions.clear();
  await harness.run(5);
  for (let site = 1; site < 41; site++) harness.end(`a-${site}`);
  await harness.run(120);
  expect(noc.heard).toHaveLength(2);
  const end = noc.heard[1];
  expect(end && messageText(end, options).title).toMatch(/^\[OVER\] .* was cut off: 41 sites in 8 units/);
  expect(end && messageText(end, options).text).toMatch(/^40 alerts were suppressed because of it$/m);
});

it('what hangs on it and was told before the root was found is told of in one message, under its head', async () => {
  start();
  for (const [id, site] of [
    ['a-1', 'site-1'],
    ['a-2', 'site-2'],
    ['a-0', 'hub-03'],
  ] as const) {
    harness.incidents.set(id, cut);
    harness.fire(id, 'critical', { site });
  }
  harness.fire('b-1', 'critical', { site: 'site-9' });
  await harness.run(30);
  const alerts = noc.heard.map((message) => message.alerts.map(({ facts }) => facts.id));
  expect(alerts).toEqual([['a-0', 'a-1', 'a-2'], ['b-1']]);
  const [begin] = noc.heard;
  expect(begin && messageText(begin, options).title).toMatch(/^\[CRITICAL\] rule_of_a-0 /);
});
