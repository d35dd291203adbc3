import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SEVERITIES } from '../alerts/rules/severity.ts';
import type { Route } from './route/should-tell.ts';
import { FakeReceiver } from './testing/fake-channel.ts';
import { NotifyHarness } from './testing/notify-harness.ts';

const TO_NOC = [{ name: 'all', channels: ['noc'] }];

let harness: NotifyHarness;
let noc: FakeReceiver;
beforeEach(() => {
  harness = new NotifyHarness();
  noc = new FakeReceiver();
});
afterEach(() => harness.close());

/** What each message told, such as `begin a-1, end a-2`. */
function told({ heard }: FakeReceiver): string[] {
  return heard.map(({ alerts }) => alerts.map(({ what, facts }) => `${what} ${facts.id}`).join(', '));
}

describe('one alert', () => {
  it('is told when it begins, when it gets graver and when it is over, each once', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    harness.notifier.tick();
    harness.fire('a-1', 'minor');
    await harness.run(5);
    harness.change('a-1', 'critical');
    await harness.run(5);
    // Milder: nobody is called for that.
    harness.change('a-1', 'major', 'deescalated');
    await harness.run(5);
    harness.end('a-1');
    await harness.run(600);
    expect(told(noc)).toEqual(['begin a-1', 'change a-1', 'end a-1']);
    expect(harness.notifier.tellingsOf('a-1')).toEqual([]);
  });

  it('is known to have been told, and how grave, also when its end was told', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    harness.notifier.tick();
    expect(harness.notifier.toldSeverityOf('a-1')).toBeUndefined();
    harness.fire('a-1', 'minor');
    await harness.run(5);
    expect(harness.notifier.toldSeverityOf('a-1')).toBe('minor');
    harness.change('a-1', 'critical');
    await harness.run(5);
    harness.change('a-1', 'minor', 'deescalated');
    harness.end('a-1');
    await harness.run(600);
    expect(noc.toldOf('a-1')).toEqual(['begin', 'change', 'end']);
    expect(harness.notifier.toldSeverityOf('a-1')).toBe('critical');
  });

  it('that begins to flap as it gets graver is told to those who hear of what is grave', async () => {
    harness.start({
      channels: [noc.channel('noc')],
      routes: [{ name: 'grave ones', severities: ['critical'], channels: ['noc'] }],
    });
    harness.notifier.tick();
    harness.fire('a-1', 'minor');
    await harness.run(5);
    harness.change('a-1', 'critical', 'flapping');
    await harness.run(5);
    expect(told(noc)).toEqual(['begin a-1']);
  });

  it('that is withdrawn is over as well', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    harness.notifier.tick();
    harness.fire('a-1');
    await harness.run(2);
    harness.end('a-1', 'withdrawn');
    await harness.run(2);
    expect(told(noc)).toEqual(['begin a-1', 'end a-1']);
  });

  it('has messages that name those before them, so that they can stand below each other', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    harness.notifier.tick();
    for (const [id, severity] of [
      ['a-1', 'minor'],
      ['b-1', 'minor'],
    ] as const) {
      harness.fire(id, severity, { site: id });
      await harness.run(5);
    }
    harness.change('a-1', 'critical');
    await harness.run(5);
    harness.end('a-1');
    await harness.run(5);
    const [begin, other, change, end] = noc.heard;
    expect(told(noc)).toEqual(['begin a-1', 'begin b-1', 'change a-1', 'end a-1']);
    expect([begin?.follows, other?.follows]).toEqual([[], []]);
    expect(change?.follows).toEqual([begin?.key]);
    expect(end?.follows).toEqual([begin?.key, change?.key]);
  });

  it('that nobody is told of has its reason', async () => {
    harness.start({
      channels: [noc.channel('noc')],
      routes: [{ name: 'none', rules: ['other'], channels: ['noc'] }],
    });
    harness.notifier.tick();
    harness.fire('a-1');
    await harness.run(20);
    expect(noc.attempts).toBe(0);
    expect(harness.notifier.explain('a-1').notToldBecause?.reason).toBe('no route takes it');
  });

  it('has its receipts: when, to whom, how often, and what was answered', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    harness.notifier.tick();
    harness.fire('a-1');
    noc.behaviour = 'deaf';
    await harness.run(1);
    noc.behaviour = 'well';
    await harness.run(60);
    const [delivery] = harness.notifier.ofAlert('a-1', 10);
    expect(delivery).toMatchObject({ channel: 'noc', what: 'begin', state: 'sent', attempts: 2 });
    expect(delivery?.receipts.map(({ outcome, answer }) => [outcome, answer])).toEqual([
      ['failed', 'deaf'],
      ['delivered', 'ok'],
    ]);
    expect(harness.notifier.list({ limit: 10, state: 'sent' })).toHaveLength(1);
    expect(harness.notifier.list({ limit: 10, state: 'waiting' })).toHaveLength(0);
  });
});

