import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameGuard, MAX_FRAME_BYTES } from './frame-guard.ts';

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

describe('the frame guard', () => {
  it('lets packets through, however they are cut up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 70_000 }), { maxLength: 5 }),
        fc.nat(5_000),
        (sizes, cut) => {
          const stream = Buffer.concat(sizes.map((size) => frame(size)));
          const guard = new FrameGuard();
          for (let at = 0; at < stream.length; at += cut + 1) {
            expect(guard.accepts(stream.subarray(at, at + cut + 1))).toBe(true);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('stops at the header that announces too much, before the body comes', () => {
    const guard = new FrameGuard();
    expect(guard.accepts(frame(MAX_FRAME_BYTES))).toBe(true);
    expect(guard.accepts(frame(MAX_FRAME_BYTES + 1).subarray(0, 4))).toBe(false);
  });

  it('stops at a length that never ends', () => {
    expect(new FrameGuard().accepts(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]))).toBe(false);
  });
});
