import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VarbindValue } from '../../../protocols/snmp/session.ts';
import { readProfileFile } from '../profile/profile-file.ts';
import { shippedProfiles } from '../profile/shipped.ts';
import { shippedLibrary } from '../testing/shipped-library.ts';

const NET_SNMP = '1.3.6.1.4.1.8072.3.2.10';
const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.yaml'));
const names = shippedProfiles().map(({ profile }) => profile);

describe('shipped profiles', () => {
  it('are all in the list, each in a file of its name', () => {
    expect(files.map((file) => file.replace('.yaml', '')).sort()).toEqual([...names].sort());
  });

  it.each(files)('%s is valid, and says where its OIDs are from', (file) => {
    const { source } = readProfileFile(join(import.meta.dirname, file));
    expect(source).not.toBeUndefined();
  });

  it.each(names)('%s can be read by, with what it extends', (name) => {
    expect(shippedLibrary()().get(name).profile).toBe(name);
  });

  it.each<[string, string, Record<string, VarbindValue>, string | undefined]>([
    ['1.3.6.1.4.1.9.1.617', '', {}, 'cisco'],
    ['1.3.6.1.4.1.2636.1.1.1.2.21', '', {}, 'juniper'],
    ['1.3.6.1.4.1.2011.2.23.276', '', {}, 'huawei'],
    ['1.3.6.1.4.1.30065.1.3011.7150', '', {}, 'arista'],
    ['1.3.6.1.4.1.25461.2.3.9', '', {}, 'palo-alto'],
    ['1.3.6.1.4.1.14988.1', '', {}, 'mikrotik'],
    ['1.3.6.1.4.1.41112.1.4', '', {}, 'ubiquiti-airmax'],
    ['1.3.6.1.4.1.318.1.3.2.7', '', {}, 'apc'],
    ['1.3.6.1.4.1.705.1', '', {}, 'eaton'],
    ['1.3.6.1.4.1.534.10.2.2', '', {}, 'eaton'],
    [NET_SNMP, 'Linux GSE200M 2.6.27', {}, 'huawei-ups'],
    [NET_SNMP, 'Linux GSE200MX 2.6.27', {}, undefined],
    [NET_SNMP, 'Linux srv-1 6.1', {}, undefined],
    ['1.3.6.1.4.1.99', '', {}, undefined],
    ['', '', {}, undefined],
  ])(
    'fit sysObjectID %s, sysDescr %j and objects %j: %s',
    async (objectId, description, objects, profile) => {
      const found = await shippedLibrary()().find({ objectId, description }, async (oids) => {
        return new Map(oids.flatMap((oid) => (objects[oid] === undefined ? [] : [[oid, objects[oid]]])));
      });
      expect(found?.profile).toBe(profile);
    },
  );
});
