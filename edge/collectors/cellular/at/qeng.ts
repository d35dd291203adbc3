import { measuredLevels, numberOf } from '../encodings.ts';
import { allFields, AtLayoutError } from './fields.ts';

/** One cell as a Quectel modem reports it: ids in hexadecimal, levels in dBm and dB, `sinrRaw` in the firmware's scale. */
export interface QuectelCell {
  readonly mcc: string;
  readonly mnc: string;
  readonly duplex?: string | undefined;
  readonly cellIdHex?: string | undefined;
  readonly pci?: number | undefined;
  readonly tacHex?: string | undefined;
  readonly arfcn?: number | undefined;
  readonly band?: number | undefined;
  readonly bandwidthIndex?: number | undefined;
  readonly rsrp?: number | undefined;
  readonly rsrq?: number | undefined;
  readonly rssi?: number | undefined;
  readonly sinr?: number | undefined;
  readonly sinrRaw?: number | undefined;
  readonly cqi?: number | undefined;
}

const STATES = ['SEARCH', 'LIMSRV', 'NOCONN', 'CONNECT'] as const;
const MODES = ['NR5G-SA', 'NR5G-NSA', 'LTE', 'WCDMA', 'GSM'] as const;
type Word = (typeof MODES)[number];

export interface ServingCell {
  /** `SEARCH`: unknown, possibly while the modem is connected. */
  readonly state?: (typeof STATES)[number] | undefined;
  /** undefined: not reported, as in `SEARCH`. */
  readonly mode?: Word | undefined;
  /** The NR carrier of NR5G-SA and NR5G-NSA. */
  readonly nr?: QuectelCell | undefined;
  /** The LTE carrier, which is the anchor in NR5G-NSA. */
  readonly lte?: QuectelCell | undefined;
  /** 3G or 2G: network, area and cell only. */
  readonly legacy?: QuectelCell | undefined;
}

/** Minimum number of fields after the mode word. */
const SHORTEST: Readonly<Record<Word, number>> = { 'NR5G-SA': 12, 'NR5G-NSA': 6, LTE: 14, WCDMA: 4, GSM: 4 };

/** `AT+QENG="servingcell"` (Quectel RG50xQ/RM5xxQ and EC2x manuals): the mode word selects the layout. */
export function parseQeng(lines: readonly string[]): ServingCell {
  const answers = allFields(lines, '+QENG');
  if (answers.length === 0) throw new AtLayoutError('no +QENG line');
  const state = STATES.find((word) =>
    answers.some(([what, told]) => what === 'servingcell' && told === word),
  );
  const cells = new Map<Word, QuectelCell>();
  for (const fields of answers) {
    const at = fields.findIndex((field) => MODES.includes(field as Word));
    if (at < 0) continue;
    const word = fields[at] as Word;
    const values = fields.slice(at + 1);
    if (values.length < SHORTEST[word]) {
      throw new AtLayoutError(
        `+QENG ${word} with ${values.length} fields, expected ${SHORTEST[word]} or more`,
      );
    }
    cells.set(word, LAYOUTS[word](values));
  }
  if (state === undefined && cells.size === 0) throw new AtLayoutError('+QENG without a state or a cell');
  const mode = MODES.find((word) => cells.has(word));
  return {
    state,
    mode,
    nr: cells.get('NR5G-SA') ?? cells.get('NR5G-NSA'),
    lte: cells.get('LTE'),
    legacy: cells.get('WCDMA') ?? cells.get('GSM'),
  };
}

type Layout = (values: readonly string[]) => QuectelCell;

const LAYOUTS: Readonly<Record<Word, Layout>> = {
  'NR5G-SA': ([duplex, mcc, mnc, cellIdHex, pci, tacHex, arfcn, band, bandwidth, rsrp, rsrq, sinr]) => ({
    ...network(mcc, mnc),
    duplex,
    cellIdHex,
    pci: numberOf(pci),
    tacHex,
    arfcn: numberOf(arfcn),
    band: numberOf(band),
    bandwidthIndex: numberOf(bandwidth),
    ...measuredLevels({ rsrp: numberOf(rsrp), rsrq: numberOf(rsrq), sinr: numberOf(sinr) }),
  }),
  // SINR and RSRQ are in the opposite order here.
  'NR5G-NSA': ([mcc, mnc, pci, rsrp, sinr, rsrq, arfcn, band, bandwidth]) => ({
    ...network(mcc, mnc),
    pci: numberOf(pci),
    ...measuredLevels({ rsrp: numberOf(rsrp), sinr: numberOf(sinr), rsrq: numberOf(rsrq) }),
    arfcn: numberOf(arfcn),
    band: numberOf(band),
    bandwidthIndex: numberOf(bandwidth),
  }),
  LTE: ([
    duplex,
    mcc,
    mnc,
    cellIdHex,
    pci,
    earfcn,
    band,
    ,
    bandwidth,
    tacHex,
    rsrp,
    rsrq,
    rssi,
    sinr,
    ...rest
  ]) => ({
    ...network(mcc, mnc),
    duplex,
    cellIdHex,
    pci: numberOf(pci),
    arfcn: numberOf(earfcn),
    band: numberOf(band),
    bandwidthIndex: numberOf(bandwidth),
    tacHex,
    ...measuredLevels({
      rsrp: numberOf(rsrp),
      rsrq: numberOf(rsrq),
      rssi: numberOf(rssi),
      sinrRaw: numberOf(sinr),
    }),
    // EC2x modems end with srxlev alone; CQI comes with the transmit power.
    cqi: rest.length >= 3 ? numberOf(rest[0]) : undefined,
  }),
  WCDMA: ([mcc, mnc, tacHex, cellIdHex, uarfcn]) => ({
    ...network(mcc, mnc),
    tacHex,
    cellIdHex,
    arfcn: numberOf(uarfcn),
  }),
  GSM: ([mcc, mnc, tacHex, cellIdHex]) => ({ ...network(mcc, mnc), tacHex, cellIdHex }),
};

function network(mcc = '', mnc = ''): { readonly mcc: string; readonly mnc: string } {
  return { mcc, mnc };
}
