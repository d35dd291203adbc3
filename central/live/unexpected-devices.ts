import { z } from 'zod';
import type { Catalogue } from '../../contract/catalogue.ts';
import type { Clock } from '../../runtime/clock.ts';
import { unixMs } from '../../runtime/unix-ms.ts';
import type { SeriesRegistry } from '../samples/series-registry.ts';
import type { Series } from '../samples/series.ts';
import { tagNames } from '../samples/tag-names.ts';

/** A device that reports although the inventory lacks it. */
export const unexpectedDeviceSchema = z.object({
  device: z.string(),
  agents: z.array(z.string()).describe('who reports it'),
  series: z.int().describe('measurements with their tags'),
  measurements: z.array(z.string()),
  firstSeenAtMs: unixMs.describe('since central started, or since it left the inventory'),
});
export type UnexpectedDevice = Readonly<z.infer<typeof unexpectedDeviceSchema>>;

interface Seen {
  readonly firstSeenAtMs: number;
  readonly series: Set<Series>;
}

/** Bounded as the registry of series is; a device that nobody reports for one to two days is forgotten. */
export class UnexpectedDevices {
  readonly #catalogue: Catalogue;
  readonly #seen = new Map<string, Seen>();
  readonly #tagAt = new Map<string, { readonly device: number; readonly agent: number }>();

  constructor(registry: SeriesRegistry, catalogue: Catalogue, clock: Pick<Clock, 'now'>) {
    this.#catalogue = catalogue;
    registry.onUnexpected((series) => this.#add(series, clock.now()));
    registry.onExpected((series) => this.#remove(series));
    registry.onForgotten((series) => {
      if (!series.isExpected) this.#remove(series);
    });
  }

  get count(): number {
    return this.#seen.size;
  }

  list(): readonly UnexpectedDevice[] {
    return [...this.#seen]
      .map(([device, { firstSeenAtMs, series }]) => {
        const agents = new Set([...series].map((each) => each.tags[this.#indexes(each).agent] ?? ''));
        const measurements = new Set([...series].map(({ measurement }) => measurement));
        return {
          device,
          agents: [...agents].sort(),
          series: series.size,
          measurements: [...measurements].sort(),
          firstSeenAtMs,
        };
      })
      .sort((a, b) => (a.device < b.device ? -1 : 1));
  }

  #add(series: Series, nowMs: number): void {
    const device = this.#deviceOf(series);
    let seen = this.#seen.get(device);
    if (seen === undefined) {
      seen = { firstSeenAtMs: nowMs, series: new Set() };
      this.#seen.set(device, seen);
    }
    seen.series.add(series);
  }

  #remove(series: Series): void {
    const device = this.#deviceOf(series);
    const seen = this.#seen.get(device);
    seen?.series.delete(series);
    if (seen?.series.size === 0) this.#seen.delete(device);
  }

  #deviceOf(series: Series): string {
    return series.tags[this.#indexes(series).device] ?? '';
  }

  #indexes({ measurement }: Series): { readonly device: number; readonly agent: number } {
    let found = this.#tagAt.get(measurement);
    if (found === undefined) {
      const definition = this.#catalogue.get(measurement);
      const names = definition === undefined ? [] : tagNames(definition);
      found = { device: names.indexOf('device'), agent: names.indexOf('agent') };
      this.#tagAt.set(measurement, found);
    }
    return found;
  }
}
