import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWords, quoted } from './words.ts';

describe('a line of the NUT protocol', () => {
  it.each([
    ['VAR su700 ups.mfr "APC"', ['VAR', 'su700', 'ups.mfr', 'APC']],
    ['UPS eaton "Ward \\"A\\" rack\\\\1"', ['UPS', 'eaton', 'Ward "A" rack\\1']],
    ['VAR a b ""', ['VAR', 'a', 'b', '']],
    ['  VAR\ta   b ', ['VAR', 'a', 'b']],
    ['a\\ b "c"d', ['a b', 'cd']],
    ['', []],
  ])('%s', (line, words) => {
    expect(parseWords(line)).toEqual(words);
  });

  it.each(['VAR a b "APC', 'VAR a b \\', '"\\"'])('is not read where it is not whole: %s', (line) => {
    expect(parseWords(line)).toBeUndefined();
  });

  it.each(['plain', 'with "quotes"', 'and \\', ''])('carries %j as one word', (text) => {
    expect(parseWords(quoted(text))).toEqual([text]);
  });
});

it('any line is read or refused, and any words come back as they were quoted', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', '\\\\', ' ', 'a') }),
  );
  fc.assert(
    fc.property(anything, fc.array(anything), (line, words) => {
      for (const word of parseWords(line) ?? []) expect(typeof word).toBe('string');
      expect(parseWords(words.map(quoted).join(' '))).toEqual(words);
    }),
  );
});
