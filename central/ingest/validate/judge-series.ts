import type { Catalogue } from '../../../contract/catalogue.ts';
import { DEVICE } from '../../../contract/measurements/define.ts';
import type { Series } from '../../samples/series.ts';
import type { SeriesRegistry, SeriesVerdict } from '../../samples/series-registry.ts';
import { tagNames } from '../../samples/tag-names.ts';
import { ownedTags, type FindOwners, type IsListed, type OwnedKind, type OwnedTag } from './owners.ts';

/** Where the tags of a measurement name what the inventory has. */
interface NamingTags {
  /** Those whose values have owners. */
  readonly owned: readonly OwnedTag[];
  /** Index of the one that the inventory is asked for; -1: none is. */
  readonly listedAt: number;
}

export interface JudgeDeps {
  readonly registry: Pick<SeriesRegistry, 'judgeAnew'>;
  readonly catalogue: Catalogue;
  readonly findOwners: FindOwners;
  readonly isListed: IsListed;
}

type IsTouched = (id: string, kind: OwnedKind) => boolean;

/** What a first row of a series finds out, for the series that began before the inventory changed: of what `isTouched`. */
export function judgeSeriesAnew(deps: JudgeDeps, isTouched: IsTouched): void {
  const { registry, catalogue, findOwners, isListed } = deps;
  const tagsOf = new Map<string, NamingTags>();
  registry.judgeAnew((agent, series): SeriesVerdict => {
    const { measurement, tags } = series;
    let found = tagsOf.get(measurement);
    if (found === undefined) {
      found = namingTags(catalogue, measurement);
      tagsOf.set(measurement, found);
    }
    for (const { at, kind } of found.owned) {
      const id = tags[at];
      if (id === undefined || !isTouched(id, kind)) continue;
      const owners = findOwners(id, kind);
      if (owners !== undefined && !owners.includes(agent)) return 'foreign';
    }
    return isExpected(series, found.listedAt, isTouched, isListed) ? 'expected' : 'unexpected';
  });
}

function isExpected(series: Series, listedAt: number, isTouched: IsTouched, isListed: IsListed): boolean {
  const device = series.tags[listedAt];
  return device !== undefined && isTouched(device, 'device') ? isListed(device) : series.isExpected;
}

function namingTags(catalogue: Catalogue, measurement: string): NamingTags {
  const definition = catalogue.get(measurement);
  if (definition === undefined) return { owned: [], listedAt: -1 };
  const names = tagNames(definition);
  return {
    owned: ownedTags(definition, names),
    listedAt: definition.tags['device'] === DEVICE ? names.indexOf('device') : -1,
  };
}
