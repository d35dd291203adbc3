import { expect, it } from 'vitest';
import { emptyInventoryFile } from '../../contract/inventory.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Sample } from '../../contract/sample.ts';
import { anonymised } from './anonymise.ts';

const shipped = { catalogue: CATALOGUE, rules: new Set(['site_down']) };
const empty = { fromMs: 0, toMs: 60_000, inventory: emptyInventoryFile(), silent: [], incidents: [] };

function withoutNames(samples: readonly Sample[]): readonly Sample[] {
  return [
    ...anonymised({ ...empty, samples: new Map([['gw-1', samples]]) }, shipped).samples.values(),
  ].flat();
}

it('leaves out where a modem is, and which cell it sees', () => {
  const [sample] = withoutNames([
    {
      measurement: 'cellular',
      tags: { device: 'modem-benh-vien', operator: 'viettel', rat: 'nr' },
      fields: { rsrp_dbm: -101, latitude: 10.77, longitude: 106.7, tac: 1234, pci: 44, arfcn: 627_264 },
      timeMs: 1_000,
    },
  ]);
  expect(sample?.fields).toEqual({ rsrp_dbm: -101 });
  expect(sample?.tags).toEqual({ device: 'thing-0002', operator: 'name-0001', rat: 'nr' });
});

it('leaves out what a city has declared itself: nobody knows what its names and tags say', () => {
  const own = {
    measurement: 'benh_vien_cho_ray',
    tags: { kind: 'icu-2' },
    fields: { beds: 3 },
    timeMs: 1_000,
  };
  expect(withoutNames([own])).toEqual([]);
  const inventory = {
    ...emptyInventoryFile(),
    devices: [
      {
        ...{ id: 'd-1', kind: 'node' as const, agent: 'gw-1', site: 's-1', unit: '25747' },
        expects: [
          { measurement: 'benh_vien_cho_ray', intervalMs: 10_000 },
          { measurement: 'ping', intervalMs: 10_000 },
        ],
      },
    ],
  };
  const { devices } = anonymised({ ...empty, inventory, samples: new Map() }, shipped).inventory;
  expect(devices[0]?.expects).toEqual([{ measurement: 'ping', intervalMs: 10_000 }]);
});

it('names rules of the city by numbers', () => {
  const incidents = ['site_down', 'ubnd_q1_backup', 'ubnd_q1_backup'].map((rule) => ({ rule, beganAtMs: 5 }));
  expect(
    anonymised({ ...empty, samples: new Map(), incidents }, shipped).incidents.map(({ rule }) => rule),
  ).toEqual(['site_down', 'rule-0001', 'rule-0001']);
});
