import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { EVIDENCE, judgePort } from './evidence-table.ts';

describe('the table of evidence', () => {
  it('has measurements and fields of the catalogue, which name a device of the inventory', () => {
    for (const { measurement, fields, about } of EVIDENCE) {
      const definition = CATALOGUE.get(measurement);
      expect(Object.keys(definition?.fields ?? {}), measurement).toEqual(
        expect.arrayContaining(fields.map(({ field }) => field)),
      );
      expect(definition?.tags['device']?.en, about).toBe('device in the inventory');
    }
  });

  it('is the one that docs/states.md shows', () => {
    const page = readFileSync('docs/states.md', 'utf8');
    for (const { measurement, fields } of EVIDENCE) {
      for (const name of [measurement, ...fields.map(({ field }) => field)])
        expect(page).toContain(`\`${name}\``);
    }
  });

  it.each([
    [
      'device',
      'up',
      [
        [true, 'well'],
        [false, 'bad'],
      ],
    ],
    [
      'ping',
      'percent_packet_loss',
      [
        [0, 'well'],
        [99.9, 'well'],
        [100, 'bad'],
      ],
    ],
    [
      'ping',
      'result_code',
      [
        [0n, 'well'],
        [1, 'bad'],
        [2, undefined],
      ],
    ],
    ['path', 'loss_pct', [[100, 'bad']]],
    [
      'http_response',
      'result_code',
      [
        [0, 'well'],
        [4, 'bad'],
        [5, undefined],
      ],
    ],
    [
      'dns_query',
      'result_code',
      [
        [0, 'well'],
        [2, 'bad'],
      ],
    ],
  ] as const)('%s.%s', (measurement, field, cases) => {
    const judge = EVIDENCE.find((each) => each.measurement === measurement)?.fields.find(
      (each) => each.field === field,
    )?.judge;
    for (const [value, verdict] of cases) expect(judge?.(value), String(value)).toBe(verdict);
  });

  it('a port that is dormant or of unknown state says nothing of its line', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(judgePort)).toEqual([
      'well',
      'bad',
      'bad',
      undefined,
      undefined,
      'bad',
      'bad',
    ]);
  });
});
