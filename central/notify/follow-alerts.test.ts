import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CALM_LIMITS, FakeReceiver } from './testing/fake-channel.ts';
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

describe('an alert that somebody knows gets graver', () => {
  let pager: FakeReceiver;
  let chief: FakeReceiver;
  let manager: FakeReceiver;

  function start(): void {
    harness.start({
      channels: [
        noc.channel('noc'),
        pager.channel('pager'),
        chief.channel('chief'),
        manager.channel('manager', CALM_LIMITS, { batchSize: 10 }),
      ],
      routes: [
        { name: 'all', channels: ['noc'] },
        {
          name: 'grave',
          severities: ['critical' as const],
          channels: ['pager', 'manager'],
          escalate: [{ afterMs: 300_000, channels: ['chief'] }],
        },
      ],
    });
  }

  /** The pager knows the service as critical; the line of the same incident has become so. */
  async function withheld(): Promise<void> {
    await harness.run(2);
    harness.together = ['line', 'service'];
    harness.change('line', 'critical');
    await harness.run(2);
    expect(pager.toldOf('line')).toEqual([]);
  }

  function endService(): void {
    harness.together = ['line'];
    harness.end('service');
  }

  beforeEach(() => {
    pager = new FakeReceiver();
    chief = new FakeReceiver();
    manager = new FakeReceiver();
    harness = new NotifyHarness();
    start();
    harness.notifier.tick();
    harness.fire('line', 'minor');
    harness.fire('service', 'critical');
  });

  it('is no news to whom another alert of the same incident told as much', async () => {
    await withheld();
    await harness.run(200);
    expect(pager.toldOf('line')).toEqual([]);
    expect(noc.toldOf('line')).toEqual(['begin', 'change']);
  });

  it('is told within a minute after that other alert is over, and its end as well', async () => {
    await withheld();
    endService();
    await harness.run(62);
    expect(pager.toldOf('service')).toEqual(['begin', 'end']);
    expect(pager.toldOf('line')).toEqual(['begin']);
    harness.end('line');
    await harness.run(2);
    expect(pager.toldOf('line')).toEqual(['begin', 'end']);
  });

  it('is told then also when central was killed meanwhile', async () => {
    await withheld();
    endService();
    start();
    await harness.run(62);
    expect(pager.toldOf('line')).toEqual(['begin']);
  });

  it('is told then also when somebody had acknowledged it: that holds nothing back', async () => {
    harness.acknowledged.add('line');
    await withheld();
    endService();
    await harness.run(62);
    expect(pager.toldOf('line')).toEqual(['begin']);
  });

  it('is not told when it is over as well by then', async () => {
    await withheld();
    endService();
    harness.end('line');
    await harness.run(200);
    expect(pager.toldOf('line')).toEqual([]);
  });

  it('is told to a channel that keeps the state of each alert', async () => {
    await withheld();
    expect(manager.toldOf('line')).toEqual(['begin']);
  });

  it('calls whom its route calls later', async () => {
    await withheld();
    await harness.run(300);
    expect(chief.toldOf('line')).toEqual(['begin']);
  });

  it('is told to whoever knows nothing of that incident', async () => {
    await harness.run(2);
    harness.change('line', 'critical');
    await harness.run(2);
    expect(harness.notifier.tellingsOf('line').map(({ channel }) => channel)).toEqual([
      'manager',
      'noc',
      'pager',
    ]);
  });
});
