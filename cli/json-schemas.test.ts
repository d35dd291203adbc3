import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readJsonSchema, SCHEMA_NAMES } from './json-schemas.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

describe('the JSON Schema', () => {
  it.each(SCHEMA_NAMES)('of %s names its draft and refuses what it does not know', async (name) => {
    const schema = await readJsonSchema(name);
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
    expect(z.fromJSONSchema(schema).safeParse({ nonsense: 1 }).success).toBe(false);
  });

  it.each([
    ['central', 'central.yaml', { dataDirectry: '/var/lib/wardwatch' }],
    ['inventory', 'inventory.yaml', { agent: [] }],
    ['rule', 'rules/mains_voltage_high.yaml', { clearfor: '5m' }],
    ['rule', 'rules/disk_full.yaml', { op: 'over' }],
    ['profile', 'profiles/acme-room-unit.yaml', { measurement: [] }],
    ['profile', 'profiles/acme-room-unit.yaml', { device: { cpu_pct: { oid: 'ifDescr' } } }],
    ['profile', 'profiles/acme-air-monitor.yaml', { custom: [{ measurement: 'custom_a' }] }],
    ['measurements', 'measurements/room-air.yaml', { custom: [{ measurement: 'custom_a' }] }],
    ['rule-test', 'rule-tests/memory.yaml', { test: [] }],
    ['replay', 'replay/drive-test.yaml', { time: { column: 'Timestamp' } }],
    ['notify', 'notify/routes.yaml', { groupwindow: '5s' }],
    ['notify', 'notify/noc-telegram.yaml', { maxchars: 1 }],
    ['notify', 'notify/sms.yaml', { programme: '/bin/sh' }],
    ['notify', 'notify/email.yaml', { tls: 'opportunistic' }],
    ['notify', 'notify/alertmanager.yaml', { body: {} }],
  ] as const)('of %s accepts examples/%s and finds a mistake in it', async (name, example, mistake) => {
    const schema = z.fromJSONSchema(await readJsonSchema(name));
    const value = parse(read(`examples/${example}`)) as object;
    expect(schema.safeParse(value)).toMatchObject({ success: true });
    expect(schema.safeParse({ ...value, ...mistake }).success).toBe(false);
  });
});
