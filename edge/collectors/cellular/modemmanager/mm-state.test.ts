import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCellInfo } from './cell-info.ts';
import { parseLocation } from './location.ts';
import { parseModemInfo } from './modem-info.ts';
import { mmState } from './mm-state.ts';
import { parseSignal } from './signal.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`testdata/${name}.json`, import.meta.url), 'utf8'));
const info = (name: string) => parseModemInfo(read(`modem-${name}`));
const signal = (name: string) => parseSignal(read(`signal-${name}`));

describe('what mmcli prints', () => {
  it('of 5G beside an LTE anchor: ids in hex, the level of the NR carrier, the cell of the anchor', () => {
    const cells = parseCellInfo(read('cell-info-nsa'));
    expect(mmState({ info: info('nsa'), signal: signal('nsa'), cells })).toEqual({
      rat: 'nrnsa',
      plmn: '45204',
      band: 'n41',
      registered: true,
      roaming: false,
      position: undefined,
      fields: {
        rsrp_dbm: -92,
        rsrq_db: -11,
        sinr_db: 14,
        pci: 0x340,
        arfcn: 509_000,
        cell_id: String(0x3359966),
        tac: 0x4aa3,
        anchor_band: 'b3',
        anchor_rsrp_dbm: -89,
        anchor_rsrq_db: -13,
        anchor_sinr_db: 12.4,
      },
    });
  });

  it('of 5G alone, without cells', () => {
    const state = mmState({ info: info('sa'), signal: signal('sa') });
    expect(state).toMatchObject({ rat: 'nr', fields: { rsrp_dbm: -84, rsrq_db: -11, sinr_db: 18 } });
  });

  it('of LTE on a visited network', () => {
    expect(mmState({ info: info('lte-roaming'), signal: signal('lte') })).toMatchObject({
      rat: 'lte',
      plmn: '45201',
      roaming: true,
      fields: { rsrp_dbm: -97, rsrq_db: -12, sinr_db: 10, rssi_dbm: -69 },
    });
  });

  it('of a modem that searches: not registered, and no level although one was reported', () => {
    expect(mmState({ info: info('searching'), signal: signal('nsa') })).toEqual({
      rat: 'none',
      registered: false,
      roaming: false,
      fields: {},
      position: undefined,
    });
  });

  it('without signal polling: nothing known, nothing zero', () => {
    const silent = signal('not-set-up');
    expect(silent.refreshS).toBe(0);
    expect(mmState({ info: info('sa'), signal: silent }).fields).toEqual({});
  });

  it('of a position, and of none', () => {
    expect(parseLocation(read('location-fix'))).toEqual({ latitude: 10.77689, longitude: 106.70081 });
    expect(parseLocation(read('signal-sa'))).toBeUndefined();
  });

  it.each([[null], [[]], ['text'], [{ modem: [] }], [{ modem: { generic: 1, '3gpp': null, signal: 'x' } }]])(
    'that is %j is nothing known',
    (json) => {
      expect(
        mmState({ info: parseModemInfo(json), signal: parseSignal(json), cells: parseCellInfo(json) }),
      ).toEqual({
        fields: {},
      });
    },
  );

  it('has nothing of modem or SIM in what is read', () => {
    const told = JSON.stringify([info('nsa'), parseCellInfo(read('cell-info-nsa'))]);
    expect(told).not.toMatch(/redacted|imei|RM520N/i);
  });
});

it('whatever mmcli prints, also good output with anything in the place of a value, is read or left out', () => {
  const texts = ['modem-nsa', 'signal-sa', 'cell-info-nsa', 'location-fix'].map((name) =>
    JSON.stringify(read(name)),
  );
  const mutated = fc
    .tuple(fc.constantFrom(...texts), fc.nat(), fc.jsonValue())
    .map(([text, at, value]) => withValueAt(text, at, value));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), mutated), (json) => {
      const answers = { info: parseModemInfo(json), signal: parseSignal(json), cells: parseCellInfo(json) };
      const { fields } = mmState({ ...answers, position: parseLocation(json) });
      for (const value of Object.values(fields)) if (typeof value === 'number') expect(value).not.toBeNaN();
    }),
  );
});

/** The JSON of `text` with another value in the place of one of its own. */
function withValueAt(text: string, at: number, value: unknown): unknown {
  let count = 0;
  const total = text.split(':').length;
  return JSON.parse(text, (_key, found: unknown) => (count++ === at % total ? value : found)) as unknown;
}
