import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CORRECTION_KINDS } from '../alerts/history/alert-correction.ts';
import { FakeReceiver } from './testing/fake-channel.ts';
import { NotifyHarness } from './testing/notify-harness.ts';

let harness: NotifyHarness;
let noc: FakeReceiver;
beforeEach(() => {
  harness = new NotifyHarness();
  noc = new FakeReceiver();
  harness.start({ channels: [noc.channel('noc')], routes: [{ name: 'all', channels: ['noc'] }] });
  harness.notifier.tick();
});
afterEach(() => harness.close());

describe('what the backlog tells', () => {
  it('of an alert that is open or over changes no message, also where the line is graver', async () => {
    harness.fire('a-1');
    await harness.run(5);
    for (const kind of CORRECTION_KINDS) harness.change('a-1', 'critical', kind);
    await harness.run(5);
    expect(noc.toldOf('a-1')).toEqual(['begin']);
    harness.end('a-1');
    await harness.run(5);
    for (const kind of CORRECTION_KINDS) harness.change('a-1', 'critical', kind);
    await harness.run(5);
    expect(noc.toldOf('a-1')).toEqual(['begin', 'end']);
  });

  it('of an alert that was over is told to nobody, and why', async () => {
    harness.fire('a-1', 'critical', { isLearnedLate: true });
    harness.end('a-1');
    await harness.run(5);
    expect(noc.heard).toEqual([]);
    expect(harness.notifier.explain('a-1').notToldBecause).toMatchObject({ kind: 'learned_late' });
  });
});
