import { beforeEach, describe, expect, it } from 'vitest';
import { decodeBatch } from '../../../contract/codec.ts';
import type { Sample } from '../../../contract/sample.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import type { AlertEvent, AlertView } from '../../alerts/history/alert.ts';
import { CANARY_RULE } from '../../alerts/history/canary-alarm.ts';
import { LoopBus } from '../../mqtt/testing/loop-bus.ts';
import { alertOf, messageOf } from '../testing/messages.ts';
import { Canary } from './canary.ts';
import { CANARY_CHANNEL } from './sink.ts';

let clock: ManualClock;
let bus: LoopBus;
let written: Sample[];
let canary: Canary;
/** Parts of central that pass nothing on. */
let broken: Set<string>;
/** For how long central stood still. */
let stalledMs: number;
let passedAtMs: number | undefined;

/** The parts of central, as far as the canary sees them: each passes on at once what it gets. */
beforeEach(() => {
  clock = new ManualClock();
  bus = new LoopBus();
  written = [];
  broken = new Set();
  stalledMs = 0;
  passedAtMs = undefined;
  canary = new Canary({
    publish: (...message) => bus.publish(...message),
    isStored: () => !broken.has('store'),
    isStoreThere: () => !broken.has('store away'),
    isPlaced: () => !broken.has('incident'),
    receipts: () => [
      { channel: CANARY_CHANNEL, what: 'begin', state: broken.has('receipt') ? 'waiting' : 'sent' },
    ],
    channels: [],
    stalledMs: () => stalledMs,
    passes: { newestMs: () => passedAtMs, record: (atMs) => (passedAtMs = atMs) },
    deleteOld: () => undefined,
    own: () => ({ write: (samples) => written.push(...samples) }),
    ...{ clock, random: () => 0.5, log: silentLogger },
  });
  canary.watch(bus).onMessage(({ payload }) => {
    if (!broken.has('ingest')) judge(payload);
  });
});

function judge(payload: Buffer): void {
  const { epoch, seq, tables } = decodeBatch(payload);
  canary.observe({ agent: 'wardwatch-canary', epoch, seq, tables: [] });
  if (broken.has('rules')) return;
  for (const [[slot], , [isFault]] of (tables[0]?.rows ?? []) as [[string], number, [boolean]][]) {
    const alert = { id: `a-${slot}`, rule: CANARY_RULE, entity: { slot } } as unknown as AlertView;
    canary.before(() => undefined)(alert, { kind: isFault ? 'fired' : 'resolved' } as AlertEvent);
    if (broken.has('outbox')) continue;
    const message = messageOf(alertOf(isFault ? 'begin' : 'end', { id: `a-${slot}` }));
    void canary.sink.send(message, { nowMs: clock.now(), signal: new AbortController().signal });
  }
}

async function run(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    clock.freeze(1_000);
    canary.tick();
    await Promise.resolve();
  }
}

function brokenHops(): string[] {
  return canary.stats().hops.flatMap(({ hop, brokenSinceMs }) => (brokenSinceMs === undefined ? [] : [hop]));
}

describe('runs of the canary', () => {
  it('come every ten minutes, and each takes its own slot', async () => {
    await run(119);
    expect(bus.published).toEqual([]);
    await run(1_810);
    // A fault and its end, each time.
    expect(bus.published).toHaveLength(8);
    expect(brokenHops()).toEqual([]);
    expect(new Set(canary.stats().hops.map(({ hop }) => hop)).size).toBe(8);
  });

  it.each(['ingest', 'store', 'rules', 'incident', 'outbox', 'receipt'])(
    'name %s where it passes nothing on, since when, and no hop behind it',
    async (hop) => {
      await run(150);
      broken.add(hop);
      await run(660);
      expect(brokenHops()).toEqual([hop]);
      const since = canary.stats().hops.find((view) => view.hop === hop)?.brokenSinceMs;
      await run(600);
      expect(canary.stats().hops.find((view) => view.hop === hop)?.brokenSinceMs).toBe(since);
      const rows = written.filter(({ tags }) => tags['hop'] === hop);
      expect(rows.map(({ fields }) => Number(fields['broken_s']) > 1)).toEqual([false, true, true]);
      expect(rows.at(-1)?.fields['broken_s']).toBeGreaterThanOrEqual(600);
      broken.clear();
      await run(600);
      expect(brokenHops()).toEqual([]);
      expect(written.filter(({ tags }) => tags['hop'] === hop).at(-1)?.fields['broken_s']).toBe(0);
    },
  );

  it('are passed only once they are over and no hop held them up', async () => {
    const startMs = clock.now();
    broken.add('receipt');
    await run(190);
    expect([canary.stats().ranAtMs, canary.stats().passedAtMs]).toEqual([startMs + 120_000, undefined]);
    broken.clear();
    await run(600);
    expect(canary.stats().passedAtMs).toBe(startMs + 720_000);
  });

  it('name mqtt where the message is lost, and why where the broker is not there', async () => {
    bus.delivers = false;
    await run(190);
    expect(brokenHops()).toEqual(['mqtt']);
    bus.connected = false;
    await run(600);
    expect(canary.stats().hops).toEqual([expect.objectContaining({ hop: 'mqtt', reason: 'not connected' })]);
  });

  it('have no result where central stood still meanwhile, and begin anew', async () => {
    bus.delivers = false;
    await run(121);
    expect(bus.published).toHaveLength(1);
    clock.freeze(90_000);
    stalledMs += 90_000;
    await run(1);
    expect([brokenHops(), written]).toEqual([[], []]);
    // The fault that was there is over.
    expect(bus.published).toHaveLength(2);
    bus.delivers = true;
    await run(150);
    expect(canary.stats().hops).toHaveLength(8);
    expect(brokenHops()).toEqual([]);
    // The stall counts no more.
    bus.delivers = false;
    await run(660);
    expect(brokenHops()).toEqual(['mqtt']);
  });

  it('pass by a store that has its own alarm', async () => {
    broken.add('store').add('store away');
    await run(190);
    expect(brokenHops()).toEqual([]);
  });
});
