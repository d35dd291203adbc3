import type { Catalogue } from '../../../contract/catalogue.ts';
import { DEVICE } from '../../../contract/measurements/define.ts';
import type { Series } from '../../samples/series.ts';
import type { SeriesRegistry, SeriesVerdict } from '../../samples/series-registry.ts';
import { tagNames } from '../../samples/tag-names.ts';
import { OWNED_TAGS, type FindOwners, type IsListed } from './owners.ts';

/** Where the tags of a measurement name devices. */
interface DeviceTags {
  /** Indexes of those whose values have owners. */
  readonly owned: readonly number[];
  /** Index of the one that the inventory is asked for; -1: none is. */
  readonly listedAt: number;
}

export interface JudgeDeps {
  readonly registry: Pick<SeriesRegistry, 'judgeAnew'>;
  readonly catalogue: Catalogue;
  readonly findOwners: FindOwners;
  readonly isListed: IsListed;
}

/** What a first row of a series finds out, for the series that began before the inventory changed: of the devices that `isTouched`. */
export function judgeSeriesAnew(deps: JudgeDeps, isTouched: (device: string) => boolean): void {
  const { registry, catalogue, findOwners, isListed } = deps;
  const tagsOf = new Map<string, DeviceTags>();
  registry.judgeAnew((agent, series): SeriesVerdict => {
    const { measurement, tags } = series;
    let found = tagsOf.get(measurement);
    if (found === undefined) {
      found = deviceTags(catalogue, measurement);
      tagsOf.set(measurement, found);
    }
    for (const at of found.owned) {
      const device = tags[at];
      if (device === undefined || !isTouched(device)) continue;
      const owners = findOwners(device);
      if (owners !== undefined && !owners.includes(agent)) return 'foreign';
    }
    return isExpected(series, found.listedAt, isTouched, isListed) ? 'expected' : 'unexpected';
  });
}

function isExpected(
  series: Series,
  listedAt: number,
  isTouched: (device: string) => boolean,
  isListed: IsListed,
): boolean {
  const device = series.tags[listedAt];
  return device !== undefined && isTouched(device) ? isListed(device) : series.isExpected;
}

function deviceTags(catalogue: Catalogue, measurement: string): DeviceTags {
  const definition = catalogue.get(measurement);
  if (definition === undefined) return { owned: [], listedAt: -1 };
  const names = tagNames(definition);
  return {
    owned: OWNED_TAGS.map((tag) => names.indexOf(tag)).filter((at) => at >= 0),
    listedAt: definition.tags['device'] === DEVICE ? names.indexOf('device') : -1,
  };
}
