import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, MAX_FRAME_BYTES } from './frame-reader.ts';

function readAll(stream: string | Buffer, cuts: readonly number[] = []): readonly string[] {
  const bytes = Buffer.from(stream);
  const reader = new FrameReader();
  const frames: Buffer[] = [];
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    frames.push(...reader.push(bytes.subarray(from, cut)));
    from = Math.max(from, cut);
  }
  frames.push(...reader.push(bytes.subarray(from)), ...reader.end());
  return frames.map((frame) => frame.toString());
}

describe('a stream of messages (RFC 6587)', () => {
  it('is counted, or ended by line feeds, or both in turns', () => {
    expect(readAll('5 <1>ab8 <2>\ncdef')).toEqual(['<1>ab', '<2>\ncdef']);
    expect(readAll('<1>one\n<2>two\r\n\n<3>three')).toEqual(['<1>one', '<2>two\r', '<3>three']);
    expect(readAll('<1>one\n6 <2>two<3>three\n')).toEqual(['<1>one', '<2>two', '<3>three']);
  });

  it('is the same wherever it is cut', () => {
    const message = fc
      .string({ minLength: 1, maxLength: 40 })
      .map((text) => `<13>${text.replaceAll('\n', ' ')}`);
    const framed = fc.tuple(message, fc.boolean());
    fc.assert(
      fc.property(
        fc.array(framed, { maxLength: 20 }),
        fc.array(fc.nat(800), { maxLength: 30 }),
        (messages, cuts) => {
          const stream = messages
            .map(([text, isCounted]) => (isCounted ? `${Buffer.byteLength(text)} ${text}` : `${text}\n`))
            .join('');
          expect(readAll(stream, cuts)).toEqual(messages.map(([text]) => text));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('ends where no message can begin', () => {
    const reader = new FrameReader();
    expect(reader.push(Buffer.from('6 <1>one12x')).map(String)).toEqual(['<1>one']);
    expect(reader.problem).toBe('neither a length nor a priority where a message should begin');
    const large = new FrameReader();
    expect(large.push(Buffer.from('99999 <1>one'))).toEqual([]);
    expect(large.problem).toBe(`a message of 99999 bytes, expected at most ${MAX_FRAME_BYTES}`);
    const endless = new FrameReader();
    expect(endless.push(Buffer.from('1'.repeat(1_000)))).toEqual([]);
    expect(endless.problem).toBeDefined();
  });

  it('goes on after a line that is too long, which counts once', () => {
    const stream = `<1>${'x'.repeat(10 * MAX_FRAME_BYTES)}\n<2>two\n`;
    expect(readAll(stream)).toEqual(['', '<2>two']);
    expect(readAll(stream, [1_000, 20_000, 20_001, 163_000])).toEqual(['', '<2>two']);
  });

  it('never fails and keeps little, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 50 }), (chunks) => {
        const reader = new FrameReader();
        for (const chunk of chunks)
          for (const frame of reader.push(Buffer.from(chunk))) expect(frame).toBeDefined();
        expect(reader.end().length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });

  it('takes time in proportion to its length, byte by byte', () => {
    const reader = new FrameReader();
    const byte = Buffer.from('x');
    let frames = 0;
    for (let at = 0; at < 5 * MAX_FRAME_BYTES; at++) frames += reader.push(byte).length;
    expect(frames).toBe(1);
  });
});
