import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivedVolume, lossShare, parseMeasurement, testedSpeed } from './measurement.ts';

const parse = (value: unknown) => parseMeasurement(Buffer.from(JSON.stringify(value)));
const own = { bytes: 10_000_000, elapsedMs: 10_000 };
const kernel = (more: object) => ({
  TCPInfo: { ElapsedTime: 9_800_000, BytesAcked: 9_700_000, BytesReceived: 9_500_000, ...more },
});

describe("a server's measurement", () => {
  it('is read with whatever else it holds', () => {
    const measurement = parse({
      ...kernel({ State: 1, BytesSent: 10_000, BytesRetrans: 500, Options: 'x' }),
      BBRInfo: null,
      AppInfo: null,
      ConnectionInfo: { UUID: 'x' },
    });
    expect(measurement).toBeDefined();
    expect(lossShare(measurement ?? {})).toBe(0.05);
  });

  it.each(['', '{', 'null', '[]', '7', '{"TCPInfo":5}', '{"AppInfo":{"NumBytes":-1,"ElapsedTime":1}}'])(
    'is not %j',
    (text) => expect(parseMeasurement(Buffer.from(text))).toBeUndefined(),
  );

  it('is not longer than 64 KiB', () => {
    expect(parse({ padding: 'x'.repeat(70_000) })).toBeUndefined();
  });

  it('says by its kernel what arrived, by itself only in an upload', () => {
    const both = { ...kernel({}), AppInfo: { NumBytes: 1, ElapsedTime: 1_000 } };
    expect(arrivedVolume('download', both)).toEqual({ bytes: 9_700_000, elapsedMs: 9_800 });
    expect(arrivedVolume('upload', both)).toEqual({ bytes: 9_500_000, elapsedMs: 9_800 });
    expect(arrivedVolume('upload', { AppInfo: both.AppInfo })).toEqual({ bytes: 1, elapsedMs: 1 });
    expect(arrivedVolume('download', { AppInfo: both.AppInfo })).toBeUndefined();
  });

  it.each([{}, { BytesSent: 0, BytesRetrans: 0 }, { BytesSent: 5, BytesRetrans: 6 }])(
    'with %j has no loss that could be told',
    (more) => {
      expect(lossShare(kernel(more))).toBeUndefined();
    },
  );
});

describe('the speed of a test', () => {
  it('is what the server says has arrived', () => {
    expect(testedSpeed('download', own, kernel({}))).toBeCloseTo(7.918, 3);
    expect(testedSpeed('upload', own, kernel({}))).toBeCloseTo(7.755, 3);
  });

  it.each([
    ['nothing', undefined],
    ['more than came', kernel({ BytesAcked: 20_000_000, BytesReceived: 20_000_000 })],
    ['too short a time', kernel({ ElapsedTime: 1_000 })],
    ['too long a time', kernel({ ElapsedTime: 99_000_000 })],
    ['no time', kernel({ ElapsedTime: 0 })],
  ])(
    'is our own count in a download, and none in an upload, when the server says %s',
    (_what, measurement) => {
      expect(testedSpeed('download', own, measurement)).toBe(8);
      expect(testedSpeed('upload', own, measurement)).toBeUndefined();
    },
  );

  it('never leaves what this end can have seen, whatever the server says', () => {
    const amount = fc.double({ min: 0, max: 1e15, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom('download' as const, 'upload' as const),
        amount,
        amount,
        (direction, bytes, elapsed) => {
          const TCPInfo = { ElapsedTime: elapsed, BytesAcked: bytes, BytesReceived: bytes };
          const mbps = testedSpeed(direction, own, { TCPInfo });
          // 8 Mbit/s, by the least time that is believed (40 %) and the most bytes (105 % and 64 KiB).
          if (mbps !== undefined) expect(mbps).toBeLessThan((8 * 1.06) / 0.4);
        },
      ),
    );
  });
});
