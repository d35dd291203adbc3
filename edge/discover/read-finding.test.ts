import { describe, expect, it } from 'vitest';
import { shippedProfiles } from '../collectors/snmp/profile/shipped.ts';
import { ProfileLibrary } from '../collectors/snmp/profile/library.ts';
import { converseWith } from '../protocols/snmp/testing/columns.ts';
import type { Objects } from '../protocols/snmp/testing/fake-session.ts';
import { readFinding } from './read-finding.ts';

const NET_SNMP = '1.3.6.1.4.1.8072.3.2.10';
const UPS_OUTPUT_SOURCE = '1.3.6.1.2.1.33.1.4.1.0';
const PHYSICAL = '1.3.6.1.2.1.47.1.1.1.1';

async function found(objectId: string, objects: Objects, description = '') {
  const conversation = converseWith({
    '1.3.6.1.2.1.1.1.0': description,
    '1.3.6.1.2.1.1.2.0': objectId,
    '1.3.6.1.2.1.1.3.0': 100,
    ...objects,
  });
  const profiles = new ProfileLibrary(shippedProfiles());
  const { vendor, model, kind } = await readFinding(conversation, {
    address: 'a',
    credentials: 'c',
    profiles,
  });
  return [kind, vendor, model];
}

describe('discover', () => {
  it('names vendor, model and kind of what answers with the agent of net-snmp', async () => {
    const nas = { '1.3.6.1.4.1.6574.1.1.0': 1, '1.3.6.1.4.1.6574.1.5.1.0': 'DS920+' };
    expect(await found(NET_SNMP, nas)).toEqual(['storage', 'synology', 'DS920+']);
    const router = { '1.3.6.1.4.1.48690.1.2.0': 'TRB500', '1.3.6.1.4.1.48690.1.3.0': 'TRB50000XXXX' };
    expect(await found(NET_SNMP, router)).toEqual(['modem', 'teltonika', 'TRB500']);
    expect(await found(NET_SNMP, {}, 'Linux srv-1 6.1')).toEqual(['server', undefined, undefined]);
  });

  it('tells a PDU from a UPS of one maker, and a UPS of a maker of switches', async () => {
    const apc = 'APC Web/SNMP Management Card (MB:v4 PF:v6 PN:x AF1:v6.7.2 MN:AP7902B HR:B2 SN:x)';
    expect(await found('1.3.6.1.4.1.318.1.3.4.8', {}, apc)).toEqual(['pdu', 'apc', 'AP7902B']);
    expect(await found('1.3.6.1.4.1.318.1.3.2.7', {})).toEqual(['ups', 'apc', undefined]);
    expect(await found('1.3.6.1.4.1.2011.9', { [UPS_OUTPUT_SOURCE]: 3 })).toEqual([
      'ups',
      'huawei',
      undefined,
    ]);
    expect(await found('1.3.6.1.4.1.99', { [UPS_OUTPUT_SOURCE]: 3 })).toEqual(['ups', undefined, undefined]);
  });

  it('takes the model of the chassis where no profile has one', async () => {
    const parts = {
      [`${PHYSICAL}.5.1`]: 3,
      [`${PHYSICAL}.5.2`]: 9,
      [`${PHYSICAL}.13.1`]: 'WS-C3560G-48TS-S',
      [`${PHYSICAL}.13.2`]: 'SFP',
    };
    expect(await found('1.3.6.1.4.1.9.1.617', parts)).toEqual(['node', 'cisco', 'WS-C3560G-48TS-S']);
    expect(await found('1.3.6.1.4.1.43356.1.1.1', {})).toEqual(['radio', 'mimosa', undefined]);
  });
});
