import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Route } from './route/should-tell.ts';
import { FakeReceiver } from './testing/fake-channel.ts';
import { NotifyHarness } from './testing/notify-harness.ts';
import { ownedInventory } from './testing/owned-inventory.ts';

const NOBODY: ReadonlySet<string> = new Set();
const ROUTES: readonly Route[] = [
  {
    name: 'water',
    agencies: ['water'],
    channels: ['water'],
    escalate: [{ afterMs: 60_000, channels: ['boss'] }],
  },
  { name: 'power', agencies: ['power'], channels: ['power'] },
  { name: 'permits', services: ['permits'], channels: ['permits'] },
];

let harness: NotifyHarness;
let receivers: Readonly<Record<'water' | 'power' | 'permits' | 'boss', FakeReceiver>>;
beforeEach(() => {
  harness = new NotifyHarness();
  const [water, power, permits, boss] = [1, 2, 3, 4].map(() => new FakeReceiver()) as [
    FakeReceiver,
    FakeReceiver,
    FakeReceiver,
    FakeReceiver,
  ];
  receivers = { water, power, permits, boss };
  start();
});
afterEach(() => harness.close());

function start(): void {
  const channels = Object.entries(receivers).map(([id, receiver]) => receiver.channel(id));
  harness.start({ channels, routes: ROUTES });
  harness.notifier.tick();
}

/** The device `a-1` belongs to this agency from now on. */
function own(agency: string | undefined, needs: Readonly<Record<string, readonly string[]>> = {}): void {
  harness.inventory.replace(ownedInventory({ 'a-1': agency }, needs));
}

/** Whoever heard something, and what. */
function told(id = 'a-1'): Readonly<Record<string, readonly string[]>> {
  const heard = Object.entries(receivers).map(([name, receiver]) => [name, receiver.toldOf(id)] as const);
  return Object.fromEntries(heard.filter(([, whats]) => whats.length > 0));
}

describe('a route', () => {
  it('takes what belongs to its agencies, and what its services need', async () => {
    own('water', { permits: ['device:a-1'] });
    harness.fire('a-1');
    await harness.run(5);
    harness.end('a-1');
    await harness.run(5);
    expect(told()).toEqual({ water: ['begin', 'end'], permits: ['begin', 'end'] });
  });

  it('takes nothing that belongs to nobody, and the reason is told', async () => {
    own(undefined);
    harness.fire('a-1');
    await harness.run(5);
    expect(told()).toEqual({});
    expect(harness.notifier.explain('a-1').notToldBecause?.kind).toBe('no_route');
  });
});

describe('what belongs to others before it is over', () => {
  it('ends for those who were told, also after a restart', async () => {
    own('water');
    harness.fire('a-1');
    await harness.run(5);
    own('power');
    start();
    await harness.run(5);
    harness.end('a-1');
    await harness.run(5);
    expect(told()).toEqual({ water: ['begin', 'end'] });
  });

  it('ends for all, where it became graver in between', async () => {
    own('water');
    harness.fire('a-1', 'minor');
    await harness.run(5);
    own('power');
    harness.change('a-1', 'critical');
    await harness.run(5);
    own(undefined);
    harness.end('a-1');
    await harness.run(5);
    expect(told()).toEqual({ water: ['begin', 'change', 'end'], power: ['begin', 'end'] });
  });

  it('is still told to whom those who were told first escalate', async () => {
    own('water');
    harness.fire('a-1');
    await harness.run(5);
    own(undefined);
    start();
    await harness.run(70);
    harness.end('a-1');
    await harness.run(5);
    expect(told()).toEqual({ water: ['begin', 'end'], boss: ['begin', 'end'] });
  });

  it('is told to the owner of that time, where it was held until then', async () => {
    own('water');
    harness.suppressions.set('a-1', { kind: 'maintenance', by: 'm-1', reason: 'maintenance' });
    harness.fire('a-1');
    await harness.run(5);
    own('power');
    harness.suppressions.clear();
    await harness.run(5);
    expect(told()).toEqual({ power: ['begin'] });
  });
});

describe('a cut', () => {
  const alert = { id: 'a-1', rule: 'link_down', entity: {}, agent: 'gw-1', startedAtMs: 0 };

  function cutOff(agencies: readonly string[], services: readonly string[]): void {
    const its = { units: NOBODY, sites: NOBODY, agencies: new Set(agencies), services: new Set(services) };
    harness.heads = [
      { root: 'link:l-1', alert: { ...alert, severity: 'critical' }, cutOff: its, othersTold: () => [] },
    ];
  }

  it('is told, and its end, to the team of a service once it takes that down, and to those who own what it cuts off', async () => {
    harness.fire('a-1', 'critical', { rule: 'link_down', entity: { link: 'l-1' } });
    cutOff([], []);
    await harness.run(5);
    expect(told()).toEqual({});
    cutOff([], ['permits']);
    await harness.run(5);
    expect(told()).toEqual({ permits: ['begin'] });
    cutOff(['power', 'water'], ['permits']);
    await harness.run(5);
    start();
    await harness.run(70);
    harness.heads = [];
    harness.end('a-1');
    await harness.run(5);
    const whole = ['begin', 'end'];
    expect(told()).toEqual({ water: whole, power: whole, permits: whole, boss: whole });
  });

  it('is told to the team of a service whose own alert is suppressed because of it', async () => {
    harness.fire('a-1', 'critical', { rule: 'link_down', entity: { link: 'l-1' } });
    cutOff([], []);
    await harness.run(2);
    harness.suppressions.set('a-2', { kind: 'parent', by: 'link:l-1', reason: 'link:l-1 is cut' });
    harness.fire('a-2', 'major', { rule: 'service_down', entity: { service: 'permits' } });
    await harness.run(5);
    harness.heads = [];
    harness.end('a-2');
    harness.end('a-1');
    await harness.run(5);
    expect([told(), told('a-2')]).toEqual([{ permits: ['begin', 'end'] }, {}]);
  });
});

it('knows whether anybody will hear of an alert', () => {
  own('water');
  const facts = {
    id: 'x',
    rule: 'r',
    severity: 'major',
    entity: { device: 'a-1' },
    agent: 'gw-1',
    startedAtMs: 0,
  } as const;
  expect(harness.notifier.willHear(facts)).toBe(true);
  expect(harness.notifier.wouldTell({ ...facts, firedAtMs: 0 })).toBe(true);
  own(undefined);
  expect(harness.notifier.willHear(facts)).toBe(false);
  expect(harness.notifier.wouldTell({ ...facts, firedAtMs: 0 })).toBe(false);
});
