import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OnCallTarget, Route } from '../route/should-tell.ts';
import { FakeReceiver } from '../testing/fake-channel.ts';
import { NotifyHarness } from '../testing/notify-harness.ts';

let harness: NotifyHarness;
let an: FakeReceiver;
let binh: FakeReceiver;
/** Who is on call; whoever is named takes over at once. */
let present: readonly string[];
beforeEach(() => {
  harness = new NotifyHarness();
  an = new FakeReceiver();
  binh = new FakeReceiver();
  present = ['an'];
});
afterEach(() => harness.close());

const onCall: OnCallTarget = { ref: 'network', everybody: ['an', 'binh'], channelsAt: () => present };

function start(route: Partial<Route> = {}): void {
  harness.start({
    channels: [an.channel('an'), binh.channel('binh')],
    routes: [{ name: 'whoever is on call', channels: [], onCall, ...route }],
  });
  harness.notifier.tick();
}

describe('a route to whoever is on call', () => {
  it('tells one person of the beginning, and the same of the end, whoever took over meanwhile', async () => {
    start();
    harness.fire('a-1');
    await harness.run(3);
    present = ['binh'];
    // As after a restart.
    start();
    harness.fire('a-2');
    await harness.run(3);
    harness.end('a-1');
    harness.end('a-2');
    await harness.run(3);
    expect([an.toldOf('a-1'), binh.toldOf('a-1')]).toEqual([['begin', 'end'], []]);
    expect([an.toldOf('a-2'), binh.toldOf('a-2')]).toEqual([[], ['begin', 'end']]);
  });

  it('tells whoever took over of what becomes graver', async () => {
    start();
    harness.fire('a-1', 'minor');
    await harness.run(3);
    present = ['binh'];
    harness.change('a-1', 'critical');
    await harness.run(3);
    expect([an.toldOf('a-1'), binh.toldOf('a-1')]).toEqual([['begin', 'change'], ['begin']]);
  });

  it('calls who is on call when an escalation is due, also when that had to wait', async () => {
    start({ onCall: undefined, channels: ['an'], escalate: [{ afterMs: 60_000, channels: [], onCall }] });
    present = [];
    harness.fire('a-1');
    await harness.run(50);
    expect(harness.notifier.explain('a-1').escalations).toMatchObject([{ channel: 'onCall:network' }]);
    harness.acknowledged.add('a-1');
    await harness.run(30);
    harness.acknowledged.clear();
    present = ['binh'];
    start({ onCall: undefined, channels: ['an'], escalate: [{ afterMs: 60_000, channels: [], onCall }] });
    await harness.run(60);
    expect(binh.toldOf('a-1')).toEqual(['begin']);
    harness.end('a-1');
    await harness.run(3);
    expect(binh.toldOf('a-1')).toEqual(['begin', 'end']);
  });

  it('calls nobody any more where no route has the calendar', async () => {
    start({ channels: ['an'], onCall: undefined, escalate: [{ afterMs: 60_000, channels: [], onCall }] });
    present = ['binh'];
    harness.fire('a-1');
    await harness.run(10);
    start({ channels: ['an'], onCall: undefined });
    await harness.run(120);
    expect(binh.heard).toEqual([]);
    expect(harness.notifier.explain('a-1').escalations).toEqual([]);
  });
});
