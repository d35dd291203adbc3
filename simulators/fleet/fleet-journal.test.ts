import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import type { AgentQueue } from './agent-queue.ts';
import { FleetJournal } from './fleet-journal.ts';
import { decodeJournalRecord, encodeJournalRecord } from './journal-record.ts';

let scratch: string;
let directory: string;
let journal: FleetJournal;

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'wardwatch-journal-'));
  directory = join(scratch, 'journal');
  journal = await open();
});
afterEach(async () => {
  await journal.close();
  rmSync(scratch, { recursive: true, force: true });
});

const open = (): Promise<FleetJournal> =>
  FleetJournal.open({ directory, clock: systemClock, log: silentLogger });

async function reopen(): Promise<void> {
  await journal.close();
  journal = await open();
}

function append(queue: AgentQueue, text: string): Promise<number | undefined> {
  return queue.append({ body: Buffer.from(text), points: 1, firstMs: 1_000, lastMs: 2_000 });
}

async function textOf(queue: AgentQueue, seq: number): Promise<string | undefined> {
  return (await queue.read(seq))?.toString();
}

const pendingOf = (queue: AgentQueue): number[] => queue.pending(0, 100).map(({ seq }) => seq);

describe('the journal of a fleet', () => {
  it('is a queue for each agent: own seqs, own acknowledgements', async () => {
    const [one, other] = [journal.queueOf('gw-1'), journal.queueOf('gw-2')];
    expect(await Promise.all([append(one, 'a'), append(other, 'x'), append(one, 'b')])).toEqual([1, 1, 2]);
    expect(await textOf(one, 2)).toBe('b');
    one.ack(one.epoch, [[1, 1]]);
    other.ack(one.epoch, [[1, 1]]);
    expect([pendingOf(one), pendingOf(other)]).toEqual([[2], [1]]);
    expect([one.lowest(), one.highest(), one.acked]).toEqual([2, 2, 1]);
    expect(await textOf(one, 1)).toBeUndefined();
  });

  it('holds what waits across a restart, and never gives a seq twice', async () => {
    const before = journal.queueOf('gw-1');
    for (const text of ['a', 'b', 'c']) await append(before, text);
    before.ack(before.epoch, [[1, 1]]);
    await reopen();
    const after = journal.queueOf('gw-1');
    expect(after.epoch).toBe(before.epoch);
    expect(pendingOf(after)).toEqual([2, 3]);
    expect(await textOf(after, 3)).toBe('c');
    after.ack(after.epoch, [[1, 3]]);
    await reopen();
    // The newest is kept, acknowledged as it is, because it tells the next seq.
    expect(pendingOf(journal.queueOf('gw-1'))).toEqual([3]);
    expect(await append(journal.queueOf('gw-1'), 'd')).toBe(4);
  });

  it('declares a batch that was set aside as lost', async () => {
    const queue = journal.queueOf('gw-1');
    await append(queue, 'a');
    await queue.setAside(1);
    expect(pendingOf(queue)).toEqual([2]);
    expect(queue.stats()).toMatchObject({ lostBatches: 1, lostPoints: 1 });
    const body = `{${gunzipSync((await queue.read(2)) ?? Buffer.alloc(0)).toString()}`;
    expect(JSON.parse(body)).toMatchObject({
      losses: [{ from: 1, to: 1, points: 1, fromMs: 1_000, toMs: 2_000, reason: 'stuck' }],
    });
  });

  it('starts all agents anew when it is damaged, and keeps the damaged files', async () => {
    const { epoch } = journal.queueOf('gw-1');
    for (let batch = 0; batch < 3; batch++) await append(journal.queueOf('gw-1'), 'x'.repeat(100));
    await journal.close();
    const file = join(directory, readdirSync(directory).find((name) => name.endsWith('.seg')) ?? '');
    const bytes = readFileSync(file);
    bytes.fill(0xff, 0, 60);
    writeFileSync(file, bytes);
    journal = await open();
    expect(journal.queueOf('gw-1').epoch).not.toBe(epoch);
    expect(pendingOf(journal.queueOf('gw-1'))).toEqual([]);
    expect(await append(journal.queueOf('gw-1'), 'a')).toBe(1);
    expect(readdirSync(`${directory}-damaged`)).not.toEqual([]);
  });
});

describe('a record of the journal', () => {
  it('makes the round trip, and rubbish is none', () => {
    const owner = { agent: 'gw-25747-01', epoch: 'abcdefgh', seq: 12_345 };
    const body = Buffer.from('{"a":1}\nmore\n');
    expect(decodeJournalRecord(encodeJournalRecord(owner, body))).toEqual({ ...owner, body });
    for (const rubbish of [
      '',
      '\n',
      'gw-1 abcdefgh\n',
      'gw-1 abcdefgh 0\nx',
      'GW abcdefgh 1\n',
      'gw-1 a 1\n',
      'x'.repeat(500),
    ])
      expect(decodeJournalRecord(Buffer.from(rubbish)), rubbish).toBeUndefined();
  });
});
