import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Severity } from '../alerts/rules/severity.ts';
import { SEVERITIES } from '../alerts/rules/severity.ts';
import { SUPPRESSION_KINDS } from '../alerts/suppression/suppression.ts';
import { UNTOLD_KINDS } from './outbox/untold-store.ts';
import { shouldTell, type OnCallTarget, type Route } from './route/should-tell.ts';
import { AlertOwners } from './route/alert-owners.ts';
import { FakeReceiver, type Behaviour } from './testing/fake-channel.ts';
import { NotifyHarness } from './testing/notify-harness.ts';
import { ownedInventory } from './testing/owned-inventory.ts';

const CHANNELS = ['noc', 'sms', 'state'] as const;
const ALERTS = ['a-1', 'a-2', 'a-3', 'a-4', 'a-5', 'a-6'] as const;

type Act =
  | { readonly do: 'fire' | 'change'; readonly alert: number; readonly severity: Severity }
  | { readonly do: 'end'; readonly alert: number; readonly withdrawn: boolean }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'channel'; readonly channel: number; readonly behaviour: Behaviour }
  | { readonly do: 'kill'; readonly routes: number }
  | { readonly do: 'suppress'; readonly alert: number; readonly kind: SuppressionKind | undefined }
  /** What the alert is about belongs to another agency from now on. */
  | { readonly do: 'own'; readonly alert: number; readonly agency: string | undefined }
  /** Longer than a message is kept. */
  | { readonly do: 'day' };

type SuppressionKind = (typeof SUPPRESSION_KINDS)[number];

/** Alerts that are suppressed now and then; the last one may hang on something that is down as well. */
const SUPPRESSIBLE = ['a-4', 'a-5', 'a-6'] as const;
/** Never suppressed, but it waits for its root. */
const WAITING = 'a-3';

const QUIET = { fromMinute: 0, toMinute: 1_439 };
/** Two people who hand over every half a minute. */
const ROTATION: OnCallTarget = {
  ref: 'rotation',
  everybody: ['noc', 'sms'],
  channelsAt: (atMs) => (Math.floor(atMs / 30_000) % 2 === 0 ? ['noc'] : ['sms']),
};

/** As an operator may change them while alerts are open: all, only some, to others, nearly nobody. */
const ROUTES: readonly (readonly Route[])[] = [
  [
    {
      name: 'all',
      channels: ['noc', 'state'],
      second: { channel: 'sms', afterMs: 60_000 },
      escalate: [{ afterMs: 90_000, channels: ['sms'] }],
    },
  ],
  [{ name: 'grave ones', severities: ['critical'], channels: ['noc'] }],
  [{ name: 'elsewhere', channels: ['sms', 'state'] }],
  [{ name: 'quiet', channels: ['noc', 'sms'], quietHours: QUIET }],
  // The harness begins at 08:00.
  Array.from({ length: 20 }, (_, at) => ({
    name: `every other minute, ${at}`,
    channels: ['noc', 'sms'],
    hours: { fromMinute: 480 + 2 * at, toMinute: 481 + 2 * at },
  })),
  [
    {
      name: 'whoever is on call',
      channels: ['state'],
      onCall: ROTATION,
      escalate: [{ afterMs: 60_000, channels: [], onCall: ROTATION }],
    },
  ],
  [
    {
      name: 'of the water works',
      agencies: ['water'],
      channels: ['noc'],
      escalate: [{ afterMs: 60_000, channels: ['sms'] }],
    },
    { name: 'what the portal needs', services: ['portal'], channels: ['sms', 'state'] },
  ],
];

const severity = fc.constantFrom(...SEVERITIES);
const alert = fc.nat(ALERTS.length - 1);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('fire' as const), alert, severity }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('change' as const), alert, severity }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('end' as const), alert, withdrawn: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 90 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('channel' as const),
      channel: fc.nat(CHANNELS.length - 1),
      behaviour: fc.constantFrom<Behaviour>('well', 'deaf', 'mute', 'hangs', 'hangs deaf', 'refuses'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('kill' as const), routes: fc.nat(ROUTES.length - 1) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('suppress' as const),
      alert: fc.nat(SUPPRESSIBLE.length - 1),
      kind: fc.option(fc.constantFrom(...SUPPRESSION_KINDS), { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('own' as const),
      alert,
      agency: fc.option(fc.constantFrom('water', 'power'), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'day' as const }) },
);

