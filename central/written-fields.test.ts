import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CATALOGUE } from '../contract/measurements/index.ts';
import { UNIT_STATES } from './health/unit-summary.ts';

/** Where central makes the rows that panels are drawn from. */
const MAKERS = ['rollups', 'capacity'];
/** What central says of itself is made elsewhere. */
const OF_ITSELF = ['pipeline', 'ingest_batch', 'canary_hop'];
const COMMENT = /\/\*\*[^]*?\*\/|\/\/.*$/gm;

const CODE = MAKERS.flatMap((maker) => {
  const directory = join(import.meta.dirname, maker);
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('testing'))
    .map((name) => readFileSync(join(directory, name), 'utf8').replaceAll(COMMENT, ''));
}).join('\n');
const NAMES = new Set([
  ...(CODE.match(/\b[a-z][a-z0-9_]*\b/g) ?? []),
  ...UNIT_STATES.map((state) => `units_${state}`),
]);

it('each field that the catalogue has of what central writes is written: a panel that asks for another stays empty for ever', () => {
  const unwritten = [...CATALOGUE.values()]
    .filter(({ name, origin }) => origin === 'central' && !OF_ITSELF.includes(name))
    .flatMap(({ name, fields }) => Object.keys(fields).map((field) => [name, field] as const))
    .filter(([, field]) => !NAMES.has(field));
  expect(unwritten).toEqual([]);
});
