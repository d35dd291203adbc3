import { join } from 'node:path';
import { cellToLatLng, getResolution, greatCircleDistance } from 'h3-js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EngineHarness } from '../../central/alerts/testing/engine-harness.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { liveContext } from '../../central/alerts/testing/batches-and-rules.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Collector } from '../../edge/collectors/collector.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { startModem, type SimulatedModem } from '../../simulators/devices/modem/modem.ts';
import {
  generic,
  onLte,
  onNr,
  onNsa,
  searching,
  withoutNetwork,
  type AtReplies,
} from '../../simulators/devices/modem/modem-state.ts';
import { startCellular, taken, temporaryDirectory } from '../support/cellular.ts';
import { describeWith, requirePart } from '../support/parts.ts';
import { arrive } from '../support/snmp-poller.ts';

const soon = () => AbortSignal.timeout(10_000);

describeWith(['socat'], 'a modem with AT commands on a terminal', () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let modem: SimulatedModem;
  let collector: Collector;
  let clock: ManualClock;

  beforeEach(async () => {
    directory = temporaryDirectory();
    const path = join(directory.path, 'ttyModem');
    modem = await startModem({ socat: requirePart('socat'), path, replies: onNr() });
    clock = new ManualClock();
    collector = start();
  });
  afterEach(async () => {
    await collector.close();
    await modem.close();
    directory.remove();
  });

  const start = (extra: object = {}) =>
    startCellular([{ device: 'm-1', source: 'at', port: modem.path, ...extra }], {
      clock,
      dataDirectory: directory.path,
      reportEveryMs: 10_000,
    });

  it.each<[string, AtReplies, string, object, object]>([
    [
      '5G standalone',
      onNr(),
      'n41',
      { operator: 'viettel', rat: 'nr' },
      {
        rsrp_dbm: -84,
        rsrq_db: -11,
        sinr_db: 18,
        pci: 538,
        arfcn: 509_000,
        cell_id: '4295434240',
        tac: 0x114000,
        bandwidth_mhz: 100,
        registered: true,
        roaming: false,
        modem_temperature_celsius: 46,
      },
    ],
    [
      '5G beside an LTE anchor',
      onNsa(),
      'n41',
      { operator: 'viettel', rat: 'nrnsa' },
      {
        rsrp_dbm: -92,
        rsrq_db: -11,
        sinr_db: 14,
        pci: 832,
        arfcn: 509_000,
        bandwidth_mhz: 60,
        cell_id: '53844326',
        tac: 0x4aa3,
        anchor_band: 'b3',
        anchor_rsrp_dbm: -89,
        anchor_rsrq_db: -13,
        anchor_sinr_db: 12,
        secondary_carriers_count: 1,
        registered: true,
        roaming: false,
        modem_temperature_celsius: 46,
      },
    ],
    [
      'LTE',
      onLte(),
      'b3',
      { operator: 'viettel', rat: 'lte' },
      {
        rsrp_dbm: -97,
        rsrq_db: -12,
        sinr_db: 10,
        rssi_dbm: -69,
        pci: 348,
        arfcn: 1_802,
        cell_id: '4403212',
        tac: 0x5443,
        bandwidth_mhz: 20,
        secondary_carriers_count: 0,
        registered: true,
        roaming: false,
        modem_temperature_celsius: 46,
      },
    ],
    [
      'connected, but telling no cell: an unknown signal is not zero',
      searching(),
      'n78',
      { operator: 'viettel', rat: 'nr' },
      { registered: true, roaming: false, modem_temperature_celsius: 46 },
    ],
    [
      'no network',
      withoutNetwork(),
      '',
      { rat: 'none' },
      { registered: false, roaming: false, modem_temperature_celsius: 46 },
    ],
    [
      'another maker, roaming on LTE',
      generic(),
      '',
      { operator: 'mobifone', rat: 'lte' },
      { rsrp_dbm: -96, rsrq_db: -11, cell_id: '26583563', tac: 0x2af8, registered: true, roaming: true },
    ],
  ])('%s', async (_what, replies, band, tags, fields) => {
    modem.reply(replies);
    const { samples, errors } = await collector.collect(soon());
    expect(errors).toEqual([]);
    expect(taken(samples, clock.now())).toEqual([
      { measurement: 'cellular', tags: { device: 'm-1', ...tags, ...(band !== '' && { band }) }, fields },
    ]);
  });

  it('is asked for its cell each second, for the rest now and then, and sent every 10 s', async () => {
    let sent = 0;
    for (let second = 0; second < 30; second++) {
      sent += (await collector.collect(soon())).samples.length;
      await clock.advance(1_000);
    }
    expect(sent).toBe(3);
    const asked = (command: string) => modem.commands.filter((text) => text === command).length;
    expect(asked('AT+QENG="servingcell"')).toBe(30);
    expect([asked('AT+C5GREG?'), asked('AT+QTEMP'), asked('AT+QNWINFO')]).toEqual([3, 1, 0]);
    expect(modem.commands.filter((text) => /GSN|CIMI|CCID|CNUM/.test(text))).toEqual([]);
  });

  it('a change of technology is sent at once', async () => {
    await collector.collect(soon());
    await clock.advance(1_000);
    modem.reply(onLte());
    const { samples } = await collector.collect(soon());
    expect(samples.map(({ tags }) => tags['rat'])).toEqual(['lte']);
  });

  /** Each second's `signal_dip` samples, all through central. */
  async function watch(seconds: number): Promise<ReturnType<typeof taken>> {
    const dips = [];
    for (let second = 0; second < seconds; second++) {
      const { samples } = await collector.collect(soon());
      dips.push(...taken(samples, clock.now()).filter(({ measurement }) => measurement === 'signal_dip'));
      await clock.advance(1_000);
    }
    return dips;
  }

  it('a dip is told when it is found and again when it is over, as one series and time', async () => {
    await watch(3);
    modem.reply(onNr({ rsrpDbm: -118, rsrqDb: -15, sinrDb: 6 }));
    const opened = await watch(15);
    modem.reply(onNr());
    const ended = await watch(15);
    const tags = { device: 'm-1', kind: 'level', operator: 'viettel', rat: 'nr', band: 'n41' };
    const startMs = clock.now() - 30_000;
    const common = {
      start_ms: startMs,
      unknown_s: 0,
      rsrp_min_dbm: -118,
      sinr_min_db: 6,
      from_rat: 'nr',
      to_rat: 'nr',
    };
    expect(opened).toEqual([
      {
        measurement: 'signal_dip',
        tags,
        fields: { ...common, open: true, end_known: true, end_ms: startMs + 10_000, duration_s: 10 },
      },
    ]);
    expect(ended).toEqual([
      {
        measurement: 'signal_dip',
        tags,
        fields: { ...common, open: false, end_known: true, end_ms: startMs + 14_000, duration_s: 14 },
      },
    ]);
  });

  it('a dip that is open when the agent stops goes on after its restart', async () => {
    modem.reply(withoutNetwork());
    expect((await watch(15)).map(({ fields }) => fields['open'])).toEqual([true]);
    await collector.close();
    await clock.advance(20_000);
    collector = start();
    expect(await watch(5)).toEqual([]);
    modem.reply(onNr());
    const [ended] = await watch(15);
    expect(ended).toMatchObject({
      tags: { kind: 'no_registration', rat: 'none' },
      fields: { open: false, end_known: true, duration_s: 39, unknown_s: 21 },
    });
  });

  it('5G that falls back to LTE is a dip of its own', async () => {
    await watch(2);
    modem.reply(onLte());
    await watch(12);
    modem.reply(onNr());
    const [ended] = await watch(12);
    expect(ended).toMatchObject({
      tags: { kind: 'fall_back', rat: 'lte' },
      fields: { open: false, duration_s: 11, from_rat: 'nr', to_rat: 'lte' },
    });
  });

  it('what is sent fires the shipped rules, each once', async () => {
    const harness = new EngineHarness();
    try {
      const mobile = new Set(['signal_weak', 'signal_disturbed', 'modem_not_registered']);
      const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(({ id }) => mobile.has(id));
      expect(rules).toHaveLength(3);
      const engine = harness.start(rules);
      let seq = 0;
      const firingAfter = async (replies: AtReplies, seconds: number) => {
        modem.reply(replies);
        for (let second = 0; second < seconds; second++) {
          const { samples } = await collector.collect(soon());
          for (const { tables } of arrive(samples, clock.now()).batches) {
            engine.observe(
              { agent: 'gw-1', epoch: 'epoch001', seq: ++seq, tables },
              liveContext(clock.now()),
            );
          }
          await clock.advance(1_000);
        }
        return engine.active().flatMap(({ rule, phase }) => (phase === 'firing' ? [rule] : []));
      };
      expect(await firingAfter(onNr(), 20)).toEqual([]);
      expect(await firingAfter(onNr({ rsrpDbm: -115, rsrqDb: -12, sinrDb: 6 }), 40)).toEqual(['signal_weak']);
      expect(await firingAfter(onNr(), 40)).toEqual([]);
      expect(await firingAfter(onNr({ rsrpDbm: -80, rsrqDb: -18, sinrDb: -6 }), 40)).toEqual([
        'signal_disturbed',
      ]);
      expect(await firingAfter(onNr(), 40)).toEqual([]);
      expect(await firingAfter(withoutNetwork(), 40)).toEqual(['modem_not_registered']);
      expect(await firingAfter(onLte(), 40)).toEqual([]);
    } finally {
      harness.end();
    }
  });

  it('a modem that is unplugged is an error that names it, and is read again when it is back', async () => {
    await collector.collect(soon());
    await modem.unplug();
    await expect(collector.collect(soon())).rejects.toThrow(`cellular m-1 (${modem.path}): `);
    await expect(collector.collect(soon())).rejects.toThrow(/no such port/);
    await modem.plugIn();
    const { samples, errors } = await collector.collect(soon());
    expect(errors).toEqual([]);
    expect(samples).toHaveLength(0); // nothing has changed, and 10 s are not over
    await clock.advance(10_000);
    expect((await collector.collect(soon())).samples).toHaveLength(1);
  });

  it('where it stands is on every sample, as the hexagon of about 0.1 km² too', async () => {
    await collector.close();
    collector = start({ position: { latitude: 10.776889, longitude: 106.700806 } });
    const { samples } = await collector.collect(soon());
    const { h3_cell: cell, ...fields } = samples[0]?.fields ?? {};
    expect(fields).toMatchObject({ latitude: 10.776889, longitude: 106.700806 });
    const at: [number, number] = [10.776889, 106.700806];
    expect(getResolution(String(cell))).toBe(9);
    expect(greatCircleDistance(cellToLatLng(String(cell)), at, 'm')).toBeLessThan(250);
  });

  it('a moving modem says where it is, and says nothing without a fix', async () => {
    await collector.close();
    collector = start({ gnss: true });
    modem.reply({ ...onNr(), 'AT+QGPS=1': {}, 'AT+QGPSLOC=2': { failure: '+CME ERROR: 516' } });
    expect((await collector.collect(soon())).samples[0]?.fields).not.toHaveProperty('h3_cell');
    await clock.advance(10_000);
    modem.reply({
      ...onNr(),
      'AT+QGPSLOC=2': { lines: ['+QGPSLOC: 061951.00,10.77689,106.70081,0.7,62.2,2,0.00,0.0,0.0,110513,09'] },
    });
    const { samples, errors } = await collector.collect(soon());
    expect(errors).toEqual([]);
    expect(samples[0]?.fields).toMatchObject({ latitude: 10.77689, longitude: 106.70081 });
  });

  it('a modem that refuses to switch its receiver on is asked again, and not while there is a position', async () => {
    await collector.close();
    collector = start({ gnss: true });
    const asked = () => modem.commands.filter((command) => command === 'AT+QGPS=1').length;
    const off = {
      'AT+QGPS=1': { failure: '+CME ERROR: 14' },
      'AT+QGPSLOC=2': { failure: '+CME ERROR: 505' },
    };
    modem.reply({ ...onNr(), ...off });
    expect((await collector.collect(soon())).errors).toEqual([]);
    const before = asked();
    await clock.advance(10_000);
    await collector.collect(soon());
    expect(asked()).toBe(before + 1);
    const fix = { lines: ['+QGPSLOC: 061951.00,10.77689,106.70081,0.7,62.2,2,0.00,0.0,0.0,110513,09'] };
    modem.reply({ ...onNr(), 'AT+QGPS=1': {}, 'AT+QGPSLOC=2': fix });
    await clock.advance(10_000);
    expect((await collector.collect(soon())).samples[0]?.fields).toMatchObject({ latitude: 10.77689 });
    expect(asked()).toBe(before + 1);
  });
});
