import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpositionReader, MAX_LINE_CHARS } from './exposition-reader.ts';
import { ExpositionError, metricNameOf, parseMetric } from './exposition.ts';

const parse = (line: string) => {
  const name = metricNameOf(line);
  return name === undefined ? undefined : parseMetric(line, name);
};

describe('a line', () => {
  it.each([
    ['up 1', {}, 1],
    ['up{} 1', {}, 1],
    ['up { } 1', {}, 1],
    ['a:b_c{x="1",y="2"} -3.5e-2', { x: '1', y: '2' }, -0.035],
    ['a{x="1",} 2', { x: '1' }, 2],
    ['a { x = "1" , y = "2" } 2', { x: '1', y: '2' }, 2],
    ['a{x="a\\"b\\\\c\\nd"} 1', { x: 'a"b\\c\nd' }, 1],
    ['a{x="}, {\\" 9"} 1', { x: '}, {" 9' }, 1],
    ['a{x="Phường Bến Nghé"} 1', { x: 'Phường Bến Nghé' }, 1],
    ['a{x=""} 1.0 1395066363000', { x: '' }, 1],
    ['a 1e+011', {}, 1e11],
    ['a .5', {}, 0.5],
    ['a_total 17.0 1520879607.789', {}, 17],
    ['a_bucket{le="0.01"} 8 # {trace_id="KOO5S4vxi0o"} 0.67', { le: '0.01' }, 8],
    ['a_total 1 1520879607.789 # {id="}"} 0.67 1520879607', {}, 1],
  ])('%s is understood', (line, labels, value) => {
    expect(parse(line)).toMatchObject({ labels, value });
  });

  it.each(['', '   ', '# HELP up x', '# TYPE up gauge', '#comment'])('%j is no metric', (line) => {
    expect(parse(line)).toBeUndefined();
  });

  it.each(['a NaN', 'a +Inf', 'a -Inf', 'a{x="1"} nan'])('%s is not available', (line) => {
    expect(parse(line)).toBeUndefined();
  });

  it.each([
    '<html>',
    'up',
    'up ',
    'up{x="1"}',
    'up{x="1" 1',
    'up{x=1} 1',
    'up{x="1"y="2"} 1',
    'up{x="1} 1',
    'up one',
    'up 0x10',
    'up 1 2 3',
    'up 1 later',
    '1up 1',
    'up-to 1',
    '{"json": true}',
  ])('%s is refused', (line) => {
    expect(() => parse(line)).toThrow(ExpositionError);
  });

  it('is the same series whatever its value', () => {
    expect(parse('a{x="1"} 1')?.key).toBe('a{x="1"}');
    expect(parse('a{x="1"} 2 1395066363000')?.key).toBe('a{x="1"}');
    expect(parse('a 2')?.key).toBe('a');
  });
});

describe('the reader', () => {
  const readAll = (chunks: readonly (string | Buffer)[], isOpenMetrics = false) => {
    const reader = new ExpositionReader(new Set(['a', 'b']));
    for (const chunk of chunks) reader.push(Buffer.from(chunk));
    return reader.end({ isOpenMetrics }).map(({ name, labels, value }) => [name, labels['x'], value]);
  };
  const text = '# TYPE a gauge\r\na{x="Gò Vấp"} 1\r\nb 2\n\nunwanted{broken 3\nb 4';

  it('keeps what is wanted, the last of each series, and looks no closer at the rest', () => {
    expect(readAll([text])).toEqual([
      ['a', 'Gò Vấp', 1],
      ['b', undefined, 4],
    ]);
  });

  it('does not mind where the network cuts', () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
        const ends = [...cuts, bytes.length].sort((a, b) => a - b);
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(readAll(chunks)).toEqual(readAll([text]));
      }),
    );
  });

  it('tells the line that is wrong', () => {
    expect(() => readAll(['a 1\nb two\n'])).toThrow('line 2: no value: "b two"');
    expect(() => readAll(['<!DOCTYPE html>\n'])).toThrow('line 1: no metric: "<!DOCTYPE html>"');
  });

  it('notices when OpenMetrics was cut off', () => {
    expect(readAll(['a 1\n# EOF\n'], true)).toHaveLength(1);
    expect(() => readAll(['a 1\n'], true)).toThrow('incomplete: # EOF is missing');
  });

  it.each([
    ['an endless line', ['a'.repeat(MAX_LINE_CHARS), 'a'.repeat(MAX_LINE_CHARS)], 'line 1 is longer than'],
    ['a long line', [`a{x="${'y'.repeat(MAX_LINE_CHARS)}"} 1\n`], 'line 1 is longer than'],
  ])('is bound against %s', (_what, chunks, problem) => {
    expect(() => readAll(chunks)).toThrow(problem);
  });

  it('understands any bytes or refuses them', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }), (chunks) => {
        try {
          readAll(chunks.map((chunk) => Buffer.from(chunk)));
        } catch (error) {
          expect(error).toBeInstanceOf(ExpositionError);
        }
      }),
    );
  });

  it('reads back what was written, for any labels and number', () => {
    const escape = (value: string) => value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`));
    fc.assert(
      fc.property(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), (label, value) => {
        expect(parse(`a{x="${escape(label)}"} ${value}`)).toMatchObject({
          labels: { x: label },
          value: value + 0,
        });
      }),
    );
  });
});
