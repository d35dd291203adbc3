/** Downlink EARFCNs of the LTE bands in use here (TS 36.101, table 5.7.3-1): first and last. */
const LTE_BANDS: readonly (readonly [band: number, first: number, last: number])[] = [
  [1, 0, 599],
  [3, 1_200, 1_949],
  [5, 2_400, 2_649],
  [7, 2_750, 3_449],
  [8, 3_450, 3_799],
  [20, 6_150, 6_449],
  [28, 9_210, 9_659],
  [38, 37_750, 38_249],
  [40, 38_650, 39_649],
  [41, 39_650, 41_589],
];

/** Downlink of NR bands in MHz (TS 38.104, table 5.2). Of overlapping bands, the licensed one. */
const NR_BANDS: readonly (readonly [band: number, fromMhz: number, toMhz: number])[] = [
  [28, 758, 803],
  [3, 1_805, 1_880],
  [1, 2_110, 2_170],
  [40, 2_300, 2_400],
  [41, 2_496, 2_690],
  [78, 3_300, 3_800],
  [77, 3_800, 4_200],
  [79, 4_400, 5_000],
];

/** TS 38.104, 5.4.2.1: the global frequency raster below 24.25 GHz. */
export function nrMegahertz(arfcn: number): number {
  return arfcn < 600_000 ? 0.005 * arfcn : 3_000 + 0.015 * (arfcn - 600_000);
}

/** For modems that report the channel and not the band; undefined: unknown band. */
export function bandOfChannel(technology: 'nr' | 'lte', arfcn: number | undefined): string | undefined {
  if (arfcn === undefined) return undefined;
  if (technology === 'lte') {
    const found = LTE_BANDS.find(([, first, last]) => arfcn >= first && arfcn <= last);
    return found === undefined ? undefined : `b${found[0]}`;
  }
  const mhz = nrMegahertz(arfcn);
  const found = NR_BANDS.find(([, from, to]) => mhz >= from && mhz < to);
  return found === undefined ? undefined : `n${found[0]}`;
}

/** `NR5G BAND 78` is n78, `LTE BAND 3` is b3. */
export function bandOfText(text: string | undefined): string | undefined {
  const found = /^(NR5G|LTE) BAND (\d{1,3})$/.exec(text ?? '');
  return found === null ? undefined : `${found[1] === 'NR5G' ? 'n' : 'b'}${found[2]}`;
}

export function bandTag(technology: 'nr' | 'lte', band: number | undefined): string | undefined {
  if (band === undefined || !Number.isInteger(band) || band < 1 || band > 999) return undefined;
  return `${technology === 'nr' ? 'n' : 'b'}${band}`;
}
