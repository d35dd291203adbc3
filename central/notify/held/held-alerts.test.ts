import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Suppression } from '../../alerts/suppression/suppression.ts';
import { FakeReceiver } from '../testing/fake-channel.ts';
import { NotifyHarness } from '../testing/notify-harness.ts';

const TO_NOC = [{ name: 'all', channels: ['noc'] }];
const maintenance: Suppression = { kind: 'maintenance', by: 'm-1', reason: 'maintenance of hub-03' };
const parent: Suppression = { kind: 'parent', by: 'site:hub-03', reason: 'site:hub-03 is down' };

let harness: NotifyHarness;
let noc: FakeReceiver;
beforeEach(() => {
  harness = new NotifyHarness();
  noc = new FakeReceiver();
});
afterEach(() => harness.close());

function start(changes: Partial<Parameters<NotifyHarness['start']>[0]> = {}): void {
  harness.start({ channels: [noc.channel('noc')], routes: TO_NOC, parentWindowMs: 20_000, ...changes });
  harness.notifier.tick();
}

function told({ heard }: FakeReceiver): string[] {
  return heard.map(({ alerts }) => alerts.map(({ what, facts }) => `${what} ${facts.id}`).join(', '));
}

describe('an alert that is suppressed when it begins', () => {
  it('is told to nobody, and to whomever the routes name once it is suppressed no more', async () => {
    start();
    harness.suppressions.set('a-1', maintenance);
    harness.fire('a-1', 'minor');
    await harness.run(600);
    expect(noc.attempts).toBe(0);
    expect(harness.notifier.explain('a-1').notToldBecause?.reason).toBe('maintenance of hub-03');
    expect(harness.notifier.stats().held).toEqual({ maintenance: 1 });
    harness.suppressions.clear();
    await harness.run(2);
    harness.end('a-1');
    await harness.run(2);
    expect(told(noc)).toEqual(['begin a-1', 'end a-1']);
    expect(harness.notifier.stats().held).toEqual({});
  });

  it('and is over before that is told to nobody, and keeps its reason', async () => {
    start();
    harness.suppressions.set('a-1', maintenance);
    harness.fire('a-1');
    await harness.run(60);
    harness.end('a-1');
    harness.suppressions.clear();
    await harness.run(60);
    expect(noc.attempts).toBe(0);
    expect(harness.notifier.explain('a-1').notToldBecause?.reason).toBe('maintenance of hub-03');
    expect(harness.notifier.explain('a-1').suppression).toMatchObject({
      before: [{ kind: 'maintenance', by: 'm-1', reason: 'maintenance of hub-03' }],
    });
  });

  it('has one reason at a time, and a history of them', async () => {
    start();
    harness.suppressions.set('a-1', maintenance);
    harness.fire('a-1');
    await harness.run(10);
    harness.suppressions.set('a-1', parent);
    await harness.run(10);
    const { now, before } = harness.notifier.explain('a-1').suppression;
    expect(now?.kind).toBe('parent');
    expect(before.map(({ kind, fromMs, toMs }) => [kind, toMs - fromMs])).toEqual([['maintenance', 10_000]]);
  });

  it('is told with the severity that it has by then', async () => {
    start({ routes: [{ name: 'grave ones', severities: ['critical'], channels: ['noc'] }] });
    harness.suppressions.set('a-1', maintenance);
    harness.fire('a-1', 'minor');
    await harness.run(10);
    harness.change('a-1', 'critical');
    await harness.run(10);
    expect(noc.attempts).toBe(0);
    harness.suppressions.clear();
    await harness.run(2);
    expect(noc.heard[0]?.alerts).toMatchObject([{ what: 'begin', facts: { severity: 'critical' } }]);
  });

  it('that no route takes in the end says so', async () => {
    start({ routes: [{ name: 'grave ones', severities: ['critical'], channels: ['noc'] }] });
    harness.suppressions.set('a-1', maintenance);
    harness.fire('a-1', 'minor');
    await harness.run(10);
    harness.suppressions.clear();
    await harness.run(10);
    expect(harness.notifier.explain('a-1').notToldBecause?.reason).toBe('no route takes it');
  });

  it('stays held over a restart, and is told once', async () => {
    start();
    for (const id of ['a-1', 'a-2']) {
      harness.suppressions.set(id, maintenance);
      harness.fire(id);
    }
    await harness.run(10);
    start();
    await harness.run(10);
    expect(harness.notifier.stats().held).toEqual({ maintenance: 2 });
    harness.suppressions.clear();
    harness.end('a-2');
    start();
    await harness.run(10);
    expect(told(noc)).toEqual(['begin a-1']);
  });

  it('is not posted to a channel that keeps states', async () => {
    const state = new FakeReceiver();
    const channels = [state.channel('state', undefined, { batchSize: 10 })];
    start({ channels, routes: [{ name: 'all', channels: ['state'] }] });
    harness.suppressions.set('a-1', maintenance);
    harness.fire('a-1');
    await harness.run(300);
    expect([state.heard, state.repeated]).toEqual([[], []]);
  });
});