describe('a first start', () => {
  it('tells of what is open, and nothing of what is over', async () => {
    harness.fire('a-old');
    harness.end('a-old');
    harness.fire('a-open', 'critical');
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    await harness.run(5);
    expect(told(noc)).toEqual(['begin a-open']);
  });

  it('after weeks without notifications leaves out what began and ended meanwhile', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    harness.notifier.tick();
    harness.fire('a-old');
    harness.end('a-old');
    harness.fire('a-open');
    harness.clock.freeze(14 * 86_400_000);
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    await harness.run(5);
    expect(told(noc)).toEqual(['begin a-open']);
  });
});

describe('grouping', () => {
  it('makes one message of a cut of 41 sites, and one of its end', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC, groupWindowMs: 10_000 });
    harness.notifier.tick();
    for (let site = 0; site < 41; site++) {
      harness.fire(`a-${site}`, 'major', { rule: 'agent_silent', site: `site-${site}` });
      if (site % 10 === 0) await harness.run(1);
    }
    await harness.run(60);
    expect(noc.heard.map(({ alerts }) => alerts.length)).toEqual([41]);
    for (let site = 0; site < 41; site++) harness.end(`a-${site}`);
    await harness.run(60);
    expect(noc.heard.map(({ alerts }) => alerts.length)).toEqual([41, 41]);
  });

  it('joins what one site has, whatever the rules, and keeps other things apart, the gravest first', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC, groupWindowMs: 10_000 });
    harness.notifier.tick();
    harness.fire('a-1', 'minor', { rule: 'port_down', site: 'site-1' });
    harness.fire('a-2', 'minor', { rule: 'power_on_battery', site: 'site-1' });
    harness.fire('a-3', 'critical', { rule: 'room_smoke', site: 'site-2' });
    await harness.run(20);
    expect(told(noc)).toEqual(['begin a-3', 'begin a-1, begin a-2']);
  });

  it('tells at once of what began and ended within the window', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC, groupWindowMs: 10_000 });
    harness.notifier.tick();
    harness.fire('a-1', 'critical');
    await harness.run(2);
    harness.end('a-1');
    await harness.run(60);
    expect(told(noc)).toEqual(['whole a-1']);
  });
});

