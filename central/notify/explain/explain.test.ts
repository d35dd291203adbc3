import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeReceiver } from '../testing/fake-channel.ts';
import { NotifyHarness } from '../testing/notify-harness.ts';

const TO_NOC = [{ name: 'all', channels: ['noc'] }];
const CALM = { perMinute: 20, digestAbove: 100, digestWithinMs: 120_000 };

let harness: NotifyHarness;
let noc: FakeReceiver;
beforeEach(() => {
  harness = new NotifyHarness();
  noc = new FakeReceiver();
});
afterEach(() => harness.close());

function start(changes: Partial<Parameters<NotifyHarness['start']>[0]> = {}): void {
  harness.start({ channels: [noc.channel('noc', CALM)], routes: TO_NOC, parentWindowMs: 20_000, ...changes });
  harness.notifier.tick();
}

/** Seconds from now. */
function inS(untilMs: number | undefined): number | undefined {
  return untilMs === undefined ? undefined : Math.round((untilMs - harness.clock.now()) / 1_000);
}

function why(id: string): readonly [string | undefined, string | undefined, number | undefined] {
  const { kind, reason, untilMs } = harness.notifier.explain(id).notToldBecause ?? {};
  return [kind, reason, inS(untilMs)];
}

describe('why nobody was told of an alert', () => {
  it('is not there once a message arrived', async () => {
    start();
    harness.fire('a-1');
    await harness.run(2);
    const { messages, owed, notToldBecause } = harness.notifier.explain('a-1');
    expect(messages).toMatchObject([{ state: 'sent', receipts: [{ answer: 'ok' }] }]);
    expect([owed, notToldBecause]).toEqual([[], undefined]);
  });

  it('is that nothing looked at it yet, or that no notifications are configured', () => {
    start();
    harness.fire('a-1');
    expect(why('a-1')[0]).toBe('not_followed_yet');
    harness.start({ channels: [], routes: [] });
    expect(why('a-1')[0]).toBe('no_notifications');
  });

  it('is the group window, with its end', async () => {
    start({ groupWindowMs: 10_000 });
    harness.fire('a-1');
    await harness.run(3);
    expect(why('a-1')).toEqual([
      'group_window',
      'noc: alerts that belong to it are waited for, so that all are one message',
      8,
    ]);
  });

  it('is quiet hours, with their end', async () => {
    // The harness begins at 08:00 UTC, 15:00 in Ho Chi Minh City.
    const quietHours = { fromMinute: 14 * 60, toMinute: 16 * 60 };
    start({
      routes: [{ name: 'all', channels: ['noc'], quietHours }],
      timeZone: 'Asia/Ho_Chi_Minh',
    });
    harness.fire('a-1', 'minor');
    await harness.run(60);
    expect(why('a-1')).toEqual(['quiet_hours', 'noc: quiet hours', 3_540]);
  });

  it('is the limit of the channel, with the time of the next message', async () => {
    start({ channels: [noc.channel('noc', { ...CALM, perMinute: 1 })] });
    harness.fire('a-1');
    await harness.run(10);
    harness.fire('a-2');
    await harness.run(10);
    expect(why('a-2')).toEqual(['rate_limit', 'noc: its limit of messages a minute, 1, is reached', 41]);
    await harness.run(45);
    expect(noc.toldOf('a-2')).toEqual(['begin']);
  });

  it('is a storm, with the time of the next digest', async () => {
    start({ channels: [noc.channel('noc', { ...CALM, digestAbove: 2 })] });
    for (const id of ['a-1', 'a-2', 'a-3']) {
      harness.fire(id, 'major', { site: id });
      await harness.run(2);
    }
    expect(why('a-3')[0]).toBe('storm_digest');
    const untilS = why('a-3')[2] ?? 0;
    await harness.run(untilS - 1);
    expect(noc.toldOf('a-3')).toEqual([]);
    await harness.run(2);
    expect(noc.toldOf('a-3')).toEqual(['begin']);
  });

  it('is what the receiver answered, and for what comes after it the message before', async () => {
    start();
    noc.behaviour = 'deaf';
    harness.fire('a-1');
    await harness.run(5);
    harness.fire('a-2');
    await harness.run(5);
    expect(why('a-1').slice(0, 2)).toEqual(['undelivered', 'noc did not take it: deaf']);
    expect(why('a-2')[0]).toBe('earlier_message');
  });

  it('is the pause after a message that was given up', async () => {
    start();
    noc.behaviour = 'refuses';
    harness.fire('a-1');
    await harness.run(60);
    expect(why('a-1')[0]).toBe('pause');
  });

  it('is that it is held, now and over the history of its reasons, and why once it is over', async () => {
    start();
    harness.children.add('a-1');
    harness.fire('a-1');
    await harness.run(5);
    expect(why('a-1')).toEqual(['waiting', 'it may hang on something that is about to be found down', 16]);
    harness.suppressions.set('a-1', { kind: 'parent', by: 'site:hub-03', reason: 'site:hub-03 is down' });
    await harness.run(5);
    harness.end('a-1');
    await harness.run(5);
    const { suppression, notToldBecause } = harness.notifier.explain('a-1');
    expect(notToldBecause).toEqual({ kind: 'parent', by: 'site:hub-03', reason: 'site:hub-03 is down' });
    expect(suppression).toMatchObject({
      before: [
        { kind: 'waiting', toMs: harness.clock.now() - 9_000 },
        { kind: 'parent', by: 'site:hub-03', fromMs: harness.clock.now() - 9_000 },
      ],
    });
  });
});
