/** −32768 is Quectel's, `-` too; `--` is ModemManager's. */
const ABSENT = new Set(['', '-', '--', '-32768', '---']);

/** A number in text; undefined: not available, or not a number. */
export function numberOf(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (ABSENT.has(trimmed) || !/^-?\d{1,10}(\.\d{1,6})?$/.test(trimmed)) return undefined;
  return Number(trimmed);
}

/**
 * Levels of one carrier as they were told. None when RSRP is 0: no network is that strong, it is how a modem without a
 * measurement fills all of them, and the zeros beside it would be values.
 */
export function measuredLevels<Levels extends { readonly rsrp?: number | undefined }>(
  levels: Levels,
): Partial<Levels> {
  return levels.rsrp === 0 ? {} : levels;
}

/** Cell identities are up to 36 bits wide. */
export function hexOf(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  return /^[0-9A-Fa-f]{1,9}$/.test(trimmed) ? parseInt(trimmed, 16) : undefined;
}

/** All ones is "unknown" in 28 and 36 bits. */
export function cellIdOf(hex: string | undefined): string | undefined {
  const id = hexOf(hex);
  return id === undefined || id === 0xfff_ffff || id === 0xf_ffff_ffff ? undefined : String(id);
}

/** 0xFFFF, 0xFFFFFE and 0xFFFFFF stand for "no tracking area" (TS 23.003, 19.4.2.3). */
export function tacOf(hex: string | undefined): number | undefined {
  const tac = hexOf(hex);
  return tac === undefined || [0xfffe, 0xffff, 0xff_fffe, 0xff_ffff].includes(tac) ? undefined : tac;
}

const UNKNOWN_INDEX = 255;

function fromIndex(
  max: number,
  toValue: (index: number) => number,
): (index: number | undefined) => number | undefined {
  return (index) =>
    index === undefined || index === UNKNOWN_INDEX || index < 0 || index > max ? undefined : toValue(index);
}

/** 3GPP reporting indices (TS 38.133, 10.1; TS 36.133, 9.1), as in AT+CESQ. The highest one means "or more". */
export const nrRsrpDbm = fromIndex(126, (index) => Math.min(index - 156, -31));
export const nrRsrqDb = fromIndex(126, (index) => index / 2 - 43);
export const nrSinrDb = fromIndex(127, (index) => Math.min(index / 2 - 23, 40));
export const lteRsrpDbm = fromIndex(97, (index) => index - 141);
export const lteRsrqDb = fromIndex(34, (index) => index / 2 - 20);

/** How a modem counts the SINR of LTE: `coarse` 0..25 in 2 dB, `fine` 0..250 in 0.2 dB. */
export type SinrScale = 'coarse' | 'fine';
const COARSE_MAX = 25;
const FINE_MAX = 250;

/** A value above 25 proves the fine scale. */
export function sinrScaleOf(raw: number | undefined, known: SinrScale = 'coarse'): SinrScale {
  return raw !== undefined && raw > COARSE_MAX ? 'fine' : known;
}

export function lteSinrDb(raw: number | undefined, scale: SinrScale): number | undefined {
  if (raw === undefined || raw < 0 || raw > FINE_MAX) return undefined;
  if (scale === 'fine') return raw / 5 - 20;
  return raw > COARSE_MAX ? undefined : 2 * raw - 20;
}

const NR_BANDWIDTHS_MHZ = [5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100, 200, 400];
const LTE_BANDWIDTHS_MHZ = [1.4, 3, 5, 10, 15, 20];

/** Quectel's index of the downlink carrier width. */
export function bandwidthMhz(technology: 'nr' | 'lte', index: number | undefined): number | undefined {
  return (technology === 'nr' ? NR_BANDWIDTHS_MHZ : LTE_BANDWIDTHS_MHZ)[index ?? -1];
}
