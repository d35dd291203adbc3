import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../../runtime/token-bucket.ts';
import { ConnectionGuard } from './connection-guard.ts';

const LIMITS = { maxFrameBytes: 1_000, maxUnprovenBytes: 200 };
const CONNECT = Buffer.from([0x10, 0x02, 0x00, 0x00]);

function provenGuard(): ConnectionGuard {
  const made = new ConnectionGuard(LIMITS);
  expect(made.scan(CONNECT)).toBeUndefined();
  made.prove({ id: 'gw-1', allowance: undefined });
  return made;
}

describe('the guard of a client connection', () => {
  it('refuses a connection that does not begin with CONNECT', () => {
    expect(new ConnectionGuard(LIMITS).scan(Buffer.from('GET / HTTP/1.1'))).toBe(
      'first packet is not CONNECT',
    );
  });

  it('refuses a huge length at its header, before any byte of the body', () => {
    expect(provenGuard().scan(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]))).toBe(
      'packet is larger than 1000 bytes',
    );
    expect(new ConnectionGuard(LIMITS).scan(Buffer.from([0x10, 0xff, 0x7f]))).toBe(
      'packet is larger than 200 bytes',
    );
  });

  it('refuses a length without an end, server packets, wrong flags and QoS 3', () => {
    expect(provenGuard().scan(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80]))).toContain('at most 4 bytes');
    expect(provenGuard().scan(Buffer.from([0x20]))).toContain('packet type 2');
    expect(provenGuard().scan(Buffer.from([0x80]))).toContain('wrong flags');
    expect(provenGuard().scan(Buffer.from([0x36]))).toBe('QoS 3 does not exist');
  });

  it('bounds what is sent before authentication, however it is split', () => {
    const guarded = new ConnectionGuard(LIMITS);
    guarded.scan(Buffer.concat([Buffer.from([0x10, 100]), Buffer.alloc(100)]));
    expect(guarded.scan(Buffer.concat([Buffer.from([0x30, 100]), Buffer.alloc(100)]))).toBe(
      'too many bytes before authentication',
    );
  });

  it('charges an authenticated client for bytes and packets, and says how long not to read from it', () => {
    const charged = new ConnectionGuard(LIMITS);
    charged.scan(CONNECT);
    expect(charged.waitMs(0)).toBe(0);
    const allowance = new TokenBucket({ capacity: 40_000, refillPerS: 1_000 }, 0);
    charged.prove({ id: 'gw-1', allowance });
    const ping = Buffer.from([0xc0, 0x00]);
    for (let sent = 0; sent < 2; sent++) {
      charged.scan(ping);
      expect(charged.waitMs(0)).toBe(0);
    }
    charged.scan(ping);
    // Three packets as 16 KiB each, and two bytes.
    expect(charged.waitMs(0)).toBe(3 * 16_386 - 40_000);
  });

  it('accepts any stream of valid packets, split anywhere', () => {
    const packet = fc.integer({ min: 0, max: 1_000 }).map((length) => {
      const header = length < 128 ? [0x30, length] : [0x30, (length & 0x7f) | 0x80, length >> 7];
      return Buffer.concat([Buffer.from(header), Buffer.alloc(length, 0xff)]);
    });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 6 }), fc.integer({ min: 1, max: 700 }), (packets, step) => {
        const stream = Buffer.concat(packets);
        const guarded = provenGuard();
        for (let at = 0; at < stream.length; at += step) {
          expect(guarded.scan(stream.subarray(at, at + step))).toBeUndefined();
        }
        expect(guarded.scan(Buffer.from([0xf0]))).toContain('packet type 15');
      }),
    );
  });
});
