import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { UNIT_STATES } from '../health/unit-summary.ts';
import { STATE_CODES } from './state-fields.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/rollups.md'), 'utf8');
/** Central writes these as well; they are told of elsewhere. */
const NO_ROLLUPS = ['pipeline', 'ingest_batch', 'capacity_forecast', 'canary_hop'];

describe('docs/rollups.md', () => {
  it('has a row for each measurement that is rolled up, with its tags', () => {
    const rows = [...GUIDE.matchAll(/^\| `(\w+)` \|[^|]*\| ([^|]*) \|/gm)];
    const told = rows.map(([, name, tags = '']) => [
      name,
      [...tags.matchAll(/`(\w+)`/g)].map(([, tag]) => tag),
    ]);
    const rolledUp = [...CATALOGUE.values()].filter(
      ({ name, origin }) => origin === 'central' && !NO_ROLLUPS.includes(name),
    );
    expect(Object.fromEntries(told)).toEqual(
      Object.fromEntries(rolledUp.map(({ name, tags }) => [name, Object.keys(tags)])),
    );
  });

  it('has the codes of the states, the gravest first', () => {
    const rows = [...GUIDE.matchAll(/^\| (\d) \| `(\w+)` \|/gm)].map(([, code, state]) => [
      state,
      Number(code),
    ]);
    expect(Object.fromEntries(rows)).toEqual(STATE_CODES);
    expect(UNIT_STATES.map((state) => STATE_CODES[state])).toEqual([0, 1, 2, 3, 4]);
    const meaning = UNIT_STATES.map((state) => `${STATE_CODES[state]} ${state}`).join(', ');
    for (const name of ['unit_state', 'site_state', 'link_state'])
      expect(CATALOGUE.get(name)?.fields['state_code']?.meaning.en).toBe(meaning);
  });
});