const DAY_S = 86_400;

/** Escalation told sms of a begin and an end; then the end was not delivered elsewhere, and sms is the second channel. */
const SECOND_AFTER_THE_END: Act[] = [
  { do: 'fire', alert: 2, severity: 'critical' },
  { do: 'channel', channel: 2, behaviour: 'mute' },
  { do: 'day' },
  { do: 'change', alert: 2, severity: 'warning' },
  { do: 'end', alert: 2, withdrawn: false },
  { do: 'wait', seconds: 36 },
  { do: 'wait', seconds: 36 },
];

class Play {
  readonly harness = new NotifyHarness();
  readonly receivers = new Map(CHANNELS.map((id) => [id as string, new FakeReceiver()]));
  /** When each alert was suppressed, Unix ms. */
  readonly suppressed = new Map<string, { readonly fromMs: number; toMs: number }[]>();
  /** The channels that each alert is to be told to, as the routes were when it began; none where it may be held. */
  readonly fired = new Map<string, readonly string[]>();
  #routes: readonly Route[] = [];
  /** The agency of what each alert is about. */
  readonly #agencyOf = new Map<string, string | undefined>(ALERTS.map((id) => [id, 'water']));
  /** Of alerts that are suppressed: the channels that were told of them or were to be told, as that began. */
  readonly #knownBefore = new Map<string, readonly string[]>();

  start(routes: readonly Route[]): void {
    this.#routes = routes;
    const limits = { perMinute: 20, digestAbove: 2, digestWithinMs: 60_000 };
    const channels = [...this.receivers].map(([id, receiver]) =>
      receiver.channel(id, limits, id === 'state' ? { batchSize: 2 } : undefined),
    );
    this.harness.start({ channels, routes, groupWindowMs: 3_000, parentWindowMs: 20_000 });
    this.harness.children.add('a-6').add(WAITING);
  }

