import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLines, parseLinesInTurns, type Point } from './parse-lines.ts';
import type { LineValue } from './line-value.ts';

const ingest = new URL('../../../../shared/data/ingest/', import.meta.url);
const hasData = existsSync(ingest);

/** Integers beyond 2^53 stay exact: whole numbers become strings before JSON sees them. */
function parseExactly(line: string): unknown {
  const quoted = line.replace(
    /("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g,
    (_all, text, number) => (typeof text === 'string' ? text : `"#${String(number)}"`),
  );
  return JSON.parse(quoted);
}

const jsonLines = <T>(file: string): T[] =>
  readFileSync(new URL(file, ingest), 'utf8')
    .trim()
    .split('\n')
    .map((line) => parseExactly(line) as T);

interface Expected {
  readonly name: string;
  readonly time?: string;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  readonly fields: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

/** In the form of the vectors, which know no -0, with tags in the order of their names. */
function seen(point: Point) {
  return {
    name: point.measurement,
    tags: byName([...point.tags]),
    fields: point.fields.map(([key, { type, value }]) => [key, type, type === 'float' ? value + 0 : value]),
  };
}

function byName(tags: (readonly [string, string])[]) {
  return tags.sort(([a], [b]) => (a < b ? -1 : 1));
}

function wanted(expected: Expected) {
  return {
    name: expected.name,
    tags: byName((expected.tags ?? []).map(({ key, value }) => [key, value])),
    fields: expected.fields.map(({ key, value }) => {
      const [type = '', raw] = Object.entries(value)[0] ?? [];
      const text = String(raw).replace(/^#/, '');
      if (type === 'int' || type === 'uint') return [key, type, BigInt(text)];
      return [key, type, type === 'float' ? Number(text) : raw];
    }),
  };
}

const MULTIPLIERS: Readonly<Record<string, bigint>> = {
  '1ns': 1n,
  '1µs': 1_000n,
  '1ms': 1_000_000n,
  '1s': 1_000_000_000n,
};

describe.skipIf(!hasData)('the reference implementation (skipped without the shared data)', () => {
  it('agrees on every vector', () => {
    interface Vector {
      readonly text: string | { readonly binary: string };
      readonly precision: string;
      readonly defaultTime: string;
      readonly result?: readonly Expected[];
      readonly error?: string;
    }
    const vectors = jsonLines<Vector>('line-protocol-decode.jsonl');
    expect(vectors.length).toBeGreaterThan(800);
    for (const { text, precision, defaultTime, result, error } of vectors) {
      const bytes = typeof text === 'string' ? Buffer.from(text) : Buffer.from(text.binary, 'base64');
      const { points, badLines } = parseLines(bytes);
      const where = JSON.stringify(bytes.toString('latin1'));
      if (error !== undefined) {
        expect(badLines.length, `${where}: ${error}`).toBeGreaterThan(0);
        continue;
      }
      expect(badLines, where).toEqual([]);
      expect(points.map(seen), where).toEqual((result ?? []).map(wanted));
      const unit = MULTIPLIERS[precision] ?? 0n;
      const truncated = (BigInt(defaultTime.slice(1)) / unit) * unit;
      const times = points.map(({ time }) => `#${time === undefined ? truncated : time * unit}`);
      expect(times, where).toEqual((result ?? []).map(({ time }) => time));
    }
  });

  it('agrees on what Telegraf documents, line by line', () => {
    type Example = Expected & { readonly line: string; readonly error?: string };
    for (const example of jsonLines<Example>('telegraf-examples.jsonl')) {
      const { points, badLines } = parseLines(Buffer.from(example.line));
      expect(badLines, example.line).toEqual([]);
      expect(points.map(seen), example.line).toEqual([wanted(example)]);
      expect(points[0]?.time?.toString()).toBe(example.time?.slice(1));
    }
    for (const { line } of jsonLines<Example>('telegraf-examples-invalid.jsonl')) {
      expect(parseLines(Buffer.from(line)), line).toMatchObject({
        points: [],
        badLines: [{ line: 1 }],
      });
    }
  });

  it('agrees that each bad line is bad alone', () => {
    const good = jsonLines<{ line: string }>('telegraf-examples.jsonl').map(({ line }) => line);
    const bad = jsonLines<{ line: string }>('telegraf-examples-invalid.jsonl').map(({ line }) => line);
    const mixed = good.flatMap((line, index) => [line, ...bad.slice(index, index + 1)]);
    const { points, badLines } = parseLines(Buffer.from(mixed.join('\n')));
    expect(points).toHaveLength(good.length);
    expect(badLines).toHaveLength(bad.length);
    for (const { line, reason } of badLines) {
      expect(bad).toContain(mixed[line - 1]);
      expect(reason).not.toBe('');
    }
  });

  it('agrees on what Telegraf writes in its own tests', () => {
    const text = readFileSync(new URL('telegraf-tests.lp', ingest));
    const { points, badLines } = parseLines(text);
    const lines = text
      .toString()
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#'));
    expect(badLines).toEqual([]);
    expect(points).toHaveLength(lines.length);
  });
});

const parse = (text: string) => parseLines(Buffer.from(text));

describe('a line', () => {
  it('keeps integers of 64 bits exactly', () => {
    const { points } = parse('a x=9223372036854775807i,y=-9223372036854775808i,z=18446744073709551615u 1');
    expect(points[0]?.fields).toEqual([
      ['x', { type: 'int', value: 2n ** 63n - 1n }],
      ['y', { type: 'int', value: -(2n ** 63n) }],
      ['z', { type: 'uint', value: 2n ** 64n - 1n }],
    ]);
  });

  it.each([
    ['a x=9223372036854775808i', 5, '"x" is "9223372036854775808i", beyond 64 bits'],
    ['a x=1e999', 5, '"x" is "1e999", beyond what a float can hold'],
    ['a x=NaN', 5, '"x" is "NaN", expected a number, an integer (12i, 12u), true, false or a text in quotes'],
    ['a x=', 5, '"x" is "", expected a number, an integer (12i, 12u), true, false or a text in quotes'],
    ['a x="open', 10, 'the text of "x" does not end'],
    ['a', 2, 'expected a comma and a tag, or a space and fields, found the end'],
    ['a,b x=1', 4, 'expected = after the tag key "b", found " "'],
    ['a,b=,c=d x=1', 5, 'expected a value of the tag "b", found ","'],
    ['a,b=1,b=2 x=1', 7, 'the tag "b" is repeated'],
    [',b=1 x=1', 1, 'expected a measurement, found ","'],
    ['a x=1 later', 7, 'expected a time in whole numbers, or the end of the line, found "l"'],
    ['a x=1 99999999999999999999', 7, 'the time 99999999999999999999 is beyond 64 bits'],
    ['a x=1 1 2', 9, 'expected a time in whole numbers, or the end of the line, found "2"'],
  ])('%s is refused at %d: %s', (line, column, reason) => {
    expect(parse(`ok v=1\n${line}`).badLines).toEqual([{ line: 2, column, reason }]);
  });

  it('may contain line breaks in its texts, which count as lines', () => {
    const { points, badLines } = parse('a x="one\ntwo" 1\n\nb y=1\nbad\nc z=1');
    expect(points.map(({ measurement, line }) => [measurement, line])).toEqual([
      ['a', 1],
      ['b', 4],
      ['c', 6],
    ]);
    expect(badLines).toMatchObject([{ line: 5 }]);
  });

  it('with a quote that is missing does not swallow those below', () => {
    const { points, badLines } = parse('a x="open 1\nb y=2 1\nc z="shut" 1\nd v=4 1');
    expect(points.map(({ measurement }) => measurement)).toEqual(['b', 'c', 'd']);
    expect(badLines).toMatchObject([{ line: 1 }]);
  });

  it('that is not UTF-8 is refused alone', () => {
    const bytes = Buffer.concat([
      Buffer.from('a x=1\nb,t='),
      Buffer.of(0xff, 0xfe),
      Buffer.from(' x=1\nc,t=Gò\\ Vấp x=1'),
    ]);
    const { points, badLines } = parseLines(bytes);
    expect(points.map(({ measurement }) => measurement)).toEqual(['a', 'c']);
    expect(points[1]?.tags.get('t')).toBe('Gò Vấp');
    expect(badLines).toMatchObject([{ line: 2, column: 5, reason: '"ÿþ" is not UTF-8' }]);
  });

  it('longer than 64 KiB is refused alone', () => {
    const { points, badLines } = parse(`a x="${'y'.repeat(70_000)}"\nb x=1`);
    expect(points).toHaveLength(1);
    expect(badLines).toEqual([{ line: 1, column: 1, reason: 'longer than 65536 bytes' }]);
  });
});

describe('any text', () => {
  const escapeKey = (text: string) => text.replace(/[,= ]/g, '\\$&');
  const name = fc
    .string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', '=', ',', ' ', '"', '#', 'ệ') })
    .filter((text) => !text.startsWith('#') && text.trim() === text);
  const value: fc.Arbitrary<LineValue> = fc.oneof(
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map((value) => ({ type: 'int' as const, value })),
    fc.bigInt(0n, 2n ** 64n - 1n).map((value) => ({ type: 'uint' as const, value })),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value) => ({ type: 'float' as const, value: value + 0 })),
    fc.boolean().map((value) => ({ type: 'bool' as const, value })),
    fc.string().map((value) => ({ type: 'string' as const, value })),
  );
  const write = ({ type, value: raw }: LineValue): string => {
    if (type === 'string') return `"${raw.replace(/["\\]/g, '\\$&')}"`;
    return `${raw}${type === 'int' ? 'i' : type === 'uint' ? 'u' : ''}`;
  };

  it('that is line protocol reads back as it was written', () => {
    fc.assert(
      fc.property(name, fc.dictionary(name, name), name, value, (measurement, tags, key, field) => {
        const tagText = Object.entries(tags).map(([tag, text]) => `,${escapeKey(tag)}=${escapeKey(text)}`);
        const line = `${measurement.replace(/[, ]/g, '\\$&')}${tagText.join('')} ${escapeKey(key)}=${write(field)} 12`;
        const { points, badLines } = parse(line);
        expect(badLines).toEqual([]);
        expect(points.map(seen)).toEqual([
          { name: measurement, tags: byName(Object.entries(tags)), fields: [[key, field.type, field.value]] },
        ]);
      }),
    );
  });

  it('is read to its end, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { points, badLines } = parseLines(bytes);
        expect(points.length + badLines.length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

describe('a huge body', () => {
  const MIB = 1024 * 1024;

  it.each([
    ['empty lines', '\n'.repeat(4 * MIB), 0],
    ['empty lines with CR', '\r\n'.repeat(2 * MIB), 0],
    ['spaces', ' '.repeat(4 * MIB), 0],
    ['one text that does not end', `a b="${'x'.repeat(4 * MIB)}`, 1],
    ['one text of backslashes', `a b="${'\\'.repeat(4 * MIB)}`, 1],
  ])('of %s needs no stack for each', (_what, text, bad) => {
    const { points, badLines } = parseLines(Buffer.from(text));
    expect([points.length, badLines.length]).toEqual([0, bad]);
  });

  it('of bad lines lets others run in between, and ends where it is enough', async () => {
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    const bytes = Buffer.from(`a b="${'x\n'.repeat(MIB / 2)}`);
    const parsed = await parseLinesInTurns(bytes, ({ badLines }) => badLines.length > 10_000);
    clearInterval(counting);
    expect(parsed.badLines).toHaveLength(10_001);
    expect(turns).toBeGreaterThan(3);
  });

  it('in turns gives the same', async () => {
    const bytes = Buffer.from('a b=1\nrubbish\n'.repeat(2_000));
    const { points, badLines } = await parseLinesInTurns(bytes, () => false);
    expect([points.length, badLines.length]).toEqual([2_000, 2_000]);
  });
});
