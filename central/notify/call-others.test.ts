import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Route } from './route/should-tell.ts';
import { FakeReceiver } from './testing/fake-channel.ts';
import { NotifyHarness } from './testing/notify-harness.ts';

const ROUTES: readonly Route[] = [
  {
    name: 'all',
    channels: ['noc'],
    escalate: [
      { afterMs: 900_000, channels: ['chief'] },
      { afterMs: 1_800_000, channels: ['director'] },
    ],
  },
];

let harness: NotifyHarness;
let receivers: Readonly<Record<'noc' | 'chief' | 'director', FakeReceiver>>;
beforeEach(() => {
  harness = new NotifyHarness();
  receivers = { noc: new FakeReceiver(), chief: new FakeReceiver(), director: new FakeReceiver() };
});
afterEach(() => harness.close());

function start(routes = ROUTES): void {
  const channels = Object.entries(receivers).map(([id, receiver]) => receiver.channel(id));
  harness.start({ channels, routes, parentWindowMs: 20_000 });
  harness.notifier.tick();
}

/** What noc, chief and director heard. */
function told(): readonly (readonly string[])[] {
  return Object.values(receivers).map((receiver) => receiver.toldOf('a-1'));
}

describe('an alert that nobody acknowledges', () => {
  it('is told to others, step by step, and so is its end, also over a restart', async () => {
    start();
    harness.fire('a-1');
    await harness.run(890, 5);
    expect(told()).toEqual([['begin'], [], []]);
    expect(harness.notifier.explain('a-1').escalations.map(({ channel }) => channel)).toEqual([
      'chief',
      'director',
    ]);
    await harness.run(20);
    expect(told()).toEqual([['begin'], ['begin'], []]);
    start();
    await harness.run(900, 5);
    expect(told()).toEqual([['begin'], ['begin'], ['begin']]);
    harness.end('a-1');
    await harness.run(5);
    expect(told()).toEqual([
      ['begin', 'end'],
      ['begin', 'end'],
      ['begin', 'end'],
    ]);
    expect(harness.notifier.explain('a-1').escalations).toEqual([]);
  });

  it('but is over in time is told to nobody else', async () => {
    start();
    harness.fire('a-1');
    await harness.run(600, 5);
    harness.end('a-1');
    await harness.run(3_600, 20);
    expect(told()).toEqual([['begin', 'end'], [], []]);
  });

  it('counts from when it was told first', async () => {
    start();
    harness.suppressions.set('a-1', { kind: 'maintenance', by: 'm-1', reason: 'maintenance' });
    harness.fire('a-1');
    await harness.run(3_600, 20);
    harness.suppressions.clear();
    await harness.run(800, 5);
    expect(told()).toEqual([['begin'], [], []]);
    await harness.run(120, 5);
    expect(told()).toEqual([['begin'], ['begin'], []]);
  });
});

describe('an alert that somebody acknowledged, or that is suppressed meanwhile', () => {
  it('is told to others only once that is taken back', async () => {
    start();
    harness.fire('a-1');
    await harness.run(60, 5);
    harness.acknowledged.add('a-1');
    await harness.run(1_200, 5);
    expect(told()).toEqual([['begin'], [], []]);
    harness.acknowledged.clear();
    harness.suppressions.set('a-1', { kind: 'shelved', by: 'a-1', reason: 'shelved' });
    await harness.run(120, 5);
    expect(told()).toEqual([['begin'], [], []]);
    harness.suppressions.clear();
    await harness.run(70, 5);
    expect(told()).toEqual([['begin'], ['begin'], []]);
  });
});