describe('a storm', () => {
  const limits = { perMinute: 20, digestAbove: 6, digestWithinMs: 120_000 };

  it('of 800 sites within a minute is at most 10 messages in two minutes, and names every alert', async () => {
    harness.start({ channels: [noc.channel('noc', limits)], routes: TO_NOC, groupWindowMs: 10_000 });
    harness.notifier.tick();
    for (let second = 0; second < 60; second++) {
      for (let site = 0; site < 14; site++) {
        const number = second * 14 + site;
        if (number >= 800) break;
        const severity = SEVERITIES[number % 4] ?? 'minor';
        harness.fire(`a-${number}`, severity, { rule: `rule_${number % 90}`, site: `site-${number}` });
      }
      await harness.run(1);
    }
    await harness.run(90);
    expect(noc.heard.length).toBeLessThanOrEqual(10);
    expect(noc.heard.some(({ kind }) => kind === 'digest')).toBe(true);
    const alerts = noc.heard.flatMap((message) => message.alerts.map(({ facts }) => facts.id));
    expect(new Set(alerts).size).toBe(800);
    expect(alerts).toHaveLength(800);
  });

  it('that ends alert by alert is told of in digests, too', async () => {
    harness.start({ channels: [noc.channel('noc', limits)], routes: TO_NOC, groupWindowMs: 10_000 });
    harness.notifier.tick();
    for (let site = 0; site < 100; site++) harness.fire(`a-${site}`, 'major', { site: `site-${site}` });
    await harness.run(120);
    expect(noc.heard.map(({ kind, alerts }) => [kind, alerts.length])).toEqual([['digest', 100]]);
    for (let site = 0; site < 100; site++) {
      harness.end(`a-${site}`);
      await harness.run(1);
    }
    await harness.run(60);
    const ends = noc.heard.slice(1);
    expect(ends.length).toBeLessThanOrEqual(20);
    expect(ends.flatMap(({ alerts }) => alerts)).toHaveLength(100);
  });

  it('never makes more messages in a minute than the channel takes', async () => {
    const few = { perMinute: 3, digestAbove: 1_000, digestWithinMs: 120_000 };
    harness.start({ channels: [noc.channel('noc', few)], routes: TO_NOC });
    harness.notifier.tick();
    for (let at = 0; at < 9; at++) harness.fire(`a-${at}`);
    await harness.run(59);
    expect(noc.heard).toHaveLength(3);
    await harness.run(130);
    expect(noc.heard).toHaveLength(9);
  });
});

describe('quiet hours', () => {
  // The harness begins at 08:00 UTC, 15:00 in Ho Chi Minh City.
  const quietHours = { fromMinute: 14 * 60, toMinute: 16 * 60 };
  const scene = { routes: [{ name: 'all', channels: ['noc'], quietHours }], timeZone: 'Asia/Ho_Chi_Minh' };

  it('hold back what is not critical until they are over', async () => {
    harness.start({ channels: [noc.channel('noc')], ...scene });
    harness.notifier.tick();
    harness.fire('a-1', 'major');
    harness.fire('a-2', 'critical');
    await harness.run(10);
    expect(told(noc)).toEqual(['begin a-2']);
    harness.end('a-2');
    await harness.run(10);
    // Whoever was woken hears that it is over.
    expect(told(noc)).toEqual(['begin a-2', 'end a-2']);
    harness.clock.freeze(3_600_000);
    await harness.run(1);
    expect(told(noc)).toEqual(['begin a-2', 'end a-2', 'begin a-1']);
  });

  it('do not hold back what becomes critical', async () => {
    harness.start({ channels: [noc.channel('noc')], ...scene });
    harness.notifier.tick();
    harness.fire('a-1', 'minor');
    await harness.run(10);
    harness.change('a-1', 'critical');
    await harness.run(10);
    expect(told(noc)).toEqual(['begin a-1']);
  });

  it('do not hold back what becomes critical when they hold back a change already', async () => {
    const routes = [
      { name: 'others', severities: ['warning' as const], channels: ['noc'] },
      {
        name: 'grave ones',
        severities: ['major' as const, 'critical' as const],
        channels: ['noc'],
        quietHours,
      },
    ];
    harness.start({ channels: [noc.channel('noc')], routes, timeZone: scene.timeZone });
    harness.notifier.tick();
    harness.fire('a-1', 'warning');
    await harness.run(10);
    harness.change('a-1', 'major');
    await harness.run(10);
    expect(told(noc)).toEqual(['begin a-1']);
    harness.change('a-1', 'critical');
    await harness.run(10);
    expect(told(noc)).toEqual(['begin a-1', 'change a-1']);
  });
});

