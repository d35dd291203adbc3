import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseExactJson } from './exact-json.ts';

it('keeps whole numbers exact that JSON.parse would round', () => {
  expect(parseExactJson('{"a": 18446744073709551615, "b": [9007199254740993,-9007199254740993]}')).toEqual({
    a: '18446744073709551615',
    b: ['9007199254740993', '-9007199254740993'],
  });
});

it('leaves texts, fractions and powers as they are', () => {
  const text = String.raw`{"a":"x 12345678901234567890 \" 12345678901234567890","b":1.2345678901234567890,"c":1234567890123456e3}`;
  expect(parseExactJson(text)).toEqual(JSON.parse(text));
});

it('reads any JSON of small numbers as JSON.parse does', () => {
  const small = fc.jsonValue().filter((value) => !/\d{16}/.test(JSON.stringify(value)));
  fc.assert(
    fc.property(small, (value) => {
      const text = JSON.stringify(value);
      expect(parseExactJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

it('refuses text without an end at once, however many quotes are in it', () => {
  // As large as a report may be; trying each quote as a beginning would take minutes.
  const text = `{"a":"${String.raw`\"`.repeat(512 * 1024)}`;
  expect(() => parseExactJson(text)).toThrow(SyntaxError);
});

it('refuses what is no JSON', () => {
  expect(() => parseExactJson('{"a":')).toThrow(SyntaxError);
});
