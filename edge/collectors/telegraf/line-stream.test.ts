import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_POINT_BYTES } from './parse-lines.ts';
import { LineStream } from './line-stream.ts';

function readAll(chunks: readonly (string | Uint8Array)[]) {
  const stream = new LineStream();
  const parts = [...chunks.map((chunk) => stream.push(Buffer.from(chunk))), stream.end()];
  return {
    names: parts.flatMap(({ points }) => points.map(({ measurement, line }) => `${measurement}@${line}`)),
    bad: parts.flatMap(({ badLines }) => badLines.map(({ line, reason }) => `${line}: ${reason}`)),
  };
}

describe('a stream of lines', () => {
  const text = 'a,t=Gò\\ Vấp x=1 12\n# note\nb y="two\nlines, \\"quoted\\"" 3\r\nbad\nc z=3i\nd v=t 5';

  it('reads the same wherever it is cut', () => {
    const whole = { names: ['a@1', 'b@3', 'c@6', 'd@7'], bad: [expect.stringMatching(/^5: expected/)] };
    expect(readAll([text])).toEqual(whole);
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 10 }), (cuts) => {
        const ends = [...cuts, bytes.length].sort((a, b) => a - b);
        expect(readAll(ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)))).toEqual(whole);
      }),
    );
  });

  it('keeps half a line until the other half comes, and no point before its line ends', () => {
    const stream = new LineStream();
    expect(stream.push(Buffer.from('a x=1')).points).toEqual([]);
    expect(stream.push(Buffer.from('2\n')).points[0]?.fields).toEqual([['x', { type: 'float', value: 12 }]]);
  });

  it('loses a line that never ends, and nothing after it', () => {
    const endless = Array.from({ length: 20 }, () => 'x'.repeat(10_000));
    const { names, bad } = readAll(['a x=1\n', ...endless, 'y b=1\nc z=1\n']);
    expect(names).toEqual(['a@1', 'c@3']);
    expect(bad).toEqual([`2: longer than ${MAX_POINT_BYTES} bytes`]);
  });

  it('loses a line whose quote is missing, and nothing after it', () => {
    const lines = Array.from({ length: 5_000 }, (_unused, index) => `ok x=${index}i\n`);
    const { names, bad } = readAll(['bad x="open 1\n', ...lines]);
    expect(names).toHaveLength(5_000);
    expect(bad).toEqual(['1: the text of "x" does not end']);
  });

  it('keeps no more than a line, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 10 }), (chunks) => {
        const { names, bad } = readAll(chunks);
        const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        expect(names.length + bad.length).toBeLessThanOrEqual(bytes);
      }),
    );
  });
});
