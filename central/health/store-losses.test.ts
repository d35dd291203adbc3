import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { openLedger } from '../ledger/sqlite-ledger.ts';
import type { Ledger, StoredBatch } from '../ledger/ledger.ts';
import { openStateDatabase, type StateDatabase } from '../state/database.ts';
import { KnobStore } from '../ingest/testing/knob-store.ts';
import type { HeldBatches, OpeningListener, StoreOpening } from '../store/sample-store.ts';
import { watchStoreLosses } from './store-losses.ts';

const NOW_MS = 1_790_000_000_000;
const HOUR_MS = 3_600_000;

/** Says at each opening what a test tells it to hold. */
class FileStore extends KnobStore {
  override readonly kind: string = 'duckdb';
  held: readonly HeldBatches[] | undefined = [];
  adopted: readonly HeldBatches[] | undefined;
  lost: number | undefined;
  #listener: OpeningListener | undefined;

  async onOpened(listener: OpeningListener): Promise<void> {
    this.#listener = listener;
    await this.reopen();
  }

  async reopen(): Promise<void> {
    const opening: StoreOpening = {
      damage: [],
      held: this.held,
      adopt: (held) => {
        this.adopted = held;
        return Promise.resolve();
      },
    };
    this.lost = await this.#listener?.(opening);
  }
}

function batch(seq: number, more: Partial<StoredBatch> = {}): StoredBatch {
  const rest = { storedPoints: 10, refusedPoints: 0, measuredAtMs: NOW_MS, losses: [], lowest: 1 };
  return { agent: 'gw-1', epoch: 'abcdefgh', seq, ...rest, ...more };
}

function held(to: number, more: Partial<HeldBatches> = {}): HeldBatches {
  const rest = { ranges: [[1, to]] as const, points: 10 * to, newestMs: NOW_MS - 60_000 };
  return { agent: 'gw-1', epoch: 'abcdefgh', ...rest, ...more };
}

let database: StateDatabase;
let ledger: Ledger;
let store: FileStore;

beforeEach(() => {
  database = openStateDatabase(':memory:');
  ledger = openLedger(database);
  store = new FileStore();
  ledger.recordStored(
    [1, 2, 3, 4].map((seq) => batch(seq)),
    NOW_MS,
  );
});

const watch = (): Promise<void> =>
  watchStoreLosses({ ledger, store, clock: new ManualClock(NOW_MS + 1_000), log: silentLogger });

describe('a store that comes back', () => {
  it('with everything that was acknowledged, and more, has lost nothing', async () => {
    store.held = [held(5), held(9, { epoch: 'ijklmnop' })];
    await watch();
    expect(store.lost).toBe(0);
    expect(ledger.entries('gw-1')).toMatchObject([{ stored: [[1, 4]], storeLost: [], completeness: 1 }]);
    expect(ledger.storeLostBatches(0)).toBe(0);
  });

  it('with less, has the rest declared lost: stored and lost together are what was acknowledged', async () => {
    store.held = [held(1)];
    await watch();
    expect(store.lost).toBe(3);
    expect(ledger.entries('gw-1')).toMatchObject([
      {
        stored: [[1, 1]],
        declaredLost: [[2, 4]],
        storeLost: [[2, 4]],
        storedPoints: 10,
        lostPoints: 30,
        completeness: 0.25,
      },
    ]);
    const [hour] = ledger.hours({ fromMs: 0, toMs: NOW_MS + HOUR_MS, limit: 9 });
    expect(hour).toMatchObject({ agent: 'gw-1', lostPoints: 30 });
    expect(ledger.storeLostBatches(NOW_MS)).toBe(3);
    expect(ledger.storeLostBatches(NOW_MS + HOUR_MS)).toBe(0);
  });

  it('with nothing at all, has lost everything', async () => {
    store.held = [];
    await watch();
    expect(store.lost).toBe(4);
    expect(ledger.entries('gw-1')).toMatchObject([{ stored: [], storedPoints: 0, lostPoints: 40 }]);
  });

  it('with less while central runs, is found out before the next write', async () => {
    store.held = [held(4)];
    await watch();
    store.held = [held(3)];
    await store.reopen();
    expect(ledger.entries('gw-1')).toMatchObject([{ storeLost: [[4, 4]] }]);
  });

  it('tells a loss once, also after a restart', async () => {
    store.held = [held(1)];
    await watch();
    ledger = openLedger(database);
    await watch();
    expect(store.lost).toBe(0);
    expect(ledger.entries('gw-1')).toMatchObject([{ storeLost: [[2, 4]], lostPoints: 30 }]);
  });

  it('without what an agent still has, gets it again, and it is lost no more', async () => {
    store.held = [held(3)];
    await watch();
    expect(ledger.isStored('gw-1', 'abcdefgh', 4)).toBe(false);
    ledger.recordStored([batch(4)], NOW_MS);
    expect(ledger.entries('gw-1')).toMatchObject([{ stored: [[1, 4]], declaredLost: [], storeLost: [] }]);
  });
});

describe('what was acknowledged before there were lists', () => {
  it('is taken for granted when the file is of an earlier version', async () => {
    store.held = undefined;
    await watch();
    expect(store.lost).toBe(0);
    expect(store.adopted).toMatchObject([{ agent: 'gw-1', ranges: [[1, 4]], points: 40 }]);
    expect(ledger.entries('gw-1')).toMatchObject([{ stored: [[1, 4]] }]);
  });

  it('is in the other store when the kind of store was changed', async () => {
    ledger.recordStoreKind('influx');
    store.held = [];
    await watch();
    expect(store.adopted).toMatchObject([{ ranges: [[1, 4]] }]);
    expect(ledger.storeKind).toBe('duckdb');
    store.held = [held(2)];
    await store.reopen();
    expect(store.lost).toBe(2);
  });
});