describe('an alert that was told', () => {
  it('becomes graver and ends for those who heard of it, although it is suppressed by then', async () => {
    start();
    harness.fire('a-1', 'minor');
    await harness.run(5);
    harness.suppressions.set('a-1', maintenance);
    harness.change('a-1', 'critical');
    await harness.run(5);
    harness.end('a-1');
    await harness.run(5);
    expect(told(noc)).toEqual(['begin a-1', 'change a-1', 'end a-1']);
  });
});

describe('an alert that no route took', () => {
  it('is held when it becomes grave enough for one while it is suppressed', async () => {
    start({ routes: [{ name: 'grave ones', severities: ['critical'], channels: ['noc'] }] });
    harness.fire('a-1', 'minor');
    await harness.run(5);
    harness.suppressions.set('a-1', maintenance);
    harness.change('a-1', 'critical');
    await harness.run(5);
    expect(harness.notifier.stats().held).toEqual({ maintenance: 1 });
    harness.suppressions.clear();
    await harness.run(5);
    expect(told(noc)).toEqual(['begin a-1']);
  });
});

describe('an alert that may hang on something that is down', () => {
  beforeEach(() => {
    harness.children.add('a-1');
  });

  it('waits for the parent-detection window, no longer, and for less of the group window then', async () => {
    start({ groupWindowMs: 10_000 });
    harness.fire('a-1', 'critical');
    await harness.run(20);
    expect(harness.notifier.stats().held).toEqual({ waiting: 1 });
    await harness.run(5);
    expect(told(noc)).toEqual(['begin a-1']);
  });

  it('waits no longer once it is known to be the root itself', async () => {
    start();
    harness.fire('a-1');
    await harness.run(5);
    harness.children.clear();
    await harness.run(2);
    expect(told(noc)).toEqual(['begin a-1']);
  });

  it('is suppressed once its parent is known to be down, and waits a window for its own recovery after that', async () => {
    start();
    harness.fire('a-1');
    await harness.run(15);
    harness.suppressions.set('a-1', parent);
    await harness.run(600);
    harness.suppressions.clear();
    await harness.run(10);
    expect(harness.notifier.stats().held).toEqual({ waiting: 1 });
    harness.end('a-1');
    await harness.run(60);
    expect(noc.attempts).toBe(0);
    const { before } = harness.notifier.explain('a-1').suppression;
    expect(before.map(({ kind }) => kind)).toEqual(['waiting', 'parent', 'waiting']);
  });

  it('is told at once if it is a critical one about Wardwatch itself', async () => {
    start();
    harness.fire('a-1', 'critical', { agent: 'central' });
    await harness.run(2);
    expect(told(noc)).toEqual(['begin a-1']);
  });

  it('waits a window at most after a restart with a clock that was set back', async () => {
    start();
    harness.fire('a-1');
    await harness.run(2);
    harness.clock.freeze(-86_400_000);
    start();
    await harness.run(22);
    expect(told(noc)).toEqual(['begin a-1']);
  });
});

