import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { FrameSplitter } from './frame-splitter.ts';

const packetOf = (bytes: number): Buffer =>
  bytes === 0
    ? generate({ cmd: 'pingresp' })
    : generate({
        cmd: 'publish',
        topic: 't',
        payload: Buffer.alloc(bytes),
        qos: 0,
        dup: false,
        retain: false,
      });

describe('the frame splitter', () => {
  it('gives whole packets only, and every byte of them, however they arrive', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 500 }),
        (sizes, step) => {
          const packets = sizes.map(packetOf);
          const stream = Buffer.concat(packets);
          const ends = new Set<number>([0]);
          for (const packet of packets) ends.add(Math.max(...ends) + packet.length);
          const splitter = new FrameSplitter();
          // The same memory for each read, as on a real line.
          const memory = Buffer.alloc(step);
          const whole: Buffer[] = [];
          let given = 0;
          for (let at = 0; at < stream.length; at += step) {
            const chunk = memory.subarray(0, stream.copy(memory, 0, at, at + step));
            const part = splitter.push(chunk);
            if (part === undefined) continue;
            whole.push(Buffer.from(part));
            given += part.length;
            expect(ends).toContain(given);
          }
          expect(Buffer.concat(whole).equals(stream)).toBe(true);
        },
      ),
    );
  });

  it('refuses a packet that announces more than a mebibyte, at its header', () => {
    expect(() => new FrameSplitter().push(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]))).toThrow(
      'larger than 1048576 bytes',
    );
  });
});
