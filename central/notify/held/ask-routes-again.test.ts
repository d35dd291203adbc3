import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeReceiver } from '../testing/fake-channel.ts';
import { NotifyHarness } from '../testing/notify-harness.ts';

let harness: NotifyHarness;
let receivers: Readonly<Record<'noc' | 'mail' | 'sms', FakeReceiver>>;
beforeEach(() => {
  harness = new NotifyHarness();
  receivers = { noc: new FakeReceiver(), mail: new FakeReceiver(), sms: new FakeReceiver() };
});
afterEach(() => harness.close());

function start(...ids: readonly (keyof typeof receivers)[]): void {
  const channels = ids.map((id) => receivers[id].channel(id));
  harness.start({ channels, routes: [{ name: 'all', channels: ids }] });
  harness.notifier.tick();
}

/** What noc, mail and sms heard. */
function told(id: string): readonly (readonly string[])[] {
  return Object.values(receivers).map((receiver) => receiver.toldOf(id));
}

describe('an open alert of a channel that is gone', () => {
  it('goes to whomever the routes name now, if nobody has heard of it', async () => {
    start('noc', 'mail');
    receivers.noc.behaviour = 'deaf';
    receivers.mail.behaviour = 'refuses';
    harness.fire('a-1');
    await harness.run(5);
    // Owed, while the message before is not delivered.
    harness.fire('a-2');
    await harness.run(60);
    start('sms');
    await harness.run(5);
    harness.end('a-1');
    await harness.run(5);
    expect(told('a-1')).toEqual([[], [], ['begin', 'end']]);
    expect(told('a-2')).toEqual([[], [], ['begin']]);
  });

  it('is not told anew, if somebody heard of it', async () => {
    start('noc');
    harness.fire('a-1');
    await harness.run(5);
    start('sms');
    await harness.run(60);
    expect(told('a-1')).toEqual([['begin'], [], []]);
  });

  it('is not told anew, if another channel is still to be told', async () => {
    start('noc', 'mail');
    receivers.noc.behaviour = 'deaf';
    receivers.mail.behaviour = 'deaf';
    harness.fire('a-1');
    await harness.run(5);
    receivers.mail.behaviour = 'well';
    start('mail', 'sms');
    await harness.run(120);
    expect(told('a-1')).toEqual([[], ['begin'], []]);
  });

  it('stays held while it is suppressed, and has its reason where no route takes it', async () => {
    start('noc');
    receivers.noc.behaviour = 'deaf';
    harness.fire('a-1');
    harness.fire('a-2');
    await harness.run(5);
    harness.suppressions.set('a-1', { kind: 'maintenance', by: 'm-1', reason: 'maintenance' });
    harness.start({
      channels: [receivers.sms.channel('sms')],
      routes: [{ name: 'others', rules: ['rule_of_a-1'], channels: ['sms'] }],
    });
    await harness.run(60);
    expect(told('a-1')).toEqual([[], [], []]);
    expect(harness.notifier.stats().held).toEqual({ maintenance: 1 });
    expect(harness.notifier.explain('a-2').notToldBecause?.reason).toBe('no route takes it');
    harness.suppressions.clear();
    await harness.run(5);
    expect(told('a-1')).toEqual([[], [], ['begin']]);
  });

  it('is not told, if it was over before', async () => {
    start('noc');
    receivers.noc.behaviour = 'deaf';
    harness.fire('a-1');
    await harness.run(5);
    harness.end('a-1');
    await harness.run(5);
    start('sms');
    await harness.run(60);
    expect(told('a-1')).toEqual([[], [], []]);
  });
});
