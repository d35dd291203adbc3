import { describe, expect, it } from 'vitest';
import { entryFrom, fieldsOf, writtenOf, type Entry, type FieldSchema } from './form-fields.ts';

const text = { type: 'string', maxLength: 200 };
const number = { type: 'number' };
const texts = { type: 'array', items: text };
const objects = { type: 'array', items: { type: 'object' } };

/** As `GET /api/v1/inventory/schema` has them. */
const DEVICE_SCHEMA: FieldSchema = {
  type: 'object',
  properties: {
    id: text,
    kind: { type: 'string', enum: ['node', 'server'] },
    site: text,
    unit: text,
    agent: text,
    parents: texts,
    expects: objects,
    installedOn: { type: 'string', format: 'date' },
    notes: { type: 'string', maxLength: 1_000 },
  },
  required: ['id', 'kind', 'site', 'unit', 'agent'],
};
const SITE_SCHEMA: FieldSchema = {
  type: 'object',
  properties: {
    id: text,
    unit: text,
    formerUnits: objects,
    name: text,
    kind: text,
    longitude: number,
    latitude: number,
  },
  required: ['id'],
};
const LINK_SCHEMA: FieldSchema = {
  type: 'object',
  properties: { id: text, kind: text, ends: { type: 'array' }, capacityBps: number },
  required: ['id'],
};

const DEVICE: Entry = {
  id: 'n-1',
  kind: 'node',
  site: 's-1',
  unit: '26737',
  agent: 'gw-1',
  parents: ['n-2', 'n-3'],
  expects: [{ measurement: 'ping', intervalMs: 10_000 }],
  installedOn: '2026-01-31',
};
const SITE: Entry = { id: 's', unit: '26737', name: 'Chợ', kind: 'site', longitude: 106.7, latitude: 10.8 };
const LINK: Entry = { id: 'l', kind: 'fibre', ends: [{ site: 'a' }, { site: 'b' }], capacityBps: 1e9 };

describe('a form for an entry of the inventory', () => {
  it('has an input for each field of its schema, of a kind that fits', () => {
    const inputs = fieldsOf(DEVICE_SCHEMA).map(({ name, input, isRequired }) => [name, input, isRequired]);
    expect(inputs).toContainEqual(['id', 'text', true]);
    expect(inputs).toContainEqual(['kind', 'choice', true]);
    expect(inputs).toContainEqual(['parents', 'list', false]);
    expect(inputs).toContainEqual(['expects', 'json', false]);
    expect(inputs).toContainEqual(['installedOn', 'day', false]);
    expect(inputs).toContainEqual(['notes', 'long-text', false]);
  });

  it.each([
    ['device', DEVICE_SCHEMA, DEVICE],
    ['site', SITE_SCHEMA, SITE],
    ['link', LINK_SCHEMA, LINK],
  ])('says the same %s again where nothing was touched', (_kind, schema, entry) => {
    const fields = fieldsOf(schema);
    const written = Object.fromEntries(fields.map(({ name }) => [name, writtenOf(entry[name])]));
    expect(entryFrom(fields, written)).toEqual(entry);
  });

  it('leaves to central what it cannot read', () => {
    const fields = fieldsOf(SITE_SCHEMA);
    expect(entryFrom(fields, { latitude: 'north', formerUnits: '[{', name: ' ' })).toEqual({
      latitude: 'north',
      formerUnits: '[{',
    });
  });
});
