import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeReceiver } from './testing/fake-channel.ts';
import { NotifyHarness } from './testing/notify-harness.ts';

let harness: NotifyHarness;
let noc: FakeReceiver;
beforeEach(() => {
  harness = new NotifyHarness();
  noc = new FakeReceiver();
  harness.start({ channels: [noc.channel('noc')], routes: [{ name: 'all', channels: ['noc'] }] });
  harness.notifier.tick();
  for (let at = 0; at < 1_200; at++) harness.fire(`a-${at}`, 'major', { site: 'site-1' });
});
afterEach(() => harness.close());

function followed(): number {
  let count = 0;
  while (harness.notifier.tellingsOf(`a-${count}`).length > 0) count++;
  return count;
}

describe('many alerts at once', () => {
  it('are followed within one second, where that takes little time', () => {
    harness.notifier.tick();
    expect(followed()).toBe(1_200);
  });

  it('are followed 500 each second, where that takes long', () => {
    let monotonicMs = 0;
    harness.clock.monotonicMs = () => (monotonicMs += 60);
    const counts = [0, 1, 2].map(() => {
      harness.notifier.tick();
      return followed();
    });
    expect(counts).toEqual([500, 1_000, 1_200]);
  });
});
