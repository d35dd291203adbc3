import type { Sample } from '../../../../contract/sample.ts';
import { noEventStatesRecord } from '../../../protocols/events/event-states-record.ts';
import { TrapReader } from '../../../protocols/snmp/trap-reader.ts';
import type { CollectorDeps } from '../../collector.ts';
import { TrapIntake } from '../intake.ts';

/** linkDown of port 7, SNMPv2c, community `public`: sysUpTime, snmpTrapOID, ifIndex, ifDescr. As net-snmp sends it. */
export const LINK_DOWN = Buffer.from(
  '306902010104067075626c6963a75c02040490ccbf020100020100304e300d06082b060102010103' +
    '0043012c3017060a2b06010603010104010006092b0601060301010503300f060a2b060102010202' +
    '0101070201073013060a2b06010201020201020704054769302f37',
  'hex',
);

export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const reader = new TrapReader({ version: '2c', community: 'public' }, Buffer.alloc(17, 1));
  const intake = new TrapIntake(
    {
      senders: [{ device: 'node-1', address: '10.26.1.1', credentials: 'core' }],
      traps: [],
      leastSeverity: 'debug',
    },
    { ...deps, readerOf: () => reader, answer: () => undefined, record: noEventStatesRecord },
  );
  intake.receive(LINK_DOWN, { address: '10.26.1.1', port: 50_000 });
  return intake.take().samples;
}
