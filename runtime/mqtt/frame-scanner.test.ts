import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameScanner } from './frame-scanner.ts';

const MAX_FRAME_BYTES = 1024 * 1024;
const scanner = (): FrameScanner => new FrameScanner({ maxBytes: () => MAX_FRAME_BYTES });

/** MQTT 3.1.1, section 2.2.3. */
function frame(bodyBytes: number): Buffer {
  const length: number[] = [];
  for (let left = bodyBytes; ; left = Math.floor(left / 128)) {
    if (left < 128) {
      length.push(left);
      break;
    }
    length.push((left % 128) | 0x80);
  }
  return Buffer.concat([Buffer.from([0x30, ...length]), Buffer.alloc(bodyBytes, 0xff)]);
}

describe('the frame scanner', () => {
  it('accepts packets, however they are split', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 70_000 }), { maxLength: 5 }),
        fc.nat(5_000),
        (sizes, cut) => {
          const stream = Buffer.concat(sizes.map((size) => frame(size)));
          const frames = scanner();
          const problems = new Set();
          // One assertion for all: there may be 350,000 pieces.
          for (let at = 0; at < stream.length; at += cut + 1)
            problems.add(frames.scan(stream.subarray(at, at + cut + 1)));
          problems.delete(undefined);
          expect([...problems]).toEqual([]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('refuses a packet that announces too much, before its body', () => {
    const frames = scanner();
    expect(frames.scan(frame(MAX_FRAME_BYTES))).toBeUndefined();
    expect(frames.scan(frame(MAX_FRAME_BYTES + 1).subarray(0, 4))).toBe(
      `packet is larger than ${MAX_FRAME_BYTES} bytes`,
    );
  });

  it('refuses a length without an end', () => {
    expect(scanner().scan(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]))).toBe(
      'packet length is not a number of at most 4 bytes',
    );
  });
});
