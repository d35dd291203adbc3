/** `nr`: 5G standalone; `nrnsa`: 5G beside an LTE anchor; `none`: not registered. */
export type Rat = 'nr' | 'nrnsa' | 'lte' | 'lte_ca' | 'umts' | 'gsm' | 'none';

/** Fields of `cellular`: dBm, dB, MHz, °C. */
export interface RadioFields {
  rsrp_dbm?: number;
  rsrq_db?: number;
  sinr_db?: number;
  rssi_dbm?: number;
  cqi?: number;
  timing_advance?: number;
  pci?: number;
  arfcn?: number;
  /** NR or E-UTRA cell identity, decimal; with an LTE anchor the anchor's. */
  cell_id?: string;
  tac?: number;
  bandwidth_mhz?: number;
  anchor_band?: string;
  anchor_rsrp_dbm?: number;
  anchor_rsrq_db?: number;
  anchor_sinr_db?: number;
  secondary_carriers_count?: number;
  modem_temperature_celsius?: number;
}

type Loose = { readonly [Name in keyof RadioFields]: RadioFields[Name] | undefined };

/** Only the fields that have a value. */
export function defined(fields: Loose): RadioFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** State of a modem's radio at one moment, from any source. */
export interface RadioState {
  readonly rat?: Rat | undefined;
  /** MCC and MNC in digits: `45204`. */
  readonly plmn?: string | undefined;
  /** `n78`, `b3`. */
  readonly band?: string | undefined;
  /** undefined: unknown, which differs from `false`. */
  readonly registered?: boolean | undefined;
  readonly roaming?: boolean | undefined;
  readonly fields: RadioFields;
  readonly position?: Position | undefined;
}

/** 2 to 5; `none` is 0. */
export const GENERATION: Readonly<Record<Rat, number>> = {
  nr: 5,
  nrnsa: 5,
  lte: 4,
  lte_ca: 4,
  umts: 3,
  gsm: 2,
  none: 0,
};
