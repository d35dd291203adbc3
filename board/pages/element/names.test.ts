import { expect, it } from 'vitest';
import { fieldWords } from './names.ts';

const CATALOGUE = {
  measurements: [
    {
      name: 'device',
      fields: {
        temperature_celsius: { type: 'float', unit: 'Cel', meaning: { en: 'temperature', vi: 'nhiệt độ' } },
        sessions: { unit: '{session}', meaning: { en: 'sessions', vi: 'phiên' } },
      },
    },
  ],
};

it('names a field in the reader’s language, with a unit that people write', () => {
  expect(fieldWords(CATALOGUE, 'device', 'temperature_celsius', 'vi')).toEqual({
    meaning: 'nhiệt độ',
    unit: '°C',
    isCount: false,
  });
  expect(fieldWords(CATALOGUE, 'device', 'sessions', 'en')).toEqual({
    meaning: 'sessions',
    unit: 'session',
    isCount: true,
  });
});

it('has the field’s own name before the catalogue is read', () => {
  const bare = { unit: '', isCount: false };
  expect(fieldWords(undefined, 'device', 'cpu_pct', 'en')).toEqual({ meaning: 'cpu_pct', ...bare });
  expect(fieldWords(CATALOGUE, 'device', 'new_field', 'en')).toEqual({ meaning: 'new_field', ...bare });
});