  /** The portal needs all that belongs to the power company. */
  #own(id: string, agency: string | undefined): void {
    this.#agencyOf.set(id, agency);
    const needs = [...this.#agencyOf]
      .filter(([, each]) => each === 'power')
      .map(([each]) => `device:${each}`);
    this.harness.inventory.replace(ownedInventory(Object.fromEntries(this.#agencyOf), { portal: needs }));
  }

  #suppress(id: string, kind: SuppressionKind | undefined): void {
    const { suppressions, clock } = this.harness;
    const periods = this.suppressed.get(id) ?? [];
    this.suppressed.set(id, periods);
    const last = periods.at(-1);
    if (last?.toMs === Infinity) last.toMs = clock.now();
    if (kind === undefined) {
      suppressions.delete(id);
      this.#knownBefore.delete(id);
      return;
    }
    suppressions.set(id, { kind, by: kind, reason: `because of ${kind}` });
    const channels = this.harness.notifier.tellingsOf(id).map(({ channel }) => channel);
    this.#knownBefore.set(id, channels);
    periods.push({ fromMs: clock.now(), toMs: Infinity });
  }

  /** Those that are suppressed because of a root hang on this one: whoever would hear of them hears of it. */
  noteHead(): void {
    const { harness } = this;
    const [id] = ALERTS;
    const severity = harness.severityOf(id);
    if (severity === undefined || !harness.isOpen(id)) {
      harness.heads = [];
      return;
    }
    const alert = {
      ...{ id, rule: 'even', severity, entity: {}, agent: 'gw-1', startedAtMs: 0 },
      site: 'site-0',
    };
    const none: ReadonlySet<string> = new Set();
    const agency = this.#agencyOf.get('a-2');
    const agencies = agency === undefined ? none : new Set([agency]);
    const services = agency === 'power' ? new Set(['portal']) : none;
    const cutOff = { units: none, sites: none, agencies, services };
    harness.heads = (['parent', 'power'] as const).map((root) => ({
      root,
      alert,
      cutOff,
      othersTold: () => [],
    }));
  }

  /** Each open alert is known to a channel, or nobody is told of it for exactly one reason. */
  expectOneReason(): void {
    const { notifier } = this.harness;
    for (const [id] of this.fired) {
      if (!this.harness.isOpen(id)) continue;
      const isKnown = notifier.tellingsOf(id).length > 0;
      const isHeld = notifier.explain(id).suppression.now !== undefined;
      expect([isKnown, isHeld], id).not.toEqual([true, true]);
      if (!isKnown) expect(UNTOLD_KINDS, id).toContain(notifier.explain(id).notToldBecause?.kind);
    }
  }

  /** While an alert is suppressed, nobody hears of it who was not to hear of it before. */
  expectNoneNewWhileSuppressed(): void {
    for (const [id, channels] of this.#knownBefore) {
      const known = this.harness.notifier.tellingsOf(id).map(({ channel }) => channel);
      expect(channels, id).toEqual(expect.arrayContaining(known));
    }
  }

  /** Whom nobody had told of it before was never told of a beginning while it was suppressed. */
  expectNoneToldWhileSuppressed(): void {
    for (const [id, periods] of this.suppressed) {
      const made = this.harness.notifier.ofAlert(id, 1_000).map(({ madeAtMs }) => madeAtMs);
      const firstMs = Math.min(...made);
      const during = periods.filter(({ fromMs, toMs }) => firstMs > fromMs && firstMs < toMs);
      expect(during, id).toEqual([]);
    }
  }

  async act(step: Act): Promise<void> {
    const { harness } = this;
    switch (step.do) {
      case 'wait':
        return harness.run(step.seconds);
      case 'day':
        // What a killed one had begun to send must not be recorded a day later.
        await harness.run(1);
        harness.clock.freeze((DAY_S + 3_600) * 1_000);
        return harness.run(5);
      case 'kill':
        this.start(ROUTES[step.routes] ?? []);
        return;
      case 'suppress':
        this.#suppress(SUPPRESSIBLE[step.alert] ?? '', step.kind);
        return;
      case 'own':
        this.#own(ALERTS[step.alert] ?? '', step.agency);
        return;
      case 'channel': {
        const receiver = this.receivers.get(CHANNELS[step.channel] ?? '');
        if (receiver !== undefined) receiver.behaviour = step.behaviour;
        return;
      }
      case 'fire': {
        const id = ALERTS[step.alert] ?? '';
        // An alert that is over never comes back: what begins anew is another one.
        if (this.fired.has(id)) return;
        const owners = new AlertOwners(harness.inventory, this.#routes);
        const told = shouldTell(
          { rule: id, severity: step.severity, ...owners.of({ entity: { device: id } }) },
          this.#routes,
          harness.clock.now(),
          'UTC',
        );
        const isSuppressible = SUPPRESSIBLE.some((each) => each === id);
        // Who is on call may be another one once it has waited.
        const isSure = (match: { readonly onCall?: string }): boolean =>
          id !== WAITING || match.onCall === undefined;
        this.fired.set(
          id,
          typeof told === 'string' || isSuppressible ? [] : told.filter(isSure).map(({ channel }) => channel),
        );
        const even = step.alert % 2 === 0;
        harness.fire(id, step.severity, { rule: even ? 'even' : 'odd', site: `site-${step.alert % 3}` });
        // Followed before the routes change.
        harness.notifier.tick();
        if (id === WAITING) await harness.run(25);
        return;
      }
      case 'change': {
        const id = ALERTS[step.alert] ?? '';
        if (harness.isOpen(id)) harness.change(id, step.severity);
        return;
      }
      case 'end': {
        const id = ALERTS[step.alert] ?? '';
        if (harness.isOpen(id)) harness.end(id, step.withdrawn ? 'withdrawn' : 'resolved');
        return;
      }
    }
  }

  /** Messages to the channel that told this of the alert and were given up: whether anybody heard them is not known. */
  givenUp(channel: string, id: string, ...whats: readonly string[]): number {
    return this.harness.notifier
      .ofAlert(id, 1_000)
      .filter((each) => each.channel === channel && each.state === 'given_up' && whats.includes(each.what))
      .length;
  }

  /** Whatever quiet hours held back before it became critical. */
  expectCriticalTold(): void {
    for (const [channel, receiver] of this.receivers) {
      for (const [id, channels] of this.fired) {
        if (!this.harness.isOpen(id) || this.harness.severityOf(id) !== 'critical') continue;
        const told = receiver.heard.flatMap(({ alerts }) => alerts.filter(({ facts }) => facts.id === id));
        if (!channels.includes(channel) && told.length === 0) continue;
        expect(told.at(-1)?.facts.severity, `${channel}, ${id}`).toBe('critical');
      }
    }
  }

  /** Everything works again, for long enough. Nobody's process hangs: it was killed. */
  async calmDown(): Promise<void> {
    for (const receiver of this.receivers.values()) receiver.behaviour = 'well';
    for (const id of SUPPRESSIBLE) this.#suppress(id, undefined);
    this.start(ROUTES[0] ?? []);
    // Also over the pause after refusals.
    await this.harness.run(3_600, 6);
    this.expectCriticalTold();
    // Over the end of the quiet hours.
    this.harness.clock.freeze(DAY_S * 1_000);
    await this.harness.run(400, 4);
  }
}

it('leaves nobody with a beginning and no end, whatever fails, whenever central is killed, wherever alerts are routed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), async (acts) => {
      const play = new Play();
      try {
        play.start(ROUTES[0] ?? []);
        play.harness.notifier.tick();
        for (const step of acts) {
          await play.act(step);
          play.noteHead();
          play.harness.notifier.tick();
          play.expectOneReason();
          play.expectNoneNewWhileSuppressed();
        }
        await play.calmDown();
        play.expectOneReason();
        play.expectNoneToldWhileSuppressed();
        for (const [channel, receiver] of play.receivers) {
          for (const [id, channels] of play.fired) {
            const told = receiver.toldOf(id);
            const what = `${channel}, ${id}: ${told.join(' ')}`;
            // Nothing lost.
            if (channels.includes(channel) && play.givenUp(channel, id, 'whole') === 0)
              expect(told.length, what).toBeGreaterThan(0);
            // What was held is told once nothing holds it any more, or has its reason.
            if (told.length === 0 && play.harness.notifier.ofAlert(id, 1).length === 0)
              expect(UNTOLD_KINDS, what).toContain(play.harness.notifier.explain(id).notToldBecause?.kind);
            if (play.harness.isOpen(id)) expect(told, what).not.toContain('end');
            // 0 orphans: the last word about what is over is its end.
            else if (told.length > 0) expect(['end', 'whole'], what).toContain(told.at(-1));
            // Nothing twice, but for repetitions with the same key and what was given up, and no end without a beginning.
            const begins = told.filter((each) => each === 'begin' || each === 'whole').length;
            const ends = told.filter((each) => each === 'end' || each === 'whole').length;
            const begunAgain = play.givenUp(channel, id, 'begin');
            expect(begins, what).toBeLessThanOrEqual(1 + begunAgain);
            if (begunAgain === 0) expect(begins, what).toBe(told.length === 0 ? 0 : 1);
            expect(ends, what).toBeLessThanOrEqual(1 + play.givenUp(channel, id, 'end'));
          }
        }
        expect(play.harness.notifier.stats()).toMatchObject({ waiting: 0, undeliveredMs: 0, held: {} });
      } finally {
        play.harness.close();
      }
    }),
    { numRuns: 150, examples: [[SECOND_AFTER_THE_END]] },
  );
}, 120_000);