describe('a second channel', () => {
  const routes = [{ name: 'all', channels: ['noc'], second: { channel: 'sms', afterMs: 300_000 } }];

  it('is told when the first has not delivered in time, and of the end as well', async () => {
    const sms = new FakeReceiver();
    harness.start({ channels: [noc.channel('noc'), sms.channel('sms')], routes });
    harness.notifier.tick();
    noc.behaviour = 'deaf';
    harness.fire('a-1', 'critical');
    await harness.run(290);
    expect(sms.attempts).toBe(0);
    await harness.run(20);
    expect(told(sms)).toEqual(['begin a-1']);
    noc.behaviour = 'well';
    await harness.run(400);
    harness.end('a-1');
    await harness.run(5);
    expect([told(noc), told(sms)]).toEqual([
      ['begin a-1', 'end a-1'],
      ['begin a-1', 'end a-1'],
    ]);
  });

  describe('of a route for what is critical', () => {
    const second = { channel: 'sms', afterMs: 300_000 };
    const quietHours = { fromMinute: 14 * 60, toMinute: 16 * 60 };
    const graveRoutes = [
      { name: 'all', channels: ['noc'] },
      { name: 'grave ones', severities: ['critical' as const], channels: ['noc'], second },
    ];
    let sms: FakeReceiver;
    beforeEach(() => {
      sms = new FakeReceiver();
    });
    const start = (routes: readonly Route[], groupWindowMs = 0): void => {
      const channels = [noc.channel('noc'), sms.channel('sms')];
      harness.start({ channels, routes, groupWindowMs, timeZone: 'Asia/Ho_Chi_Minh' });
      harness.notifier.tick();
    };

    it('is told of what became critical where the first, told before, does not hear of that', async () => {
      start(graveRoutes);
      harness.fire('a-1', 'warning');
      await harness.run(10);
      noc.behaviour = 'deaf';
      harness.change('a-1', 'critical');
      await harness.run(280);
      expect(sms.attempts).toBe(0);
      await harness.run(40);
      expect([told(noc), told(sms)]).toEqual([['begin a-1'], ['begin a-1']]);
    });

    it('is told although the beginning arrives meanwhile, but for one that became milder again', async () => {
      start(graveRoutes, 10_000);
      noc.behaviour = 'deaf';
      for (const id of ['a-1', 'a-2']) harness.fire(id, 'warning', { site: 'site-1' });
      await harness.run(11);
      for (const id of ['a-1', 'a-2']) harness.change(id, 'critical');
      noc.accepts = ({ alerts }) => alerts.every(({ what }) => what === 'begin');
      await harness.run(5);
      expect(told(noc)).toEqual(['begin a-1, begin a-2']);
      harness.change('a-2', 'warning', 'deescalated');
      await harness.run(400);
      expect(told(noc)).toEqual(['begin a-1, begin a-2']);
      expect(told(sms)).toEqual(['begin a-1']);
    });

    it('need not wait for the end of quiet hours where a beginning that they held back became critical', async () => {
      start([{ name: 'all', channels: ['noc'], quietHours, second }]);
      noc.behaviour = 'deaf';
      harness.fire('a-1', 'minor');
      await harness.run(10);
      harness.change('a-1', 'critical');
      await harness.run(320);
      expect(told(sms)).toEqual(['begin a-1']);
    });
  });

  it('is not told when the first has delivered', async () => {
    const sms = new FakeReceiver();
    harness.start({ channels: [noc.channel('noc'), sms.channel('sms')], routes });
    harness.notifier.tick();
    harness.fire('a-1');
    await harness.run(600);
    expect(sms.attempts).toBe(0);
  });
});

