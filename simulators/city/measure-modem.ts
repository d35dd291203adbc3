import type { Sample } from '../../contract/sample.ts';
import { chance, drift, seedOf } from './noise.ts';
import type { DeviceTags } from './place-tags.ts';
import { planRadio, type Serving } from './radio-plan.ts';
import { homeLoad } from './rhythm.ts';
import { clamp, roundTo } from './rounding.ts';
import type { Meter, SiteMoment } from './site-moment.ts';

const MINUTE_MS = 60_000;
/** Ranges that both NR and LTE can report. */
const RANGE = { rsrpDbm: [-140, -44], sinrDb: [-20, 30], rsrqDb: [-34, 2.5] } as const;

/**
 * A cellular modem. Rain and a dip lower the level; load, rain and a dip lower SINR and RSRQ; fading varies the level
 * slowly. When 5G fails the modem is on LTE; in a dip one modem in eight loses the network.
 */
export function modemMeter(key: string, { device, site, unit }: DeviceTags): Meter {
  const { operator, usual, fallback } = planRadio(key);
  const fadingSeed = seedOf(`${key}f`);
  const losesNetwork = chance(seedOf(`${key}n`), 0) < 1 / 8;
  const tagsOf = (rat: string, band?: string): Sample['tags'] =>
    band === undefined ? { device, site, unit, operator, rat } : { device, site, unit, operator, rat, band };
  const [usualTags, fallbackTags] = [usual, fallback].map((cell) => tagsOf(cell?.rat ?? 'umts', cell?.band));
  const noneTags = tagsOf('none');
  return (moment, into) => {
    const { timeMs, isRadioDip, isRadioFallback } = moment;
    const add = (rowTags: Sample['tags'] | undefined, fields: Sample['fields']): void => {
      into.push({ measurement: 'cellular', tags: rowTags ?? noneTags, fields, timeMs });
    };
    if (isRadioDip && losesNetwork) {
      add(noneTags, { registered: false, roaming: false });
      return;
    }
    const cell = isRadioFallback ? fallback : usual;
    const cellTags = isRadioFallback ? fallbackTags : usualTags;
    add(cellTags, {
      ...(cell !== undefined && levels(cell, moment, 3 * drift(fadingSeed, timeMs, 2 * MINUTE_MS))),
      registered: true,
      roaming: false,
    });
  };
}

/** RSRP in whole dB, RSRQ and SINR in halves, as 3GPP reports them. */
function levels(cell: Serving, { timeMs, rain, isRadioDip }: SiteMoment, fadingDb: number): Sample['fields'] {
  const load = homeLoad(timeMs);
  const rsrpDbm = (isRadioDip ? -118 : cell.rsrpDbm - 6 * rain) + fadingDb;
  const sinrDb = (isRadioDip ? -4 : cell.sinrDb) - 9 * load - 4 * rain + 0.5 * fadingDb;
  const rsrqDb = -8.5 - 4 * load - 2 * rain - (isRadioDip ? 9 : 0);
  return {
    rsrp_dbm: Math.round(clamp(rsrpDbm, ...RANGE.rsrpDbm)),
    sinr_db: roundTo(clamp(sinrDb, ...RANGE.sinrDb), 2),
    rsrq_db: roundTo(clamp(rsrqDb, ...RANGE.rsrqDb), 2),
    pci: cell.pci,
    arfcn: cell.arfcn,
    bandwidth_mhz: cell.bandwidthMhz,
  };
}
