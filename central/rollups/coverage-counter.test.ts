import { beforeEach, describe, expect, it } from 'vitest';
import { readInventory } from '../inventory/inventory.ts';
import { CoverageCounter } from './coverage-counter.ts';
import { LiveRows } from './testing/live-rows.ts';

const NOW = 1_800_000_000_000;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

const place = (unit: string) => ({ longitude: 106.69, latitude: 10.79, unit });
const INVENTORY = readInventory('test', {
  units: ['26734', '26737'].map((code) => ({
    ...{ code, name: `Phường ${code}`, nameEn: `Ward ${code}`, kind: 'ward' },
    ...{ longitude: 106.69, latitude: 10.79, areaKm2: 1.2 },
  })),
  sites: ['26734', '26737'].map((unit) => ({
    id: `site-${unit}`,
    name: 'Site',
    kind: 'site',
    ...place(unit),
  })),
  agents: [{ id: 'gw-1', kind: 'gateway', site: 'site-26734', unit: '26734' }],
  devices: ['m-1', 'm-2'].map((id) => ({
    ...{ id, kind: 'modem', agent: 'gw-1', site: 'site-26734', unit: '26734' },
  })),
});
const VIETTEL = { device: 'm-1', operator: 'viettel', rat: 'nr', band: 'n41' };
const MOBIFONE = { device: 'm-2', operator: 'mobifone', rat: 'lte', band: 'b3' };
const level = (dbm: number) => ({ rsrp_dbm: dbm, registered: true });
const NOTHING = { samples: 0, covered: 0, modems: 0, dips: 0, dipS: 0, fallBacks: 0 };

let modems: LiveRows;
let counter: CoverageCounter;
let correctionMs: number;

beforeEach(() => {
  modems = new LiveRows();
  correctionMs = 0;
  counter = new CoverageCounter({
    latest: modems.latest,
    registry: { clockCorrectionOf: () => correctionMs },
    inventory: INVENTORY,
  });
});

describe('a drive test', () => {
  const WAY = {
    agent: 'phone-07',
    probe: 'phone-07',
    unit: '26737',
    operator: 'viettel',
    rat: 'lte',
    band: 'b3',
  };

  it('counts in the unit where it was measured, and its phone is none of the modems there', () => {
    modems.send(NOW, WAY, { rsrp_dbm: -120 }, 'drive_test');
    modems.send(NOW, { ...WAY, band: 'b1' }, { rsrp_dbm: -90 }, 'drive_test');
    counter.look(NOW);
    expect(counter.take()).toEqual([
      {
        ...NOTHING,
        unit: '26737',
        operator: 'viettel',
        rat: 'lte',
        samples: 2,
        covered: 1,
        rsrpP50Dbm: -120,
      },
    ]);
  });

  it('of an agent that is no phone, or in a unit that is not there, proves nothing', () => {
    modems.send(NOW, { ...WAY, agent: 'gw-1' }, { rsrp_dbm: -90 }, 'drive_test');
    modems.send(NOW, { ...WAY, unit: '99999' }, { rsrp_dbm: -90 }, 'drive_test');
    modems.send(NOW, { ...WAY, operator: 'made-up' }, { rsrp_dbm: -90 }, 'drive_test');
    counter.look(NOW);
    expect(counter.take()).toEqual([]);
  });

  const madeUp = (agent: string, index: number) =>
    modems.send(
      NOW,
      { ...WAY, agent, probe: agent, operator: `${200 + (index % 400)}-${10 + Math.floor(index / 400)}` },
      { rsrp_dbm: -90 },
      'drive_test',
    );

  it('of a phone that makes 400 networks up adds 16 in a minute, and takes no count from others', () => {
    for (let index = 0; index < 400; index++) madeUp('phone-66', index);
    modems.send(NOW, VIETTEL, level(-90));
    modems.send(NOW, WAY, { rsrp_dbm: -90 }, 'drive_test');
    counter.look(NOW);
    const counts = counter.take();
    expect(counts).toHaveLength(16 + 2);
    const ofOperator = counts.filter(({ operator }) => operator === 'viettel');
    expect(ofOperator).toMatchObject([
      { unit: '26734', samples: 1 },
      { unit: '26737', samples: 1 },
    ]);
    modems.send(NOW + MINUTE_MS, { ...WAY, agent: 'phone-66' }, { rsrp_dbm: -90 }, 'drive_test');
    counter.look(NOW + MINUTE_MS);
    expect(counter.take()).toHaveLength(1);
  });

  it('of 50 such phones adds 200 in a minute, and what a modem or phone has counted goes on', () => {
    for (let phone = 0; phone < 50; phone++)
      for (let index = 0; index < 20; index++) madeUp(`phone-${phone}`, 20 * phone + index);
    modems.send(NOW, VIETTEL, level(-90));
    modems.send(NOW, { ...WAY, unit: '26734', rat: 'nr' }, { rsrp_dbm: -90 }, 'drive_test');
    counter.look(NOW);
    const counts = counter.take();
    expect(counts).toHaveLength(200 + 1);
    expect(counts.find(({ operator }) => operator === 'viettel')).toMatchObject({ samples: 2, modems: 1 });
  });
});

