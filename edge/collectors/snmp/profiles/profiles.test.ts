import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../contract/measurements/index.ts';
import { matchProfile } from '../match-profile.ts';
import { STANDARD_HEALTH, STANDARD_ROWS } from '../standard.ts';
import { PROFILES } from './index.ts';

const system = (objectId: string, description = '') => ({
  objectId,
  description,
  uptimeTicks: 100,
  name: undefined,
});
const OID = /^1(\.\d+)+$/;

describe('profiles', () => {
  it.each([
    ['1.3.6.1.4.1.9.1.617', '', 'cisco'],
    ['1.3.6.1.4.1.2636.1.1.1.2.21', '', 'juniper'],
    ['1.3.6.1.4.1.2011.2.23.276', '', 'huawei'],
    ['1.3.6.1.4.1.30065.1.3011.7150', '', 'arista'],
    ['1.3.6.1.4.1.25461.2.3.9', '', 'palo-alto'],
    ['1.3.6.1.4.1.14988.1', '', 'mikrotik'],
    ['1.3.6.1.4.1.41112.1.4', '', 'ubiquiti'],
    ['1.3.6.1.4.1.318.1.3.4.8', '', 'apc'],
    ['1.3.6.1.4.1.705.1', '', 'eaton'],
    ['1.3.6.1.4.1.534.10.2.2', '', 'eaton'],
    ['1.3.6.1.4.1.8072.3.2.10', 'Linux GSE200M 2.6.27', 'huawei'],
    ['1.3.6.1.4.1.8072.3.2.10', 'Linux srv-1 6.1', undefined],
    ['1.3.6.1.4.1.99', '', undefined],
    ['', '', undefined],
  ])('match sysObjectID %s %s as %s', (objectId, description, vendor) => {
    expect(matchProfile(PROFILES, system(objectId, description))?.vendor).toBe(vendor);
  });

  const rows = [...STANDARD_ROWS, ...PROFILES.flatMap((profile) => profile.rows ?? [])];
  const health = [...STANDARD_HEALTH, ...PROFILES.flatMap((profile) => profile.health ?? [])];

  it('name only measurements, tags and fields of the catalogue', () => {
    const unknown = rows.flatMap(({ measurement, tags = {}, label, fields }) => {
      const definition = CATALOGUE.get(measurement);
      const tagNames = [...Object.keys(tags), ...(label === undefined ? [] : [label.tag])];
      return [
        ...tagNames.filter((tag) => definition?.tags[tag] === undefined),
        ...Object.keys(fields).filter((field) => definition?.fields[field] === undefined),
      ].map((name) => `${measurement}.${name}`);
    });
    const device = CATALOGUE.get('device');
    expect([
      ...unknown,
      ...health.map(({ field }) => field).filter((field) => device?.fields[field] === undefined),
    ]).toEqual([]);
  });

  it('have well-formed OIDs, and none that ends in the .0 of a scalar', () => {
    const oids = [
      ...rows.flatMap(({ fields, label, where }) => [
        ...Object.values(fields).map(({ oid }) => oid),
        ...(label?.oid === undefined ? [] : [label.oid]),
        ...(where === undefined ? [] : [where.oid]),
      ]),
      ...health.flatMap((source) =>
        'oid' in source
          ? [source.oid]
          : [...(source.used ?? []), ...(source.free ?? []), ...(source.total ?? [])],
      ),
      ...PROFILES.flatMap(({ softwareOid, sensorTable }) => [softwareOid, sensorTable]).filter(
        (oid) => oid !== undefined,
      ),
    ];
    expect(oids.filter((oid) => !OID.test(oid) || oid.endsWith('.0'))).toEqual([]);
  });
});
