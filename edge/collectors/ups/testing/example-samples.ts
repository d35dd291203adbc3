import type { Sample } from '../../../../contract/sample.ts';
import type { CollectorDeps } from '../../collector.ts';
import { upsSamples } from '../samples.ts';

const ONE_PHASE = {
  'ups.status': 'OL CHRG',
  'device.serial': 'GA09E1',
  'device.model': 'Eaton 9PX',
  'battery.charge': '98',
  'battery.charge.low': '20',
  'battery.charge.warning': '35',
  'battery.runtime': '1840.5',
  'battery.runtime.low': '180',
  'battery.voltage': '54.2',
  'battery.voltage.nominal': '48',
  'battery.temperature': '25',
  'battery.date': '2024-01',
  'battery.type': 'PbAc',
  'input.frequency': '50.0',
  'input.voltage': '229.4',
  'input.voltage.nominal': '230',
  'input.transfer.high': '276',
  'input.transfer.low': '160',
  'output.voltage': '230.1',
  'output.frequency': '50.0',
  'output.current': '3.2',
  'ups.load': '27',
  'ups.realpower': '720',
  'ups.realpower.nominal': '2700',
  'ups.temperature': '31.5',
  'ups.firmware': '01.23',
  'ups.delay.shutdown': '20',
  'ups.delay.start': '30',
  'ups.test.result': 'Done and passed',
};
const THREE_PHASES = {
  'ups.status': 'OB DISCHRG LB',
  ...Object.fromEntries(
    ['1', '2', '3'].flatMap((line) => [
      [`input.L${line}-N.voltage`, '0'],
      [`input.L${line}.current`, '0'],
      [`input.L${line}.realpower`, '0'],
      [`input.bypass.L${line}-N.voltage`, '229'],
      [`output.L${line}-N.voltage`, '230'],
      [`output.L${line}.current`, '10.5'],
      [`output.L${line}.realpower`, '2300'],
      [`output.L${line}.power.percent`, '41'],
    ]),
  ),
};

/** Of a UPS with one phase and one with three. */
export async function exampleSamples({ clock, commonTags }: CollectorDeps): Promise<readonly Sample[]> {
  const identity = { upsName: 'eaton', device: 'ups-1' };
  return [ONE_PHASE, THREE_PHASES].flatMap(
    (variables) => upsSamples(new Map(Object.entries(variables)), identity, commonTags, clock.now()).samples,
  );
}