describe('what is owed but not told yet', () => {
  // The harness begins at 08:00 UTC, 15:00 in Ho Chi Minh City.
  const quietHours = { fromMinute: 14 * 60, toMinute: 16 * 60 };

  it('is held when it is suppressed before quiet hours are over', async () => {
    start({
      routes: [{ name: 'all', channels: ['noc'], quietHours }],
      timeZone: 'Asia/Ho_Chi_Minh',
    });
    harness.fire('a-1', 'minor');
    await harness.run(10);
    harness.suppressions.set('a-1', { kind: 'shelved', by: 'a-1', reason: 'shelved until Friday' });
    harness.clock.freeze(3_600_000);
    await harness.run(60);
    expect(noc.attempts).toBe(0);
    expect(harness.notifier.stats().held).toEqual({ shelved: 1 });
    expect(harness.notifier.tellingsOf('a-1')).toEqual([]);
  });

  it('goes under a parent that is found within the group window', async () => {
    start({ groupWindowMs: 10_000 });
    harness.fire('a-1');
    await harness.run(8);
    harness.suppressions.set('a-1', parent);
    await harness.run(60);
    expect(noc.attempts).toBe(0);
  });

  it('is told to every channel where one has heard of it', async () => {
    const sms = new FakeReceiver();
    start({
      channels: [noc.channel('noc'), sms.channel('sms')],
      routes: [...TO_NOC, { name: 'not at night', channels: ['sms'], quietHours }],
      timeZone: 'Asia/Ho_Chi_Minh',
    });
    harness.fire('a-1', 'minor');
    await harness.run(10);
    harness.suppressions.set('a-1', maintenance);
    harness.clock.freeze(3_600_000);
    await harness.run(60);
    expect([told(noc), told(sms)]).toEqual([['begin a-1'], ['begin a-1']]);
  });
});

describe('an alert that begins in the last seconds of the hours of a route', () => {
  // The harness begins at 08:00:00.
  const routes = [{ name: 'by day', channels: ['noc'], hours: { fromMinute: 0, toMinute: 481 } }];

  it('is told although it waited for its root over their end', async () => {
    start({ routes });
    await harness.run(50);
    harness.children.add('a-1');
    harness.fire('a-1', 'critical');
    await harness.run(60);
    expect(told(noc)).toEqual(['begin a-1']);
  });

  it('is told although it was suppressed over their end', async () => {
    start({ routes });
    harness.suppressions.set('a-1', maintenance);
    harness.fire('a-1');
    await harness.run(120);
    harness.suppressions.clear();
    await harness.run(5);
    expect(told(noc)).toEqual(['begin a-1']);
  });

  it('is told once quiet hours are over that began while it waited', async () => {
    start({
      routes: [
        { ...routes[0], name: 'by day', channels: ['noc'], quietHours: { fromMinute: 481, toMinute: 600 } },
      ],
    });
    await harness.run(50);
    harness.children.add('a-1');
    harness.fire('a-1');
    await harness.run(600, 5);
    expect(told(noc)).toEqual([]);
    await harness.run(7_200, 20);
    expect(told(noc)).toEqual(['begin a-1']);
  });
});

it('many that are suppressed no more are told within seconds, some each second', async () => {
  start();
  for (let at = 0; at < 1_200; at++) {
    harness.suppressions.set(`a-${at}`, maintenance);
    harness.fire(`a-${at}`, 'major', { site: 'site-1' });
  }
  await harness.run(5);
  expect(harness.notifier.stats().held).toEqual({ maintenance: 1_200 });
  // One of the last to begin, while most are still suppressed.
  harness.suppressions.delete('a-1100');
  await harness.run(3);
  expect(told(noc)).toEqual(['begin a-1100']);
  harness.suppressions.clear();
  await harness.run(1);
  expect(harness.notifier.stats().held).toEqual({ maintenance: 999 });
  await harness.run(8);
  expect(harness.notifier.stats().held).toEqual({});
});

it('a fault in what suppresses keeps nobody from hearing of an alert', async () => {
  start();
  harness.suppressions.get = () => {
    throw new Error('a fault');
  };
  harness.fire('a-1');
  await harness.run(2);
  expect(told(noc)).toEqual(['begin a-1']);
});
