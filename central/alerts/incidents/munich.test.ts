import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InventoryFile } from '../../../contract/inventory.ts';
import { deviceUp } from '../../health/states/testing/states-city.ts';
import { GRAPH_MAPPINGS } from '../../inventory/topology/graph-mappings.ts';
import { graphToInventory } from '../../inventory/topology/graph-to-inventory.ts';
import { readGraph } from '../../inventory/topology/read-graph.ts';
import { IncidentCity } from './testing/incident-city.ts';

const FILE = join(process.cwd(), '../shared/data/topology/city-mesh-munich-2020-03-03.json');
const UNIT = '26740';
const POSITION = { longitude: 106.7, latitude: 10.78 };

/** The mesh, measured by one agent at its first gateway. */
function munich(): InventoryFile {
  const graph = readGraph('graph.json', JSON.parse(readFileSync(FILE, 'utf8')), GRAPH_MAPPINGS['mesh-nodes']);
  const file = graphToInventory(graph, {
    prefix: '',
    unit: UNIT,
    agent: 'gw-1',
    position: POSITION,
    roots: [],
  });
  const hub = file.sites.find(({ kind }) => kind === 'hub')?.id ?? '';
  const unit = {
    code: UNIT,
    name: 'Sài Gòn',
    nameEn: 'Sai Gon',
    kind: 'ward' as const,
    areaKm2: 3,
    ...POSITION,
  };
  return { ...file, units: [unit], agents: [{ id: 'gw-1', kind: 'server', site: hub, unit: UNIT }] };
}

/** What no way over parents leads to without `down`, itself included. */
function lostWithout(down: string, { devices }: InventoryFile): ReadonlySet<string> {
  const lost = new Set([down]);
  for (let size = 0; size !== lost.size;) {
    size = lost.size;
    for (const { id, parents } of devices)
      if (parents !== undefined && parents.every((parent) => lost.has(parent))) lost.add(id);
  }
  return lost;
}

describe.skipIf(!existsSync(FILE))("Munich's mesh of 1,808 nodes (skipped without the shared data)", () => {
  it.each([
    { isRootTold: false, told: ['device_down n1641'], suppressed: 88 },
    { isRootTold: true, told: ['root_down n1641'], suppressed: 89 },
  ])(
    'n1641 is taken down, 88 others do not answer: one root, told once (a rule over sites: $isRootTold)',
    async ({ isRootTold, told, suppressed }) => {
      const file = munich();
      const city = new IncidentCity(file, { isRootTold });
      const send = (lost: ReadonlySet<string>): void => {
        const rows = file.devices.map(({ id }) => deviceUp(id, !lost.has(id)));
        city.routine.set('gw-1', rows);
      };
      send(new Set());
      await city.wait(30);
      send(lostWithout('n1641', file));
      await city.wait(90);
      expect(city.heard.told).toEqual(told);
      expect(city.heard.suppressed).toHaveLength(suppressed);
      expect(city.roots).toEqual(['device:n1641']);
      expect(city.incidents.page({ order: 'newest', limit: 10 })).toMatchObject([
        { root: 'device:n1641', counts: { devices: 88, sites: 88 } },
      ]);
    },
  );
});
