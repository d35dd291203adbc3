import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Route } from './route/should-tell.ts';
import { FakeReceiver } from './testing/fake-channel.ts';
import { NotifyHarness } from './testing/notify-harness.ts';

let harness: NotifyHarness;
let noc: FakeReceiver;
let services: FakeReceiver;
beforeEach(() => {
  harness = new NotifyHarness();
  noc = new FakeReceiver();
  services = new FakeReceiver();
});
afterEach(() => harness.close());

/** Cuts go to the operations centre; services to a team of their own, which hears of no cut. */
function start(more: Partial<Route> = {}): void {
  harness.start({
    channels: [noc.channel('noc'), services.channel('services')],
    routes: [
      { name: 'cuts', rules: ['link_*'], channels: ['noc'] },
      { name: 'services', rules: ['service_*'], channels: ['services'], ...more },
    ],
  });
  harness.notifier.tick();
}

/** A link is down, and a service hangs on it. */
function cut(): void {
  harness.fire('a-0', 'critical', { rule: 'link_down' });
  const facts = { rule: 'link_down', entity: {}, agent: 'gw-1', startedAtMs: harness.clock.now() };
  harness.heads = [
    {
      root: 'site:hub-04',
      alert: { id: 'a-0', severity: 'critical', ...facts },
      cutOff: { units: new Set(), sites: new Set(), agencies: new Set(), services: new Set() },
      othersTold: () => [],
    },
  ];
  harness.suppressions.set('a-1', { kind: 'parent', by: 'site:hub-04', reason: 'hub-04 is cut off' });
  harness.fire('a-1', 'major', { rule: 'service_down' });
}

function told(receiver: FakeReceiver): string[] {
  return receiver.heard.flatMap(({ alerts }) => alerts.map(({ what, facts }) => `${what} ${facts.id}`));
}

describe('an alert that hangs on a root of which another team was told', () => {
  it('is not told, but its own team hears of the root, once, and of its end', async () => {
    start();
    cut();
    await harness.run(5);
    expect([told(noc), told(services)]).toEqual([['begin a-0'], ['begin a-0']]);
    // After a restart as well.
    start();
    harness.change('a-1', 'critical');
    await harness.run(5);
    expect(told(services)).toEqual(['begin a-0']);
    harness.suppressions.clear();
    harness.heads = [];
    harness.end('a-1');
    harness.end('a-0');
    await harness.run(5);
    expect([told(noc), told(services)]).toEqual([
      ['begin a-0', 'end a-0'],
      ['begin a-0', 'end a-0'],
    ]);
  });

  it('says nothing of the head to a team that heard of another alert about the root, as grave as its own', async () => {
    const other = { id: 'a-2', rule: 'service_dip', entity: {}, agent: 'gw-1', startedAtMs: 0 };
    start();
    harness.fire('a-2', 'major', { rule: other.rule });
    await harness.run(2);
    cut();
    harness.heads = harness.heads.map((head) => ({
      ...head,
      othersTold: () => [{ ...other, severity: 'major' }],
    }));
    await harness.run(5);
    expect(told(services)).toEqual(['begin a-2']);
    // What is graver than all that it heard of is news.
    harness.change('a-1', 'critical');
    await harness.run(5);
    expect(told(services)).toEqual(['begin a-2', 'begin a-0']);
  });

  it('says nothing of the root to a team that its routes do not name', async () => {
    start({ severities: ['critical'] });
    cut();
    await harness.run(5);
    expect(told(services)).toEqual([]);
    // It is graver now, and theirs.
    harness.change('a-1', 'critical');
    await harness.run(5);
    expect(told(services)).toEqual(['begin a-0']);
  });

  it('waits with the root where that is suppressed itself', async () => {
    start();
    harness.suppressions.set('a-0', { kind: 'maintenance', by: 'm-1', reason: 'a window' });
    cut();
    await harness.run(5);
    expect(told(services)).toEqual([]);
    harness.suppressions.delete('a-0');
    await harness.run(5);
    expect(told(services)).toEqual(['begin a-0']);
  });

  it('is told by its root also where that could not be written at first', async () => {
    start();
    harness.database
      .prepare(
        `CREATE TEMP TRIGGER full BEFORE INSERT ON notify_telling WHEN NEW.channel = 'services'
         BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`,
      )
      .run();
    cut();
    await harness.run(5);
    expect(told(services)).toEqual([]);
    harness.database.prepare('DROP TRIGGER full').run();
    await harness.run(5);
    expect([told(noc), told(services)]).toEqual([['begin a-0'], ['begin a-0']]);
  });

  it('waits for the end of quiet hours', async () => {
    start({ quietHours: { fromMinute: 0, toMinute: 1_439 } });
    cut();
    await harness.run(5);
    expect([told(noc), told(services)]).toEqual([['begin a-0'], []]);
  });

  describe('and nobody acknowledges', () => {
    const escalate = [{ afterMs: 60_000, channels: ['chief'] }];
    let chief: FakeReceiver;

    function startWithChief(more: Partial<Route> = {}): void {
      chief = new FakeReceiver();
      harness.start({
        channels: [noc.channel('noc'), services.channel('services'), chief.channel('chief')],
        routes: [
          { name: 'cuts', rules: ['link_*'], channels: ['noc'] },
          { name: 'services', rules: ['service_*'], channels: ['services'], escalate, ...more },
        ],
      });
      harness.notifier.tick();
    }

    it('is told to others of its team by its root, also over a restart', async () => {
      startWithChief();
      cut();
      await harness.run(50);
      expect(told(chief)).toEqual([]);
      startWithChief();
      await harness.run(20);
      expect([told(noc), told(services), told(chief)]).toEqual([['begin a-0'], ['begin a-0'], ['begin a-0']]);
    });

    it('waits for the end of the quiet hours of its team', async () => {
      // The harness begins at 08:00, and the alert is a minute old at 08:01.
      startWithChief({ quietHours: { fromMinute: 481, toMinute: 485 } });
      cut();
      await harness.run(200);
      expect([told(services), told(chief)]).toEqual([['begin a-0'], []]);
      await harness.run(150);
      expect(told(chief)).toEqual(['begin a-0']);
    });

    it('is told to nobody else once its root is over', async () => {
      startWithChief();
      cut();
      await harness.run(30);
      harness.suppressions.clear();
      harness.end('a-1');
      harness.end('a-0');
      await harness.run(60);
      expect(told(chief)).toEqual([]);
    });
  });
});
