import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Sample } from '../../../contract/sample.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { openAlertDurations, type AlertDurations } from '../../alerts/history/alert-durations.ts';
import type { AlertRecord } from '../../alerts/history/alert-record.ts';
import { openAlertRepository, type AlertRepository } from '../../alerts/history/alert-repository.ts';
import type { AlertEvent } from '../../alerts/history/alert.ts';
import { CANARY_RULE } from '../../alerts/history/canary-alarm.ts';
import { openTimelineSteps } from '../../alerts/history/timeline-steps.ts';
import { InventoryPlaces } from '../../alerts/suppression/inventory-places.ts';
import { EMPTY_INVENTORY } from '../../inventory/inventory.ts';
import { LiveInventory } from '../../inventory/live-inventory.ts';
import { openStateDatabase, type StateDatabase } from '../../state/database.ts';
import { AlertEvents } from './alert-events.ts';
import { openWrittenSteps } from './written-steps.ts';

const { signal } = new AbortController();

/** A central that can be killed: its `state.db` and its store stay. */
class Bench {
  readonly clock = new ManualClock();
  readonly #database: StateDatabase = openStateDatabase(':memory:');
  readonly #repository: AlertRepository = openAlertRepository(this.#database);
  /** By series and time, as a store has them. */
  readonly stored = new Map<string, Sample>();
  /** In the write buffer: gone after a kill. */
  #waiting: { readonly atMs: number; readonly samples: readonly Sample[] }[] = [];
  storeAvailable = true;
  bufferFillRatio = 0;
  /** Whose incident cannot be found, as long as it is named here. */
  brokenAlert: string | undefined;
  #recorded = 0;
  /** By a millisecond with each reading. */
  clockMoves = false;
  #readings = 0;
  events!: AlertEvents;

  constructor() {
    this.start();
  }

