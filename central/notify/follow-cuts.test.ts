import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Route } from './route/should-tell.ts';
import { FakeReceiver } from './testing/fake-channel.ts';
import { NotifyHarness } from './testing/notify-harness.ts';

const HEAD = { rule: 'link_down', unit: '25909', site: 'hub-04' };

let harness: NotifyHarness;
let ward: FakeReceiver;
beforeEach(() => {
  harness = new NotifyHarness();
  ward = new FakeReceiver();
});
afterEach(() => harness.close());

/** A technician of one ward, whose hub is in another one. */
function start(route: Partial<Route> = {}): void {
  harness.start({
    channels: [ward.channel('ward')],
    routes: [{ name: 'ward', units: ['26734'], channels: ['ward'], ...route }],
  });
  harness.notifier.tick();
}

function cutOff(units: readonly string[], sites: readonly string[] = []): void {
  const { unit, site, rule } = HEAD;
  const alert = { ...{ id: 'a-0', rule, unit, site }, entity: {}, agent: 'gw-1', startedAtMs: 0 };
  harness.heads = [
    {
      root: 'site:hub-04',
      alert: { ...alert, severity: 'critical' },
      cutOff: { units: new Set(units), sites: new Set(sites), agencies: new Set(), services: new Set() },
      othersTold: () => [],
    },
  ];
}

function told(): string[] {
  return ward.heard.flatMap(({ alerts }) => alerts.map(({ what, facts }) => `${what} ${facts.id}`));
}

describe('a cut whose root is in another unit', () => {
  it('is told to those of a unit once it reaches them, once, and its end', async () => {
    start();
    harness.fire('a-0', 'critical', HEAD);
    cutOff(['25909', '25915']);
    await harness.run(5);
    expect(told()).toEqual([]);
    cutOff(['25909', '25915', '26734']);
    await harness.run(5);
    cutOff(['25909', '25915', '26734', '26737']);
    await harness.run(5);
    start();
    await harness.run(5);
    expect(told()).toEqual(['begin a-0']);
    harness.heads = [];
    harness.end('a-0');
    await harness.run(5);
    expect(told()).toEqual(['begin a-0', 'end a-0']);
  });

  it('is told to those of a site, too', async () => {
    start({ units: undefined, sites: ['site-7'] });
    harness.fire('a-0', 'critical', HEAD);
    cutOff(['25909'], ['hub-04', 'site-7']);
    await harness.run(5);
    expect(told()).toEqual(['begin a-0']);
  });

  it('is held for them while it is suppressed, and told after that', async () => {
    start();
    harness.suppressions.set('a-0', { kind: 'silenced', by: 's-1', reason: 'a silence' });
    harness.fire('a-0', 'critical', HEAD);
    cutOff(['26734']);
    await harness.run(30);
    expect(told()).toEqual([]);
    harness.suppressions.clear();
    await harness.run(5);
    expect(told()).toEqual(['begin a-0']);
  });

  it('is not told to them while it is suppressed where it was told to nobody, or to others', async () => {
    start();
    harness.fire('a-0', 'critical', HEAD);
    await harness.run(5);
    harness.suppressions.set('a-0', { kind: 'silenced', by: 's-1', reason: 'a silence' });
    cutOff(['26734']);
    await harness.run(5);
    expect(told()).toEqual([]);
    harness.suppressions.clear();
    await harness.run(5);
    expect(told()).toEqual(['begin a-0']);
  });

  it('calls whom their routes escalate to', async () => {
    const boss = new FakeReceiver();
    harness.start({
      channels: [ward.channel('ward'), boss.channel('boss')],
      routes: [
        {
          name: 'ward',
          units: ['26734'],
          channels: ['ward'],
          escalate: [{ afterMs: 60_000, channels: ['boss'] }],
        },
      ],
    });
    harness.fire('a-0', 'critical', HEAD);
    cutOff(['26734']);
    await harness.run(70);
    expect(boss.heard).toHaveLength(1);
  });

  it('is over at night for those who are not to be woken only in the morning', async () => {
    // The harness begins at 08:00 UTC.
    start({ quietHours: { fromMinute: 8 * 60 + 1, toMinute: 9 * 60 } });
    harness.fire('a-0', 'major', HEAD);
    cutOff(['26734']);
    await harness.run(30);
    expect(told()).toEqual(['begin a-0']);
    await harness.run(60);
    harness.heads = [];
    harness.end('a-0');
    await harness.run(60);
    expect(told()).toEqual(['begin a-0']);
    await harness.run(3_600, 60);
    expect(told()).toEqual(['begin a-0', 'end a-0']);
  });
});
