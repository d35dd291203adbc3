import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Collector } from '../../edge/collectors/collector.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { startSnmpAgent, type Behaviour, type SnmpAgent } from '../../simulators/devices/snmp/agent.ts';
import { startCellular, taken } from '../support/cellular.ts';
import { hasRecordings, loadRecording } from '../support/snmp-recordings.ts';

const MODEM = '1.3.6.1.4.1.48690.2.2.1';
const V2C = { version: '2c', community: { value: 'public' } };

describe.skipIf(!hasRecordings)('a Teltonika gateway over SNMP (needs ../shared/data/snmp)', () => {
  let agent: SnmpAgent;
  let fine: SnmpAgent;
  let collector: Collector;
  let clock: ManualClock;
  beforeEach(async () => {
    const start = () => startSnmpAgent({ recording: loadRecording('gateway-5g-teltonika-trb500') });
    agent = await start();
    fine = await start();
    clock = new ManualClock();
    collector = startCellular([modem('gw-5g', agent.port), modem('fine', fine.port)], { clock });
  });
  afterEach(async () => {
    await collector.close();
    await agent.close();
    await fine.close();
  });

  const modem = (device: string, port: number) => ({
    device,
    source: 'teltonika',
    address: '127.0.0.1',
    port,
    credentials: V2C,
    replyTimeoutMs: 200,
  });

  async function run() {
    const { samples, errors } = await collector.collect(AbortSignal.timeout(10_000));
    const all = taken(samples, clock.now());
    expect(all.some(({ tags }) => tags['device'] === 'fine')).toBe(true);
    return {
      sample: all.find(({ tags }) => tags['device'] === 'gw-5g'),
      errors: errors.map(({ message }) => message),
    };
  }
  /** Not due again before a second has passed. */
  const later = () => clock.advance(1_000);
  const set = (column: number, value: bigint | string) =>
    agent.state.set(`${MODEM}.${column}.1`, typeof value === 'bigint' ? value : Buffer.from(value));

  it('as recorded: its SINR of 0 beside an LTE anchor is not a SINR', async () => {
    expect(await run()).toEqual({
      errors: [],
      sample: {
        measurement: 'cellular',
        tags: { device: 'gw-5g', operator: '230-01', rat: 'nrnsa' },
        fields: {
          rsrp_dbm: -80,
          rsrq_db: -16,
          registered: true,
          roaming: false,
          modem_temperature_celsius: 36,
        },
      },
    });
  });

  it('is asked with one request a second once its row is known', async () => {
    await run();
    const before = agent.requestCount;
    await later();
    await run();
    expect(agent.requestCount - before).toBe(1);
  });

  it('on LTE, and without a network', async () => {
    set(14, '45204');
    set(16, '4G (LTE)');
    set(11, 'Registered, roaming');
    set(19, 0n);
    expect((await run()).sample).toMatchObject({
      tags: { operator: 'viettel', rat: 'lte' },
      fields: { rsrp_dbm: -80, sinr_db: 0, rssi_dbm: -47, roaming: true },
    });
    set(11, 'Not registered, searching');
    await later();
    expect((await run()).sample).toMatchObject({
      tags: { rat: 'none' },
      fields: { registered: false, modem_temperature_celsius: 36 },
    });
  });

  it.each<[string, Behaviour, RegExp]>([
    ['silence', { isDead: true }, /cellular gw-5g \(127\.0\.0\.1:\d+\): /],
    [
      'noise',
      { mangle: (answer) => [Buffer.alloc(answer.length, 0x5a)] },
      /cellular gw-5g \(127\.0\.0\.1:\d+\): /,
    ],
    ['half an answer', { mangle: (answer) => [answer.subarray(0, answer.length / 2)] }, /cellular gw-5g/],
  ])('%s is an error that names it, and the other is unharmed', async (_what, behaviour, message) => {
    agent.behave(behaviour);
    const { sample, errors } = await run();
    expect(sample).toBeUndefined();
    expect(errors).toEqual([expect.stringMatching(message)]);
    agent.behave({});
    await later();
    expect((await run()).sample?.fields['rsrp_dbm']).toBe(-80);
  });

  it('values that no network has are told and left out; texts of another kind are nothing', async () => {
    set(20, -999n);
    set(21, 77n);
    set(14, 'Mobi\u0000Fone');
    set(16, '\u00ff\u00fe rubbish');
    const { sample, errors } = await run();
    expect(sample?.tags).toEqual({ device: 'gw-5g' });
    expect(Object.keys(sample?.fields ?? {})).not.toContain('rsrp_dbm');
    expect(errors).toEqual([
      expect.stringContaining('rsrp_dbm: expected -156 to -31, got -999') as string,
      expect.stringContaining('rsrq_db: expected -43 to 20, got 77') as string,
    ]);
  });

  it('a row that goes, and a gateway without a modem', async () => {
    await run();
    agent.state.remove(MODEM);
    await later();
    expect((await run()).errors).toEqual([
      expect.stringContaining('modem 1 is gone from its table') as string,
    ]);
    await later();
    expect((await run()).errors).toEqual([expect.stringContaining('it has no modem in its table') as string]);
  });
});
