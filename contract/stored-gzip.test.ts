import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedGzip } from './stored-gzip.ts';

describe('a text as gzip without compression', () => {
  it('inflates to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(gunzipSync(storedGzip(text)).toString('utf8')).toBe(text);
      }),
    );
    const long = 'x'.repeat(65_535);
    expect(gunzipSync(storedGzip(long)).toString('utf8')).toBe(long);
  });

  it('is refused when it is longer than one block', () => {
    expect(() => storedGzip('x'.repeat(65_536))).toThrow(RangeError);
  });
});
