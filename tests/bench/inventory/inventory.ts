import { ApiHarness, type Answer } from '../../../central/api/testing/api-harness.ts';
import { writeInventoryText } from '../../../central/inventory/inventory-text.ts';
import { emptyInventoryFile } from '../../../contract/inventory.ts';
import { UNITS } from '../../../simulators/city/units.ts';
import { collectGarbage } from '../../../runtime/heap.ts';
import { atMost } from '../report/bar.ts';
import type { Section } from '../report/section.ts';
import { largeInventory } from './large-inventory.ts';

const MIB = 1024 * 1024;
const REPEATS = 9;

interface Taken {
  readonly what: string;
  readonly ms: number;
}

export const inventorySection: Section = {
  name: 'inventory',
  about: 'an inventory of 10,000 devices and 40,000 ports through the API: import, queries, memory',
  run: async () => {
    const harness = await ApiHarness.open();
    try {
      const text = writeInventoryText(largeInventory(), 'bench');
      const warmUp = writeInventoryText(emptyInventoryFile(), 'bench');
      await harness.call('POST', '/api/v1/inventory/import', { payload: warmUp, type: 'application/yaml' });
      const heapBefore = await heapMiB();
      const imported = await take('import, written to state.db in memory', () =>
        harness.call('POST', '/api/v1/inventory/import', { payload: text, type: 'application/yaml' }),
      );
      const memoryMiB = (await heapMiB()) - heapBefore;
      const changes: Taken[] = [
        imported,
        await take('import of the same: no difference', () =>
          harness.call('POST', '/api/v1/inventory/import', { payload: text, type: 'application/yaml' }),
        ),
        // A central does it within half a second of the change, or for whoever asks before.
        await take('states after the import', () => harness.call('GET', '/api/v1/sites?limit=1')),
        await take('change of the notes of a device', () => putOne(harness)),
        await take('states after that', () => harness.call('GET', '/api/v1/sites?limit=1')),
        await take('a new device', () => addOne(harness)),
        await take('states after that', () => harness.call('GET', '/api/v1/sites?limit=1')),
        await take('export', () => harness.call('GET', '/api/v1/inventory/export')),
      ];
      await harness.call('GET', '/api/v1/search?q=a');
      const heapOfSearchMiB = (await heapMiB()) - heapBefore - memoryMiB;
      const queries: Taken[] = [];
      for (const path of QUERIES) queries.push(await slowest(harness, path));
      const worstMs = Math.max(...queries.map(({ ms }) => ms));
      return {
        tables: [
          { title: 'Changes', head: ['what', 'ms'], rows: changes.map(rowOf) },
          { title: `Queries, the slowest of ${REPEATS}`, head: ['query', 'ms'], rows: queries.map(rowOf) },
          {
            title: 'Memory on the heap',
            head: ['what', 'MiB'],
            rows: [
              ['inventory', memoryMiB.toFixed(1)],
              ['its search index', heapOfSearchMiB.toFixed(1)],
            ],
          },
        ],
        figures: { textBytes: Buffer.byteLength(text), changes, queries, memoryMiB, heapOfSearchMiB },
        bars: [
          atMost('import of 10,000 devices and 40,000 ports', 5_000, 'ms', imported.ms),
          atMost('slowest query of the inventory', 50, 'ms', worstMs),
        ],
      };
    } finally {
      await harness.close();
    }
  },
};

const QUERIES = [
  '/api/v1/inventory/devices/n-9999',
  '/api/v1/inventory/interfaces/n-9999%2Fge-0%2F0%2F3',
  '/api/v1/interfaces?limit=100',
  '/api/v1/interfaces?device=n-9999',
  '/api/v1/links',
  '/api/v1/sites?limit=1000',
  '/api/v1/inventory/changes?limit=100',
  '/api/v1/inventory/changes?kind=devices&id=n-9999',
  '/api/v1/search?q=bo%20chuyen%20mach%209999',
];

async function putOne(harness: ApiHarness): Promise<Answer> {
  const { json } = await harness.call('GET', '/api/v1/inventory/devices/n-9999');
  const entry = { ...(json['entry'] as object), notes: 'changed' };
  const payload = JSON.stringify({ expectedRevision: json['revision'], entry });
  return harness.call('PUT', '/api/v1/inventory/devices/n-9999', { payload });
}

async function addOne(harness: ApiHarness): Promise<Answer> {
  const entry = { id: 'new', kind: 'node', site: 'site-0', unit: UNITS[0]?.code, agent: 'gw-0' };
  const payload = JSON.stringify({ expectedRevision: 0, entry });
  return harness.call('PUT', '/api/v1/inventory/devices/new', { payload });
}

async function slowest(harness: ApiHarness, path: string): Promise<Taken> {
  const times: number[] = [];
  for (let turn = 0; turn < REPEATS; turn++)
    times.push((await take(path, () => harness.call('GET', path))).ms);
  return { what: path, ms: Math.max(...times) };
}

/** Throws where the answer is not good: what is refused is fast. */
async function take(what: string, work: () => Promise<Answer>): Promise<Taken> {
  const beganMs = performance.now();
  const { status, text } = await work();
  const ms = performance.now() - beganMs;
  if (status >= 300) throw new Error(`${what}: ${status} ${text.slice(0, 500)}`);
  return { what, ms };
}

/** What ends in one collection frees more in the next. */
async function heapMiB(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed / MIB;
}

function rowOf({ what, ms }: Taken): string[] {
  return [what, ms.toFixed(1)];
}