describe('the readings of modems', () => {
  it('are counted by unit, operator and technology, each once', () => {
    for (const [at, dbm] of [-90, -110, -111, -118].entries()) {
      const atMs = NOW + at * 10 * SECOND_MS;
      modems.send(atMs, VIETTEL, level(dbm));
      modems.send(atMs, MOBIFONE, level(-100));
      counter.look(atMs + SECOND_MS);
      counter.look(atMs + 2 * SECOND_MS);
    }
    const unit = '26734';
    expect(counter.take()).toEqual([
      {
        ...NOTHING,
        unit,
        operator: 'viettel',
        rat: 'nr',
        samples: 4,
        covered: 2,
        modems: 1,
        rsrpP50Dbm: -111,
      },
      {
        ...NOTHING,
        unit,
        operator: 'mobifone',
        rat: 'lte',
        samples: 4,
        covered: 4,
        modems: 1,
        rsrpP50Dbm: -100,
      },
    ]);
    // A minute without new readings is nothing, not a bad one.
    counter.look(NOW + MINUTE_MS);
    expect(counter.take()).toEqual([]);
  });

  it('have a median of level and quality, each of the readings that have it, and anew each minute', () => {
    for (const [at, sinr] of [17.6, undefined, 3].entries()) {
      const atMs = NOW + at * 10 * SECOND_MS;
      modems.send(atMs, VIETTEL, { ...level(-90 - at), ...(sinr !== undefined && { sinr_db: sinr }) });
      counter.look(atMs);
    }
    expect(counter.take()).toMatchObject([{ samples: 3, rsrpP50Dbm: -91, sinrP50Db: 3 }]);
    modems.send(NOW + MINUTE_MS, VIETTEL, level(-70));
    counter.look(NOW + MINUTE_MS);
    expect(counter.take()).toMatchObject([{ samples: 1, rsrpP50Dbm: -70, sinrP50Db: undefined }]);
  });

  it('of a modem that changes its network count in both, the modem in the last', () => {
    modems.send(NOW, VIETTEL, level(-90));
    counter.look(NOW);
    modems.send(NOW + 10 * SECOND_MS, { ...VIETTEL, rat: 'lte', band: 'b3' }, level(-95));
    counter.look(NOW + 10 * SECOND_MS);
    expect(counter.take()).toMatchObject([
      { rat: 'nr', samples: 1, modems: 0 },
      { rat: 'lte', samples: 1, modems: 1 },
    ]);
  });

  it('without a network are not covered, by the operator that the modem had', () => {
    modems.send(NOW, VIETTEL, level(-90));
    counter.look(NOW);
    counter.take();
    modems.send(NOW + MINUTE_MS, { device: 'm-1', rat: 'none' }, { registered: false });
    counter.look(NOW + MINUTE_MS);
    expect(counter.take()).toMatchObject([
      { operator: 'viettel', rat: 'none', samples: 1, covered: 0, modems: 1 },
    ]);
    modems.send(NOW + MINUTE_MS, { device: 'm-2', rat: 'none' }, { registered: false });
    counter.look(NOW + MINUTE_MS);
    expect(counter.take()).toMatchObject([{ operator: undefined, samples: 1 }]);
  });

  it.each(['umts', 'gsm'])('in %s, that is without 4G and 5G, are measured and not covered', (rat) => {
    modems.send(NOW, { device: 'm-1', operator: 'viettel', rat }, { registered: true, rssi_dbm: -70 });
    modems.send(NOW, MOBIFONE, level(-90));
    counter.look(NOW);
    expect(counter.take()).toMatchObject([
      { operator: 'viettel', rat, samples: 1, covered: 0, modems: 1 },
      { operator: 'mobifone', rat: 'lte', samples: 1, covered: 1, modems: 1 },
    ]);
  });

  it('without a level in 4G or 5G say nothing', () => {
    modems.send(NOW, VIETTEL, { registered: true });
    counter.look(NOW);
    expect(counter.take()).toEqual([]);
  });

  it('that came late are in no count; an agent whose clock is wrong is not late', () => {
    modems.send(NOW - 6 * MINUTE_MS, VIETTEL, level(-90));
    counter.look(NOW);
    expect(counter.take()).toEqual([]);
    modems.send(NOW - 5 * MINUTE_MS - SECOND_MS, VIETTEL, level(-90));
    correctionMs = 5 * MINUTE_MS;
    counter.look(NOW);
    expect(counter.take()).toMatchObject([{ samples: 1 }]);
  });

  it('count for the unit of the inventory, and for none if the modem is not there', () => {
    modems.send(NOW, { ...VIETTEL, unit: '26737' }, level(-90));
    modems.send(NOW, { ...VIETTEL, device: 'm-99', unit: '26737' }, level(-90));
    counter.look(NOW);
    expect(counter.take()).toMatchObject([{ unit: '26734', samples: 1 }]);
  });

  it('under names that are made up become no rows, and there are few of a modem', () => {
    for (const operator of [
      '',
      'ĐỨC',
      'a'.repeat(33),
      'x y',
      '../etc',
      '\u0000',
      'operator',
      '999999-01',
      '152-01',
      '452-',
    ])
      modems.send(NOW, { ...VIETTEL, operator }, level(-90));
    modems.send(NOW, { ...VIETTEL, rat: '6g' }, level(-90));
    counter.look(NOW);
    expect(counter.take()).toEqual([]);
    for (let number = 0; number < 1_000; number++)
      modems.send(NOW, { ...VIETTEL, operator: `515-${String(number).padStart(3, '0')}` }, level(-90));
    modems.send(NOW, MOBIFONE, level(-90));
    counter.look(NOW);
    const counts = counter.take();
    expect(counts).toHaveLength(9);
    expect(counts.at(-1)).toMatchObject({ operator: 'mobifone', samples: 1 });
  });
});

