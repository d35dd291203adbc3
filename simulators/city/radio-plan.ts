import { chance, seedOf } from './noise.ts';
import { clamp } from './rounding.ts';

/** Serving cell of a modem, with levels in the ranges of 3GPP TS 38.133 section 10.1 and TS 36.133 section 9.1. */
export interface Serving {
  readonly rat: 'nr' | 'nrnsa' | 'lte';
  readonly band: string;
  readonly arfcn: number;
  readonly pci: number;
  readonly bandwidthMhz: number;
  /** Level without rain, load and faults. */
  readonly rsrpDbm: number;
  readonly sinrDb: number;
}

/** Licensed 5G blocks: 2500–2600 MHz (n41), 3700–3800 (n78), 3800–3900 (n77); LTE at 1800 MHz (b3). */
const OPERATORS = [
  { operator: 'viettel', band: 'n41', arfcn: 509_000, earfcn: 1_275 },
  { operator: 'vinaphone', band: 'n78', arfcn: 650_000, earfcn: 1_500 },
  { operator: 'mobifone', band: 'n77', arfcn: 656_667, earfcn: 1_675 },
] as const;

export interface RadioPlan {
  readonly operator: string;
  readonly usual: Serving;
  /** When 5G is lost; undefined: usually on LTE already, with a fallback to UMTS without levels. */
  readonly fallback: Serving | undefined;
}

/** Most modems are on 5G standalone, some on 5G with an LTE anchor, some on LTE only. */
export function planRadio(key: string): RadioPlan {
  const draw = (what: string): number => chance(seedOf(`${key}${what}`), 0);
  const own = OPERATORS[Math.floor(draw('o') * OPERATORS.length)] ?? OPERATORS[0];
  const sinrDb = 24 - 8 * draw('i');
  const lte: Serving = {
    rat: 'lte',
    band: 'b3',
    arfcn: own.earfcn,
    pci: Math.floor(draw('q') * 504),
    bandwidthMhz: 20,
    rsrpDbm: -84 - 14 * draw('s'),
    sinrDb: clamp(sinrDb - 5, 5, 25),
  };
  const kind = draw('r');
  if (kind < 0.1) return { operator: own.operator, usual: lte, fallback: undefined };
  const nr: Serving = {
    rat: kind < 0.25 ? 'nrnsa' : 'nr',
    band: own.band,
    arfcn: own.arfcn,
    pci: Math.floor(draw('p') * 1_008),
    bandwidthMhz: 100,
    rsrpDbm: -74 - 22 * draw('s'),
    sinrDb,
  };
  return { operator: own.operator, usual: nr, fallback: lte };
}
