import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRecords, epochSeed, readRecord, RECORD_HEADER_BYTES, type NewRecord } from './record.ts';
import { scanSegment } from './scan.ts';

const seed = epochSeed('k3f9a2c1');

function record(seq: number, payload = `payload of ${seq}`): NewRecord {
  const firstMs = 1_000 * seq;
  return {
    seq,
    isLoss: seq % 5 === 0,
    points: seq,
    firstMs,
    lastMs: firstMs + 900,
    appendedAtMs: firstMs + 950,
    payload: Buffer.from(payload),
  };
}

const records = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.uint8Array({ maxLength: 60 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((steps) => {
    let seq = 41;
    return steps.map(([step, payload]) => {
      seq += step;
      return { ...record(seq), payload: Buffer.from(payload) };
    });
  });

function seqsIn(bytes: Buffer, endSeq = Infinity): number[] {
  return scanSegment(bytes, { seed, firstSeq: 42, endSeq }).rows.map((row) => row.seq);
}

describe('a segment', () => {
  it('returns every record as it was written', () => {
    fc.assert(
      fc.property(records, (written) => {
        const bytes = encodeRecords(written, seed);
        const { rows, damage, intactEnd } = scanSegment(bytes, { seed, firstSeq: 42, endSeq: Infinity });
        expect(damage).toEqual([]);
        expect(intactEnd).toBe(bytes.length);
        expect(
          rows.map(({ offset, bytes: payloadBytes, ...meta }) => ({
            ...meta,
            payload: bytes.subarray(
              offset + RECORD_HEADER_BYTES,
              offset + RECORD_HEADER_BYTES + payloadBytes,
            ),
          })),
        ).toEqual(written);
      }),
    );
  });

  it('cut at any byte keeps exactly the records before the cut', () => {
    fc.assert(
      fc.property(records, fc.nat(), (written, anywhere) => {
        const bytes = encodeRecords(written, seed);
        const cut = anywhere % (bytes.length + 1);
        const whole = written.filter(
          (_, index) => encodeRecords(written.slice(0, index + 1), seed).length <= cut,
        );
        const scan = scanSegment(bytes.subarray(0, cut), { seed, firstSeq: 42, endSeq: Infinity });
        expect(scan.rows.map((row) => row.seq)).toEqual(whole.map(({ seq }) => seq));
        expect(scan.damage.length).toBe(scan.intactEnd === cut ? 0 : 1);
      }),
      { numRuns: 500 },
    );
  });

  it('with any byte changed loses only that record', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, anywhere, change) => {
        const bytes = encodeRecords(written, seed);
        const at = anywhere % bytes.length;
        bytes[at] = bytes[at]! ^ change;
        let end = 0;
        const hit = written.find(({ payload }) => at < (end += RECORD_HEADER_BYTES + payload.length));
        const kept = written.filter((other) => other !== hit).map(({ seq }) => seq);
        expect(seqsIn(bytes)).toEqual(kept);
      }),
      { numRuns: 500 },
    );
  });

  it('names the seqs, points and times in the damage as far as headers can be read', () => {
    const bytes = encodeRecords([record(42), record(43), record(44), record(45)], seed);
    const size = encodeRecords([record(42)], seed).length;
    bytes[size + RECORD_HEADER_BYTES + 2] = 0;
    bytes[2 * size + RECORD_HEADER_BYTES + 2] = 0;
    const { damage } = scanSegment(bytes, { seed, firstSeq: 42, endSeq: Infinity });
    expect(damage).toEqual([
      { start: size, end: 3 * size, from: 43, to: 44, points: 87, firstMs: 43_000, lastMs: 44_900 },
    ]);
  });

  it('that ends in zeros, as after a power cut, is torn at the zeros', () => {
    const bytes = Buffer.concat([encodeRecords([record(42)], seed), Buffer.alloc(5_000)]);
    const scan = scanSegment(bytes, { seed, firstSeq: 42, endSeq: Infinity });
    expect(scan.rows.map((row) => row.seq)).toEqual([42]);
    expect(scan.damage).toMatchObject([{ from: 43, to: 43, points: 0 }]);
  });

  it('of garbage has no records and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (junk) => {
        expect(seqsIn(Buffer.from(junk))).toEqual([]);
      }),
    );
  });

  it('ends where the next one begins: the rest was written again there', () => {
    const bytes = encodeRecords([record(42), record(43), record(44)], seed);
    expect(seqsIn(bytes, 44)).toEqual([42, 43]);
  });

  it('ignores records of another epoch', () => {
    const stale = encodeRecords([record(43)], epochSeed('another1'));
    expect(seqsIn(Buffer.concat([encodeRecords([record(42)], seed), stale]))).toEqual([42]);
  });
});

describe('a record', () => {
  it('holds seqs and times beyond 32 bits', () => {
    const written = {
      ...record(42),
      seq: 2 ** 47 + 1,
      firstMs: 4_102_444_800_000,
      lastMs: 4_102_444_800_001,
    };
    expect(readRecord(encodeRecords([written], seed), 0, seed)).toMatchObject({
      seq: 2 ** 47 + 1,
      firstMs: 4_102_444_800_000,
    });
  });
});