describe('a receiver that fails', () => {
  it('is asked again, later and later, and told together what came meanwhile', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    harness.notifier.tick();
    noc.behaviour = 'deaf';
    harness.fire('a-0', 'major', { site: 'site-1' });
    await harness.run(3_600);
    expect(noc.attempts).toBeGreaterThan(10);
    expect(noc.attempts).toBeLessThan(60);
    expect(harness.notifier.stats().undeliveredMs).toBeGreaterThan(3_500_000);
    for (let at = 1; at < 6; at++) harness.fire(`a-${at}`, 'major', { site: 'site-1' });
    harness.end('a-1');
    noc.behaviour = 'well';
    await harness.run(400);
    expect(told(noc)).toEqual(['begin a-0', 'whole a-1, begin a-2, begin a-3, begin a-4, begin a-5']);
    expect(harness.notifier.stats()).toMatchObject({ waiting: 0, undeliveredMs: 0, givenUp: 0 });
  });

  it('that refuses the content is asked three times; the next message goes on', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    harness.notifier.tick();
    noc.behaviour = 'refuses';
    harness.fire('a-1');
    await harness.run(60);
    noc.behaviour = 'well';
    harness.fire('a-2');
    await harness.run(60);
    expect(told(noc)).toEqual(['begin a-2']);
    expect(noc.attempts).toBe(4);
    const [givenUp] = harness.notifier.list({ limit: 10, state: 'given_up' });
    expect(givenUp?.reason).toBe('the receiver does not take it: refuses');
    expect(harness.notifier.stats().givenUp).toBe(1);
  });

  it('for longer than a message is kept is told anew of what is still open, and of nothing that is over', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC, bounds: { maxAgeMs: 3_600_000 } });
    harness.notifier.tick();
    noc.behaviour = 'deaf';
    harness.fire('a-1', 'major', { site: 'site-1' });
    harness.fire('a-2', 'major', { site: 'site-1' });
    await harness.run(60);
    harness.end('a-2');
    await harness.run(4_000, 10);
    noc.behaviour = 'well';
    await harness.run(400);
    const open = noc.heard.at(-1)?.alerts ?? [];
    expect(noc.toldOf('a-1')).toEqual(['begin']);
    expect(noc.toldOf('a-2')).toEqual(['end']);
    expect(open.length).toBeGreaterThan(0);
    expect(harness.notifier.list({ limit: 10, state: 'given_up' })).toMatchObject([
      { alerts: 2, reason: 'it could not be delivered in time' },
    ]);
    expect(harness.notifier.stats().givenUp).toBe(2);
  });

  it('for longer than a message is kept hears of the end, and of what became graver, all the same', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC, bounds: { maxAgeMs: 3_600_000 } });
    harness.notifier.tick();
    harness.fire('a-1', 'minor');
    harness.fire('a-2', 'minor');
    await harness.run(5);
    noc.behaviour = 'deaf';
    harness.end('a-1');
    await harness.run(5);
    harness.clock.stepWallClock(86_400_000);
    await harness.run(5);
    noc.behaviour = 'well';
    await harness.run(400);
    expect(noc.toldOf('a-1')).toEqual(['begin', 'end']);
    noc.behaviour = 'deaf';
    harness.change('a-2', 'critical');
    await harness.run(8_000, 10);
    noc.behaviour = 'well';
    await harness.run(400);
    expect(noc.toldOf('a-2')).toEqual(['begin', 'change']);
    expect(noc.heard.at(-1)?.alerts[0]).toMatchObject({
      toldSeverity: 'minor',
      facts: { severity: 'critical' },
    });
    expect(harness.notifier.tellingsOf('a-1')).toEqual([]);
    expect(harness.notifier.stats().givenUp).toBeGreaterThan(2);
  });

  it('that refuses for a while hears of it later, and others need not wait for that', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    harness.notifier.tick();
    harness.fire('a-0');
    await harness.run(5);
    noc.behaviour = 'refuses';
    harness.fire('a-1', 'critical');
    await harness.run(30);
    harness.end('a-0');
    await harness.run(30);
    noc.behaviour = 'well';
    harness.fire('a-2');
    await harness.run(60);
    expect(told(noc)).toEqual(['begin a-0', 'begin a-2']);
    await harness.run(900);
    expect(told(noc)).toEqual(['begin a-0', 'begin a-2', 'begin a-1', 'end a-0']);
  });

  it('that never takes it is asked more and more seldom', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    harness.notifier.tick();
    noc.behaviour = 'refuses';
    harness.fire('a-1');
    await harness.run(86_400, 10);
    // Three times in a row, 45 minutes apart in the end.
    expect(noc.attempts).toBeGreaterThan(90);
    expect(noc.attempts).toBeLessThan(110);
    expect(harness.notifier.stats().waiting).toBeLessThan(2);
  });

  it('is owed no more than the bound: the mildest are given up, and that is recorded', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC, bounds: { maxOwed: 10 } });
    harness.notifier.tick();
    noc.behaviour = 'deaf';
    harness.fire('a-first');
    await harness.run(2);
    for (let at = 0; at < 30; at++)
      harness.fire(`a-${at}`, at < 10 ? 'critical' : 'warning', { site: 'site-1' });
    await harness.run(2);
    noc.behaviour = 'well';
    await harness.run(60);
    const critical = noc.heard.at(-1)?.alerts.map(({ facts }) => facts.severity);
    expect(critical).toEqual(Array.from({ length: 10 }, () => 'critical'));
    expect(harness.notifier.stats().givenUp).toBe(20);
    const [record] = harness.notifier.ofAlert('a-20', 10);
    expect(record).toMatchObject({ state: 'given_up', reason: 'more than 10 alerts wait for the channel' });
    // Nobody heard of its beginning.
    harness.end('a-20');
    await harness.run(60);
    expect(noc.toldOf('a-20')).toEqual([]);
  });
});

