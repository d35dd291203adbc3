import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStateDatabase, type StateDatabase } from '../state/database.ts';
import type { Ledger, LedgerHour, LedgerHoursQuery, StoredBatch } from './ledger.ts';
import { MAX_RANGES } from './ledger-entry-state.ts';
import { openLedger } from './sqlite-ledger.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = 500_000 * HOUR_MS + 60_000;
const EPOCH = 'abcdefgh';

let directory: string;
let database: StateDatabase;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ledger-'));
  database = openStateDatabase(join(directory, 'state.db'));
});

afterEach(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

function reopen(): void {
  database.close();
  database = openStateDatabase(join(directory, 'state.db'));
}

function batch(seq: number, more: Partial<StoredBatch> = {}): StoredBatch {
  return {
    agent: 'gw-1',
    epoch: EPOCH,
    seq,
    lowest: 1,
    measuredAtMs: NOW_MS,
    storedPoints: 10,
    refusedPoints: 1,
    losses: [],
    ...more,
  };
}

function hoursOf(ledger: Ledger, query: Partial<LedgerHoursQuery>): readonly LedgerHour[] {
  return ledger.hours({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 100, ...query });
}

describe('the ledger in state.db', () => {
  it('remembers across a restart what is stored, per agent and epoch', () => {
    openLedger(database).recordStored([batch(1), batch(2), batch(7, { agent: 'gw-2' })], NOW_MS);
    reopen();
    const ledger = openLedger(database);
    expect(ledger.isStored('gw-1', EPOCH, 2)).toBe(true);
    expect(ledger.isStored('gw-1', EPOCH, 3)).toBe(false);
    expect(ledger.isStored('gw-1', 'otherepoch', 2)).toBe(false);
    expect(ledger.isStored('gw-2', EPOCH, 7)).toBe(true);
    expect(ledger.entries('gw-1')).toMatchObject([{ stored: [[1, 2]], storedPoints: 20, refusedPoints: 2 }]);
    expect(ledger.entries()).toHaveLength(2);
    expect(ledger.entries('nobody')).toEqual([]);
  });

  it('names newly missing batches once, from batches and from births', () => {
    const ledger = openLedger(database);
    expect(ledger.recordStored([batch(1), batch(5)], NOW_MS).missing).toEqual([]);
    const found = ledger.recordStored([batch(6, { lowest: 4 })], NOW_MS).missing;
    expect(found).toEqual([{ agent: 'gw-1', epoch: EPOCH, ranges: [[2, 3]], firstContact: false }]);
    expect(ledger.recordLowest('gw-1', EPOCH, 5, NOW_MS)).toMatchObject([{ ranges: [[4, 4]] }]);
    expect(ledger.recordLowest('gw-1', EPOCH, 5, NOW_MS)).toEqual([]);
    expect(ledger.recordStored([batch(9, { epoch: 'ijklmnop', lowest: 9 })], NOW_MS).missing).toMatchObject([
      { ranges: [[1, 8]], firstContact: true },
    ]);
  });

  it('counts a batch once, however often it is recorded', () => {
    const ledger = openLedger(database);
    ledger.recordStored([batch(1), batch(1)], NOW_MS);
    ledger.recordStored([batch(1)], NOW_MS);
    expect(ledger.entries('gw-1')).toMatchObject([{ storedPoints: 10 }]);
    expect(hoursOf(ledger, { agent: 'gw-1', toMs: NOW_MS })).toMatchObject([
      { storedBatches: 1, storedPoints: 10 },
    ]);
  });

  it('changes nothing when the disk refuses, and takes the same batches afterwards', () => {
    const ledger = openLedger(database);
    database
      .prepare('CREATE TRIGGER full BEFORE INSERT ON ledger_hour BEGIN SELECT RAISE(ABORT, "disk full"); END')
      .run();
    expect(() => ledger.recordStored([batch(1)], NOW_MS)).toThrow(/disk full/);
    expect(ledger.isStored('gw-1', EPOCH, 1)).toBe(false);
    database.prepare('DROP TRIGGER full').run();
    ledger.recordStored([batch(1)], NOW_MS);
    expect(hoursOf(ledger, { agent: 'gw-1', toMs: NOW_MS })).toMatchObject([{ storedBatches: 1 }]);
  });

  it('sums up hours, newest first, with what came late and what was lost', () => {
    const ledger = openLedger(database);
    const lost = { from: 2, to: 3, points: 20, fromMs: 0, toMs: 1, reason: 'queue-full' } as const;
    ledger.recordStored([batch(1), batch(4, { losses: [lost], measuredAtMs: NOW_MS - 61_000 })], NOW_MS);
    ledger.recordStored([batch(5), batch(1, { agent: 'gw-2' })], NOW_MS + HOUR_MS);
    const hourMs = Math.floor(NOW_MS / HOUR_MS) * HOUR_MS;
    expect(hoursOf(ledger, { agent: 'gw-1', fromMs: hourMs, toMs: hourMs + 2 * HOUR_MS })).toEqual([
      {
        agent: 'gw-1',
        hourMs: hourMs + HOUR_MS,
        storedBatches: 1,
        storedPoints: 10,
        refusedPoints: 1,
        lostPoints: 0,
        lateBatches: 1,
      },
      {
        agent: 'gw-1',
        hourMs,
        storedBatches: 2,
        storedPoints: 20,
        refusedPoints: 2,
        lostPoints: 20,
        lateBatches: 1,
      },
    ]);
    expect(hoursOf(ledger, { fromMs: hourMs, toMs: hourMs + 2 * HOUR_MS })).toHaveLength(3);
    expect(hoursOf(ledger, { fromMs: hourMs, toMs: hourMs + HOUR_MS })).toHaveLength(1);
    const ofBoth = { storedBatches: 3, storedPoints: 30, refusedPoints: 3, lostPoints: 20, lateBatches: 2 };
    const totals = (agents: string[], fromMs: number, toMs: number) =>
      Object.fromEntries(ledger.totals(agents, fromMs, toMs));
    expect(totals(['gw-1'], hourMs + 1, hourMs + HOUR_MS + 1)).toEqual({ 'gw-1': ofBoth });
    const ofFirst = { storedBatches: 2, storedPoints: 20, refusedPoints: 2, lostPoints: 20, lateBatches: 1 };
    expect(totals(['gw-1', 'gw-2', 'gw-3'], hourMs, hourMs + HOUR_MS)).toEqual({ 'gw-1': ofFirst });
    expect(ledger.openBatches('gw-1')).toEqual({ missing: 0, awaited: 0 });
    ledger.recordStored([batch(9, { lowest: 8 })], NOW_MS);
    expect(ledger.openBatches('gw-1')).toEqual({ missing: 2, awaited: 1 });
    expect(ledger.openBatches('gw-3')).toEqual({ missing: 0, awaited: 0 });
  });

  it('gives the hours page by page, each once', () => {
    const ledger = openLedger(database);
    for (const hour of [0, 1, 2]) {
      const batches = ['gw-1', 'gw-2'].map((agent) => batch(hour + 1, { agent }));
      ledger.recordStored(batches, NOW_MS + hour * HOUR_MS);
    }
    const all = hoursOf(ledger, {});
    expect(all).toHaveLength(6);
    const walked: LedgerHour[] = [];
    for (;;) {
      const after = walked.at(-1);
      const page = hoursOf(ledger, { limit: 1, ...(after !== undefined && { after }) });
      if (page.length === 0) break;
      walked.push(...page);
    }
    expect(walked).toEqual(all);
  });

  it('knows the completeness of one agent and of all, also of what is folded into counts', () => {
    const ledger = openLedger(database);
    expect(ledger.completeness().ratio).toBeUndefined();
    const everyOther = Array.from({ length: MAX_RANGES + 10 }, (_, index) => batch(index * 2 + 1));
    ledger.recordStored(everyOther, NOW_MS);
    ledger.recordStored([batch(1, { agent: 'gw-2' })], NOW_MS);
    reopen();
    const reopened = openLedger(database);
    const [entry] = reopened.entries('gw-1');
    expect(entry!.foldedBelow).toBeGreaterThan(1);
    const holes = (entry!.foldedBelow - 1) / 2;
    expect(entry!.completeness).toBe(everyOther.length / (everyOther.length + holes));
    expect(reopened.completenessOf('gw-1')).toBe(entry!.completeness);
    expect(reopened.completeness().ratio).toBe((entry!.completeness + 1) / 2);
    expect(reopened.completenessOf('nobody')).toBeUndefined();
  });

  it('keeps the newest epochs of an agent that makes one after the other, and the counts of all others', () => {
    const ledger = openLedger(database);
    const lost = { from: 2, to: 3, points: 20, fromMs: 0, toMs: 1, reason: 'queue-full' } as const;
    for (let index = 0; index < 40; index++) {
      const epoch = `epoch${String(index).padStart(3, '0')}`;
      // 1 is missing, 2 and 3 are declared lost, 4 and 6 are stored, 5 is awaited.
      ledger.recordStored(
        [batch(4, { epoch, lowest: 2, losses: [lost] }), batch(6, { epoch })],
        NOW_MS + index,
      );
    }
    const before = ledger.completeness();
    reopen();
    const reopened = openLedger(database);
    expect(reopened.completeness()).toEqual(before);
    const entries = reopened.entries('gw-1');
    const epochs = entries.map((entry) => entry.epoch);
    expect(epochs).toHaveLength(33);
    expect(epochs).toContain('epoch039');
    expect(epochs).not.toContain('epoch007');
    // Eight older ones, whose awaited batch will never come.
    const [older] = entries.filter(({ epoch }) => epoch === 'older');
    expect(older).toMatchObject({
      ...{ stored: [], declaredLost: [], missing: [], awaited: [], lowest: 49, highest: 48 },
      ...{ storedPoints: 160, refusedPoints: 16, lostPoints: 160, completeness: 16 / 48 },
    });
  });

  it('takes an epoch again that it had folded in the same transaction', () => {
    const ledger = openLedger(database);
    const epochs = Array.from({ length: 33 }, (_, index) => `epoch${String(index).padStart(3, '0')}`);
    ledger.recordStored(
      [...epochs, 'epoch000'].map((epoch, index) => batch(index + 1, { epoch })),
      NOW_MS,
    );
    reopen();
    expect(openLedger(database).isStored('gw-1', 'epoch000', 34)).toBe(true);
  });

  it('takes nothing of forgotten epochs for gone when the store holds all of them', () => {
    const epochs = Array.from({ length: 40 }, (_, index) => `epoch${String(index).padStart(3, '0')}`);
    const ledger = openLedger(database);
    epochs.forEach((epoch, index) => ledger.recordStored([batch(1, { epoch })], NOW_MS + index));
    const held = epochs.map((epoch) => ({
      ...{ agent: 'gw-1', epoch, ranges: [[1, 1]] as const, points: 10, newestMs: NOW_MS },
    }));
    reopen();
    const reopened = openLedger(database);
    expect(reopened.recordStoreLosses(held, NOW_MS + 100)).toEqual([]);
    expect(reopened.completenessOf('gw-1')).toBe(1);
    expect(reopened.entries('gw-1').every(({ lostPoints }) => lostPoints === 0)).toBe(true);
    // What is gone of an epoch that is known is still found.
    expect(reopened.recordStoreLosses(held.slice(0, -1), NOW_MS + 200)).toMatchObject([
      { epoch: 'epoch039', ranges: [[1, 1]], points: 10 },
    ]);
  });
});
