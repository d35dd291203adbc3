import { describe, expect, it } from 'vitest';
import type { Ack } from '../../contract/ack.ts';
import { MAX_INBOUND_BYTES, parseAck, parseFlow, settledRanges } from './inbound-parsers.ts';

const ack: Ack = { v: 1, epoch: 'k3f9a2c1', stored: [[3, 5]], window: 8, backfillPerS: 2 };
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe('a message from central', () => {
  it('is parsed as the contract defines it', () => {
    expect(parseAck(bytes({ ...ack, later: 'additions are ignored' }))).toEqual({ ok: true, value: ack });
    expect(parseFlow(bytes({ v: 1, mode: 'hold', backfillPerS: 0 }))).toMatchObject({ ok: true });
  });

  it.each([
    ['no JSON', Buffer.from('{"v":1'), 'not JSON'],
    ['another version', bytes({ ...ack, v: 2 }), 'v: '],
    ['a window of nothing', bytes({ ...ack, window: 0 }), 'window: '],
    ['a number for the epoch', bytes({ ...ack, epoch: 7 }), 'epoch: '],
    ['too many ranges', bytes({ ...ack, stored: new Array(1_001).fill([1, 1]) }), 'stored: '],
    ['null', bytes(null), ''],
  ])('is refused as %s', (_what, payload, problem) => {
    const parsed = parseAck(payload);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.problem).toContain(problem);
  });

  it('is not parsed when it is too large', () => {
    const valid = bytes({ ...ack, padding: 'x'.repeat(MAX_INBOUND_BYTES) });
    expect(parseAck(valid)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('at most') as string,
    });
  });
});

describe('the ranges that an ack settles', () => {
  it('include a batch refused as a whole, and one with refused rows only once it is stored', () => {
    const refused = [
      { seq: 9, reason: 'wrong version' },
      { seq: 10, rows: [0], reason: 'out of range' },
    ];
    expect(settledRanges({ ...ack, refused })).toEqual([
      [3, 5],
      [9, 9],
    ]);
  });

  it('leave out ranges that run backwards', () => {
    expect(settledRanges({ ...ack, stored: [[5, 3]] })).toEqual([]);
  });
});