describe('a channel', () => {
  it('that is configured no more leaves nothing that waits, and that is recorded', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    harness.notifier.tick();
    noc.behaviour = 'deaf';
    harness.fire('a-1');
    await harness.run(2);
    harness.fire('a-2');
    await harness.run(2);
    const sms = new FakeReceiver();
    harness.start({ channels: [sms.channel('sms')], routes: [{ name: 'all', channels: ['sms'] }] });
    await harness.run(5);
    expect(harness.notifier.stats()).toMatchObject({ waiting: 0, givenUp: 2 });
    const ofNoc = harness.notifier.list({ limit: 10, channel: 'noc' });
    expect(ofNoc.map(({ state, reason }) => [state, reason])).toEqual([
      ['given_up', 'the channel is not configured any more'],
      ['given_up', 'the channel is not configured any more'],
    ]);
    // Nobody had heard of them.
    expect(told(sms)).toEqual(['begin a-1', 'begin a-2']);
  });

  it('can be tried past all that waits', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    harness.notifier.tick();
    noc.behaviour = 'deaf';
    harness.fire('a-1');
    await harness.run(2);
    expect(await harness.notifier.test('noc')).toEqual({ kind: 'failed', answer: 'deaf' });
    noc.behaviour = 'well';
    expect(await harness.notifier.test('noc')).toEqual({ kind: 'delivered', answer: 'ok' });
    expect(await harness.notifier.test('none')).toBeUndefined();
    expect(harness.notifier.list({ limit: 2 }).map(({ kind, state }) => [kind, state])).toEqual([
      ['test', 'sent'],
      ['test', 'given_up'],
    ]);
  });

  it('that keeps states is told at once, of every change, and again of what is open', async () => {
    harness.start({
      channels: [noc.channel('noc', undefined, { batchSize: 2 })],
      routes: TO_NOC,
      groupWindowMs: 10_000,
    });
    harness.notifier.tick();
    for (const id of ['a-1', 'a-2', 'a-3']) harness.fire(id);
    await harness.run(1);
    harness.change('a-1', 'minor', 'deescalated');
    await harness.run(1);
    expect(told(noc)).toEqual(['begin a-1, begin a-2', 'begin a-3', 'change a-1']);
    harness.end('a-2');
    await harness.run(60);
    expect(noc.repeated).toEqual([['a-1', 'a-3']]);
    // After a restart it is reminded, too.
    harness.start({ channels: [noc.channel('noc', undefined, { batchSize: 2 })], routes: TO_NOC });
    await harness.run(61);
    expect(noc.repeated).toEqual([
      ['a-1', 'a-3'],
      ['a-1', 'a-3'],
    ]);
  });
});

