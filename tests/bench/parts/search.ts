import { checkInventory } from '../../../central/inventory/check/check-inventory.ts';
import { readInventoryCsv } from '../../../central/inventory/csv/read-inventory-csv.ts';
import { writeInventoryCsv } from '../../../central/inventory/csv/write-inventory-csv.ts';
import { readInventory } from '../../../central/inventory/inventory.ts';
import { searchEntriesOf } from '../../../central/inventory/search/inventory-entries.ts';
import { SearchIndex } from '../../../central/inventory/search/search-index.ts';
import type { InventoryFile } from '../../../contract/inventory.ts';
import { collectGarbage } from '../../../runtime/heap.ts';
import { atMost } from '../report/bar.ts';
import { quantity } from '../report/markdown.ts';
import type { Section } from '../report/section.ts';
import { secondsOf } from '../sleep.ts';
import { largeInventory } from './large-inventory.ts';

/** From few hits to nearly everything, and words that nothing has. */
const QUERIES = ['thu dau mot', 'tan dinh', 'bo dinh tuyen', 'n-26737-01', 'g', '0 1 n g', 'nothing at all'];
const MISTAKES = 300;

export const searchSection: Section = {
  name: 'search',
  about: 'search, checks and CSV of an inventory of 10,000 devices and 40,000 interfaces',
  run: async ({ seconds }) => {
    const lists = largeInventory();
    const inventory = readInventory('bench', lists);
    const heapBefore = heapBytes();
    let index = new SearchIndex(searchEntriesOf(inventory));
    const heapMiB = (heapBytes() - heapBefore) / 2 ** 20;
    const buildMs = await medianMs(seconds / 4, () => (index = new SearchIndex(searchEntriesOf(inventory))));
    const followMs = await medianMs(
      seconds / 4,
      () => new SearchIndex(searchEntriesOf(inventory), index.made),
    );
    const searches = [];
    for (const query of QUERIES) {
      const ms = await medianMs(seconds / (2 * QUERIES.length), () => index.search(query));
      searches.push({ query, ms, total: index.search(query).total });
    }
    const checkMs = await medianMs(1, () => checkInventory(lists));
    const files = writeInventoryCsv(withMistakes(lists)).map(({ name, content }) => ({
      name,
      content: Buffer.from(content),
    }));
    let problems = 0;
    const csvMs = await medianMs(1, () => (problems = readInventoryCsv(files, lists).problems.length));
    const slowest = Math.max(...searches.map(({ ms }) => ms));
    return {
      tables: [
        {
          title: `Search in ${quantity(index.size)} entries`,
          head: ['query', 'found', 'median, ms'],
          rows: searches.map(({ query, ms, total }) => [query, quantity(total), quantity(ms)]),
        },
        {
          title: 'The inventory as a whole',
          head: ['what', 'median'],
          rows: [
            ['index built', `${quantity(buildMs)} ms, ${quantity(heapMiB)} MiB`],
            ['index after a change', `${quantity(followMs)} ms`],
            ['all checks', `${quantity(checkMs)} ms`],
            [`CSV with ${MISTAKES} mistakes read and checked; ${problems} named`, `${quantity(csvMs)} ms`],
          ],
        },
      ],
      figures: { searches, buildMs, followMs, heapMiB, checkMs, csvMs, problems },
      bars: [
        atMost('search over 10,000 devices and 40,000 interfaces', 20, 'ms', slowest),
        atMost(
          'CSV of 50,000 rows with 300 mistakes',
          5_000,
          'ms',
          problems === MISTAKES ? csvMs : undefined,
        ),
      ],
    };
  },
};

/** A device of a gateway that does not exist, every so often. */
function withMistakes(lists: InventoryFile): InventoryFile {
  const every = Math.floor(lists.devices.length / MISTAKES);
  const devices = lists.devices.map((device, at) =>
    at % every === 0 && at / every < MISTAKES ? { ...device, agent: `${device.agent}x` } : device,
  );
  return { ...lists, devices };
}

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

async function medianMs(seconds: number, work: () => unknown): Promise<number> {
  const times: number[] = [];
  const endMs = performance.now() + seconds * 1_000;
  do times.push((await secondsOf(work)) * 1_000);
  while (performance.now() < endMs);
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 0;
}