  /** As after kill -9. */
  start(): void {
    this.#waiting = [];
    this.events = new AlertEvents({
      steps: openTimelineSteps(this.#database),
      written: openWrittenSteps(this.#database),
      rules: { get: () => undefined },
      places: new InventoryPlaces(new LiveInventory(EMPTY_INVENTORY)),
      incidents: {
        incidentOf: (id) => {
          if (id === this.brokenAlert) throw new Error('no incident can be found');
          return undefined;
        },
      },
      suppressionOf: () => undefined,
      storing: () => ({
        ...{ storeAvailable: this.storeAvailable, bufferFillRatio: this.bufferFillRatio },
        oldestReceivedAtMs: this.#waiting[0]?.atMs,
      }),
      own: { write: (samples) => this.#waiting.push({ atMs: this.#nextNow(), samples }) },
      clock: { now: () => this.#nextNow(), monotonicMs: () => this.clock.monotonicMs() },
      log: silentLogger,
    });
  }

  #nextNow(): number {
    this.#readings++;
    return this.clock.now() + (this.clockMoves ? this.#readings : 0);
  }

  /** One step of an alert of a port: all ports of the device are one series. */
  record(port: number, more: Partial<AlertEvent> = {}, changes: Partial<AlertRecord> = {}, times = 1): void {
    const nowMs = this.clock.now();
    this.#recorded += times;
    const record: AlertRecord = {
      ...{ id: `a-${port}`, rule: 'port_down', entityKey: `port-${port}`, agent: 'gw-1', severity: 'minor' },
      ...{ entity: { device: 'sw-1', interface: `ge-${port}` }, phase: 'firing', value: 2, lastValue: 2 },
      ...{ startedAtMs: nowMs, firedAtMs: nowMs, openedAtMs: nowMs, updatedAtMs: nowMs, lastSampleMs: nowMs },
      ...changes,
    };
    const event: AlertEvent = {
      ...{ kind: 'fired', phase: 'firing', severity: 'minor', value: 2, atMs: nowMs, recordedAtMs: nowMs },
      ...more,
    };
    const events = Array<AlertEvent>(times).fill(event);
    this.#repository.write({ alerts: [{ record, events }], pending: [], endedPending: [] });
  }

  get durations(): AlertDurations {
    return openAlertDurations(this.#database);
  }

  get recorded(): number {
    return this.#recorded;
  }

  look(): Promise<void> {
    return this.events.look(signal);
  }

  /** The store takes the oldest batch that waits. */
  store(): void {
    for (const sample of this.#waiting.shift()?.samples ?? [])
      this.stored.set(JSON.stringify([sample.tags, sample.timeMs]), sample);
  }

  get steps(): (readonly unknown[])[] {
    return [...this.stored.values()]
      .sort((a, b) => a.timeMs - b.timeMs)
      .map(({ fields }) => [fields['alert_id'], fields['event']]);
  }

  async finish(): Promise<void> {
    await this.clock.advance(1);
    for (let round = 0; round < 20; round++) {
      await this.look();
      this.store();
    }
  }

  end(): void {
    this.#database.close();
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe('the steps of alerts', () => {
  it('are rows of their own, also where several of one series come at the same ms', async () => {
    for (let port = 0; port < 250; port++) bench.record(port);
    await bench.finish();
    expect(bench.stored.size).toBe(250);
    expect(new Set(bench.steps.map(([id]) => id)).size).toBe(250);
    expect(bench.steps[0]).toEqual(['a-0', 'fired']);
    expect([...bench.stored.values()][7]).toMatchObject({
      tags: { rule: 'port_down', severity: 'minor', resource: 'device:sw-1' },
      fields: { alert_id: 'a-7', step: 8, active: true, qualifier: 'interface=ge-7', value: 2 },
    });
  });

  it('say how long an alert lasted at its end, and how long nobody answered at the first answer', async () => {
    const firedAtMs = bench.clock.now();
    bench.record(1);
    await bench.clock.advance(90_000);
    const acknowledged = { kind: 'acknowledged', by: 'lan' } as const;
    bench.record(1, acknowledged);
    await bench.clock.advance(30_000);
    bench.record(1, acknowledged);
    const ended = { phase: 'resolved', resolvedAtMs: bench.clock.now() } as const;
    bench.record(1, { kind: 'resolved', phase: 'resolved' }, ended);
    await bench.finish();
    const fields = [...bench.stored.values()].map((sample) => sample.fields);
    expect(
      fields.map(({ event, ack_s, duration_s, active, by }) => [event, ack_s, duration_s, active, by]),
    ).toEqual([
      ['fired', undefined, undefined, true, undefined],
      ['acknowledged', 90, undefined, true, 'lan'],
      ['acknowledged', undefined, undefined, true, 'lan'],
      ['resolved', undefined, 120, false, undefined],
    ]);
    expect(fields[3]).toMatchObject({ raised_at: firedAtMs, cleared_at: firedAtMs + 120_000 });
  });

  it('have each duration once, and only of the alerts that the API counts', async () => {
    const nowMs = bench.clock.now();
    await bench.clock.advance(60_000);
    const times = { firedAtMs: nowMs, openedAtMs: nowMs, resolvedAtMs: bench.clock.now() };
    const over = { ...times, phase: 'resolved' } as const;
    const end = (port: number, kind: AlertEvent['kind'], changes: Partial<AlertRecord>): void =>
      bench.record(port, { kind, phase: changes.phase ?? 'resolved' }, changes);
    end(1, 'acknowledged', over);
    end(1, 'resolved', over);
    end(1, 'commented', over);
    end(2, 'withdrawn', { ...times, phase: 'withdrawn' });
    end(3, 'closed', { ...times, phase: 'closed' });
    const late = { ...over, learnedLateAtMs: bench.clock.now() };
    end(4, 'resolved', late);
    end(4, 'acknowledged', late);
    await bench.finish();
    const valuesOf = (name: string) =>
      [...bench.stored.values()].flatMap(({ fields }) => fields[name] ?? []).map(Number);
    const range = { fromMs: nowMs, toMs: bench.clock.now(), unit: null };
    const counted = bench.durations;
    expect([valuesOf('duration_s'), counted.untilRecovered(range).all.alerts]).toEqual([[60], 1]);
    expect([valuesOf('ack_s'), counted.untilAcknowledged(range).all.alerts]).toEqual([[60], 1]);
  });

  it('of the canary are nobody’s business', async () => {
    bench.record(1, {}, { rule: CANARY_RULE });
    bench.record(2);
    await bench.finish();
    expect(bench.steps).toEqual([['a-2', 'fired']]);
  });

  it('wait in state.db while the store takes nothing, or has too much before it', async () => {
    bench.record(1);
    bench.storeAvailable = false;
    await bench.look();
    bench.storeAvailable = true;
    bench.bufferFillRatio = 0.6;
    await bench.look();
    bench.bufferFillRatio = 0;
    expect(bench.stored.size).toBe(0);
    await bench.finish();
    expect(bench.steps).toEqual([['a-1', 'fired']]);
  });

  it('are written again after a kill while they wait, also where the clock moved while they were handed over', async () => {
    bench.clockMoves = true;
    bench.record(1);
    await bench.look();
    await bench.look();
    bench.start();
    await bench.finish();
    expect(bench.steps).toEqual([['a-1', 'fired']]);
  });

  it('before the first start that writes them are left where they are', async () => {
    bench.record(1);
    await bench.finish();
    bench.record(2);
    bench.start();
    await bench.finish();
    expect(bench.steps).toEqual([
      ['a-1', 'fired'],
      ['a-2', 'fired'],
    ]);
  });

  it('go on when the clock of central was set back', async () => {
    bench.record(1);
    await bench.look();
    bench.clock.stepWallClock(-3_600_000);
    bench.record(2);
    await bench.finish();
    const times = [...bench.stored.values()].map(({ timeMs }) => timeMs);
    expect(bench.stored.size).toBe(2);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(-3_600_000);
  });

  it('are held to so many an hour, and the others follow in the next', async () => {
    bench.record(1, {}, {}, 10_050);
    for (let round = 0; round < 110; round++) {
      await bench.look();
      bench.store();
    }
    expect(bench.stored.size).toBe(10_000);
    await bench.clock.advance(3_600_000);
    await bench.finish();
    expect(bench.stored.size).toBe(10_050);
  });
});

describe('a step that cannot be made into a row', () => {
  it('is tried again, and nothing around it is lost', async () => {
    for (const port of [1, 2, 3]) bench.record(port);
    bench.brokenAlert = 'a-2';
    await bench.look();
    bench.brokenAlert = undefined;
    await bench.finish();
    expect(bench.steps).toEqual([
      ['a-1', 'fired'],
      ['a-2', 'fired'],
      ['a-3', 'fired'],
    ]);
  });

  it('is left out in the end, so that the others come', async () => {
    for (const port of [1, 2, 3]) bench.record(port);
    bench.brokenAlert = 'a-2';
    await bench.finish();
    expect(bench.steps).toEqual([
      ['a-1', 'fired'],
      ['a-3', 'fired'],
    ]);
  });
});

type Action = 'record' | 'burst' | 'look' | 'store' | 'kill' | 'wait';

it('whenever central is killed, each step is in the store once', async () => {
  const action = fc.constantFrom<Action>('record', 'burst', 'look', 'store', 'kill', 'wait');
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
      const city = new Bench();
      try {
        for (const each of actions) {
          if (each === 'record') city.record(0);
          else if (each === 'burst') for (let port = 0; port < 3; port++) city.record(port);
          else if (each === 'look') await city.look();
          else if (each === 'store') city.store();
          else if (each === 'kill') city.start();
          else await city.clock.advance(7);
        }
        await city.finish();
        const steps = [...city.stored.values()].map(({ fields }) => fields['step']);
        expect(steps.sort((a, b) => Number(a) - Number(b))).toEqual(
          Array.from({ length: city.recorded }, (_, at) => at + 1),
        );
      } finally {
        city.end();
      }
    }),
    { numRuns: 60 },
  );
});