it('a channel that keeps states is told again of what is open while quiet hours hold back that it became graver', async () => {
  const quietHours = { fromMinute: 0, toMinute: 1_439 };
  harness.start({
    channels: [noc.channel('noc', undefined, { batchSize: 10 })],
    routes: [
      { name: 'mild ones', severities: ['warning'], channels: ['noc'] },
      { name: 'others', severities: ['major'], channels: ['noc'], quietHours },
    ],
  });
  harness.notifier.tick();
  harness.fire('a-1', 'warning');
  await harness.run(5);
  harness.change('a-1', 'major');
  await harness.run(60);
  expect(told(noc)).toEqual(['begin a-1']);
  expect(noc.repeated).toEqual([['a-1']]);
});

it('a channel that refuses one batch of what is open is told again of the others', async () => {
  harness.start({ channels: [noc.channel('noc', undefined, { batchSize: 1 })], routes: TO_NOC });
  harness.notifier.tick();
  for (const id of ['a-1', 'a-2', 'a-3']) harness.fire(id);
  noc.refusedRepetition = 'a-1';
  await harness.run(65);
  expect(noc.repeated).toEqual([['a-2'], ['a-3']]);
});

describe('central', () => {
  it('that stops lets what is being sent end, and begins nothing new', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    harness.notifier.tick();
    harness.fire('a-1');
    harness.clock.freeze(1_000);
    harness.notifier.tick();
    await harness.notifier.stop();
    harness.fire('a-2');
    await harness.run(5);
    expect(told(noc)).toEqual(['begin a-1']);
    expect(harness.notifier.list({ limit: 10 }).map(({ state }) => state)).toEqual(['sent']);
  });

  it('whose time was a year ahead for a while goes on telling', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC, groupWindowMs: 10_000 });
    harness.notifier.tick();
    const yearMs = 365 * 86_400_000;
    harness.clock.stepWallClock(yearMs);
    harness.fire('a-1');
    noc.behaviour = 'deaf';
    await harness.run(12);
    harness.fire('a-2');
    await harness.run(1);
    harness.clock.stepWallClock(-yearMs);
    noc.behaviour = 'well';
    harness.fire('a-3');
    await harness.run(30);
    expect(new Set(told(noc).flatMap((text) => text.split(', ')))).toEqual(
      new Set(['begin a-1', 'begin a-2', 'begin a-3']),
    );
  });

  it('whose disk is full goes on when there is room again, and sends nothing twice', async () => {
    harness.start({ channels: [noc.channel('noc')], routes: TO_NOC });
    harness.notifier.tick();
    harness.fire('a-1');
    harness.database
      .prepare(
        `CREATE TRIGGER full BEFORE UPDATE ON notify_message
      BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`,
      )
      .run();
    await harness.run(30);
    expect(noc.attempts).toBe(1);
    harness.database.prepare('DROP TRIGGER full').run();
    await harness.run(5);
    expect(noc.attempts).toBe(1);
    expect(harness.notifier.list({ limit: 10 }).map(({ state }) => state)).toEqual(['sent']);
  });
});

describe('receipts', () => {
  it('are deleted when they are old; what waits is not', async () => {
    harness.start({
      channels: [noc.channel('noc')],
      routes: TO_NOC,
      bounds: { maxAgeMs: 1_000 * 86_400_000 },
    });
    harness.notifier.tick();
    harness.fire('a-1');
    await harness.run(2);
    noc.behaviour = 'deaf';
    harness.fire('a-2');
    await harness.run(2);
    harness.clock.freeze(91 * 86_400_000);
    harness.notifier.deleteOld();
    expect(harness.notifier.list({ limit: 10 }).map(({ state }) => state)).toEqual(['waiting']);
    expect(harness.notifier.ofAlert('a-1', 10)).toEqual([]);
    // Whoever was told of it in time hears of its end all the same.
    noc.behaviour = 'well';
    harness.end('a-1');
    await harness.run(600, 5);
    expect(noc.toldOf('a-1')).toEqual(['begin', 'end']);
  });
});
