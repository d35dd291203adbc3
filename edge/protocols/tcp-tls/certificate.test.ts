import { expect, it } from 'vitest';
import { certificateReadings, type Certificate } from './certificate.ts';

const DAY_MS = 86_400_000;
const from = Date.UTC(2029, 0, 1);
const leaf: Certificate = {
  commonName: 'dvc.example.vn',
  issuerCommonName: 'Test CA',
  type: 'leaf',
  validFromMs: from,
  validToMs: from + 47 * DAY_MS,
};
const read = (certificate: Certificate, nowMs: number) =>
  certificateReadings(
    { source: 'https://dvc.example.vn:443', certificates: [certificate], nameMatches: true },
    nowMs,
  )[0];

it('tells times in whole seconds and the share of the lifetime that is left', () => {
  expect(read(leaf, from + 36 * DAY_MS)).toEqual({
    tags: {
      source: 'https://dvc.example.vn:443',
      type: 'leaf',
      common_name: 'dvc.example.vn',
      issuer_common_name: 'Test CA',
    },
    fields: {
      startdate: from / 1_000,
      enddate: from / 1_000 + 47 * 86_400,
      age: 36 * 86_400,
      expiry: 11 * 86_400,
      lifetime_left_pct: (100 * 11) / 47,
      name_match: true,
      verification_code: 0,
    },
  });
});

it('keeps the share within 0 and 100 %, and has none for a lifetime that makes no sense', () => {
  expect(read(leaf, from + 90 * DAY_MS)?.fields).toMatchObject({
    lifetime_left_pct: 0,
    expiry: -43 * 86_400,
  });
  expect(read(leaf, from - DAY_MS)?.fields).toMatchObject({ lifetime_left_pct: 100, age: -86_400 });
  expect(read({ ...leaf, validToMs: from }, from)?.fields).not.toHaveProperty('lifetime_left_pct');
});

it('makes names of strangers fit for tags', () => {
  const tagsOf = (commonName: string | undefined) => read({ ...leaf, commonName }, from)?.tags;
  expect(tagsOf('a\nb\u0000')).toMatchObject({ common_name: 'a b' });
  expect(tagsOf('x'.repeat(1_000))?.['common_name']).toHaveLength(128);
  expect(tagsOf('')).not.toHaveProperty('common_name');
  expect(tagsOf(undefined)).not.toHaveProperty('common_name');
});