describe('an alert that becomes graver while it is suppressed, and was told before', () => {
  const routes = [
    { name: 'all', channels: ['noc'] },
    { name: 'grave ones', severities: ['critical' as const], channels: ['chief'] },
  ];

  it('is told to those who know it, and to others once it is suppressed no more', async () => {
    start(routes);
    harness.fire('a-1', 'major');
    await harness.run(5);
    harness.suppressions.set('a-1', { kind: 'maintenance', by: 'm-1', reason: 'maintenance' });
    harness.change('a-1', 'critical');
    await harness.run(600, 5);
    expect(told()).toEqual([['begin', 'change'], [], []]);
    // Also over a restart.
    start(routes);
    harness.suppressions.clear();
    await harness.run(70, 5);
    harness.end('a-1');
    await harness.run(5);
    expect(told()).toEqual([['begin', 'change', 'end'], ['begin', 'end'], []]);
  });

  it('and is over before that is told to nobody else', async () => {
    start(routes);
    harness.fire('a-1', 'major');
    await harness.run(5);
    harness.suppressions.set('a-1', { kind: 'maintenance', by: 'm-1', reason: 'maintenance' });
    harness.change('a-1', 'critical');
    await harness.run(60, 5);
    harness.end('a-1');
    harness.suppressions.clear();
    await harness.run(120, 5);
    expect(told()).toEqual([['begin', 'change', 'end'], [], []]);
  });
});

describe('an alert that nobody acknowledges, with quiet hours of its route', () => {
  // The harness begins at 08:00; the alert is 15 minutes old at 08:15.
  const routes = [
    { ...ROUTES[0], name: 'all', channels: ['noc'], quietHours: { fromMinute: 485, toMinute: 600 } },
  ];

  it('is told to others once they are over', async () => {
    start(routes);
    harness.fire('a-1', 'major');
    await harness.run(7_180, 20);
    expect(told()).toEqual([['begin'], [], []]);
    await harness.run(60, 5);
    expect(told()).toEqual([['begin'], ['begin'], ['begin']]);
  });

  it('is told to nobody else, if somebody acknowledged it by then', async () => {
    start(routes);
    harness.fire('a-1', 'major');
    await harness.run(3_600, 20);
    harness.acknowledged.add('a-1');
    await harness.run(7_200, 20);
    expect(told()).toEqual([['begin'], [], []]);
  });

  it('is told to others within them, if it is critical, or becomes so', async () => {
    start(routes);
    harness.fire('a-1', 'critical');
    harness.fire('a-2', 'major');
    await harness.run(1_200, 5);
    expect(told()).toEqual([['begin'], ['begin'], []]);
    harness.change('a-2', 'critical');
    await harness.run(920, 5);
    expect(receivers.chief.toldOf('a-2')).toEqual(['begin']);
  });
});

describe('an alert that nobody acknowledges, and that is milder by then', () => {
  const [all] = ROUTES;
  const routes: readonly Route[] = [
    { ...all, name: 'grave ones', channels: ['noc'], severities: ['critical'] },
  ];

  it('is told to nobody else, until it is graver again for as long', async () => {
    start(routes);
    harness.fire('a-1', 'critical');
    await harness.run(60);
    harness.change('a-1', 'warning', 'deescalated');
    await harness.run(3_600, 20);
    expect(told()).toEqual([['begin'], [], []]);
    harness.change('a-1', 'critical');
    await harness.run(920, 5);
    expect(told()[1]).toEqual(['begin']);
  });

  it('is told to others, if their route takes it as it is then', async () => {
    start([
      ...routes,
      { name: 'mild ones', channels: ['noc'], escalate: [{ afterMs: 900_000, channels: ['chief'] }] },
    ]);
    harness.fire('a-1', 'critical');
    await harness.run(60);
    harness.change('a-1', 'warning', 'deescalated');
    await harness.run(3_600, 20);
    expect(told()).toEqual([['begin'], ['begin'], []]);
  });
});

it('an alert is told to others also after the hours of its route, which go by when it began', async () => {
  start([{ ...ROUTES[0], name: 'by day', channels: ['noc'], hours: { fromMinute: 0, toMinute: 481 } }]);
  harness.fire('a-1');
  await harness.run(920, 5);
  expect(told()).toEqual([['begin'], ['begin'], []]);
});
