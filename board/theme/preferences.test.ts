import { expect, it } from 'vitest';
import { readPreferences, writePreferences } from './preferences.ts';

const storageOf = (text: string | null) => ({ getItem: () => text });

it.each([
  [null, ['en-US', 'vi'], { language: 'en', theme: 'auto' }],
  [null, ['de', 'fr'], { language: 'vi', theme: 'auto' }],
  [null, ['de', 'en-GB'], { language: 'en', theme: 'auto' }],
  ['{"language":"vi","theme":"dark"}', ['en'], { language: 'vi', theme: 'dark' }],
  ['{"language":"xx","theme":1}', ['en'], { language: 'en', theme: 'auto' }],
  ['[[[', [], { language: 'vi', theme: 'auto' }],
  ['null', [], { language: 'vi', theme: 'auto' }],
] as const)('with %j stored and languages %j', (text, languages, expected) => {
  expect(readPreferences(storageOf(text), languages)).toEqual(expected);
});

it('keeps what was chosen, and lives where nothing may be kept', () => {
  let kept = '';
  writePreferences({ setItem: (_key, text) => (kept = text) }, { language: 'en', theme: 'dark' });
  expect(readPreferences(storageOf(kept), [])).toEqual({ language: 'en', theme: 'dark' });
  const forbidden = (): never => {
    throw new Error('SecurityError');
  };
  writePreferences({ setItem: forbidden }, { language: 'en', theme: 'dark' });
  expect(readPreferences({ getItem: forbidden }, ['en']).language).toBe('en');
});