describe('dips', () => {
  const dip = (kind: string, open: boolean, durationS: number) =>
    [{ ...VIETTEL, kind }, { open, duration_s: durationS }, 'signal_dip'] as const;

  it('are counted when they begin, and their time when they end', () => {
    modems.send(NOW, ...dip('level', true, 10));
    counter.look(NOW + 11 * SECOND_MS);
    counter.look(NOW + 20 * SECOND_MS);
    expect(counter.take()).toMatchObject([{ operator: 'viettel', rat: 'nr', samples: 0, dips: 1, dipS: 0 }]);
    modems.send(NOW, ...dip('level', false, 1_200));
    counter.look(NOW + 20 * MINUTE_MS);
    counter.look(NOW + 20 * MINUTE_MS + SECOND_MS);
    expect(counter.take()).toMatchObject([{ dips: 0, dipS: 1_200 }]);
  });

  it('that are over at the first look count at once, and each dip of a modem by itself', () => {
    modems.send(NOW, ...dip('quality', false, 12));
    counter.look(NOW + 30 * SECOND_MS);
    modems.send(NOW + 40 * SECOND_MS, ...dip('quality', false, 15));
    counter.look(NOW + 60 * SECOND_MS);
    expect(counter.take()).toMatchObject([{ dips: 2, dipS: 27 }]);
  });

  it('that began long before are in no count, nor is their end', () => {
    modems.send(NOW - 10 * MINUTE_MS, ...dip('level', true, 10));
    counter.look(NOW);
    modems.send(NOW - 10 * MINUTE_MS, ...dip('level', false, 700));
    counter.look(NOW + 2 * MINUTE_MS);
    expect(counter.take()).toEqual([]);
  });

  it('of technology are counted apart', () => {
    modems.send(NOW, ...dip('fall_back', true, 10));
    counter.look(NOW + 11 * SECOND_MS);
    modems.send(NOW, ...dip('fall_back', false, 60));
    counter.look(NOW + 61 * SECOND_MS);
    expect(counter.take()).toMatchObject([{ dips: 0, dipS: 0, fallBacks: 1 }]);
  });
});
