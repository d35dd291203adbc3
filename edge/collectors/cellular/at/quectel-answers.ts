import type { Rat } from '../radio-state.ts';
import { measuredLevels, numberOf } from '../encodings.ts';
import { allFields, AtLayoutError } from './fields.ts';

export interface NetworkInfo {
  readonly access: string;
  readonly plmn: string;
  readonly band: string;
  readonly channel?: number | undefined;
}

/** `AT+QNWINFO`: a line a carrier; none without service. */
export function parseQnwinfo(lines: readonly string[]): readonly NetworkInfo[] {
  const answers = allFields(lines, '+QNWINFO');
  if (answers.length === 0) throw new AtLayoutError('no +QNWINFO line');
  return answers.flatMap(([access = '', plmn = '', band = '', channel]) =>
    /^\d{5,6}$/.test(plmn) ? [{ access, plmn, band, channel: numberOf(channel) }] : [],
  );
}

export function ratOfAccess(networks: readonly NetworkInfo[]): Rat | undefined {
  const has = (pattern: RegExp): boolean => networks.some(({ access }) => pattern.test(access));
  if (has(/NR5G/)) return has(/LTE/) ? 'nrnsa' : 'nr';
  if (has(/LTE/)) return 'lte';
  if (has(/WCDMA|UMTS|HSPA|HSDPA|HSUPA/)) return 'umts';
  return has(/GSM|GPRS|EDGE/) ? 'gsm' : undefined;
}

export interface Carrier {
  readonly channel?: number | undefined;
  readonly band: string;
  readonly pci?: number | undefined;
  readonly rsrp?: number | undefined;
  readonly rsrq?: number | undefined;
  readonly rssi?: number | undefined;
}

/** Carriers in use together. */
export interface Aggregation {
  readonly primary?: Carrier | undefined;
  readonly secondary: readonly Carrier[];
}

/** `AT+QCAINFO`: channel, bandwidth, band; then, for LTE, state, PCI, RSRP, RSRQ, RSSI. What follows for NR differs by firmware. */
export function parseQcainfo(lines: readonly string[]): Aggregation {
  const answers = allFields(lines, '+QCAINFO');
  const carriers = (word: string): Carrier[] =>
    answers.flatMap(([what, channel, , band = '', ...rest]) => {
      if (what !== word) return [];
      if (!band.startsWith('LTE')) return [{ channel: numberOf(channel), band }];
      const [, pci, rsrp, rsrq, rssi] = rest.map(numberOf);
      return [{ channel: numberOf(channel), band, pci, ...measuredLevels({ rsrp, rsrq, rssi }) }];
    });
  return { primary: carriers('PCC')[0], secondary: carriers('SCC') };
}

export interface QuickSignal {
  readonly mode: string;
  readonly rssiRaw?: number | undefined;
  readonly rsrp?: number | undefined;
  readonly sinrRaw?: number | undefined;
  readonly rsrq?: number | undefined;
}

/** `AT+QCSQ`, the first technology reported: LTE as RSSI, RSRP, raw SINR, RSRQ; NR as RSRP, SINR, RSRQ. */
export function parseQcsq(lines: readonly string[]): QuickSignal {
  const [fields] = allFields(lines, '+QCSQ');
  if (fields === undefined) throw new AtLayoutError('no +QCSQ line');
  const [mode = '', ...values] = fields;
  if (mode === 'LTE' && values.length >= 4) {
    const [rssiRaw, rsrp, sinrRaw, rsrq] = values.map(numberOf);
    return { mode, ...measuredLevels({ rssiRaw, rsrp, sinrRaw, rsrq }) };
  }
  if (mode.startsWith('NR5G') && values.length >= 3) {
    const [rsrp, sinrRaw, rsrq] = values.map(numberOf);
    return { mode, ...measuredLevels({ rsrp, sinrRaw, rsrq }) };
  }
  return { mode };
}

/** A missing sensor reports −273. */
const COLDEST_CELSIUS = -60;
const HOTTEST_CELSIUS = 150;

export interface Temperatures {
  readonly maxCelsius?: number | undefined;
  readonly ignored: readonly string[];
}

/** `AT+QTEMP`: a line a sensor with its name, or one line of three numbers on older modems. */
export function parseQtemp(lines: readonly string[]): Temperatures {
  const answers = allFields(lines, '+QTEMP');
  if (answers.length === 0) throw new AtLayoutError('no +QTEMP line');
  const sensors = answers.flatMap((fields) => {
    const [name = '', value] = fields;
    if (numberOf(name) === undefined) return [{ name, celsius: numberOf(value) }];
    return fields.map((text, index) => ({ name: `sensor ${index + 1}`, celsius: numberOf(text) }));
  });
  const isReal = (celsius: number | undefined): celsius is number =>
    celsius !== undefined && celsius >= COLDEST_CELSIUS && celsius <= HOTTEST_CELSIUS;
  const real = sensors.map(({ celsius }) => celsius).filter(isReal);
  return {
    maxCelsius: real.length === 0 ? undefined : Math.max(...real),
    ignored: sensors.filter(({ celsius }) => !isReal(celsius)).map(({ name }) => name),
  };
}

/** `AT+QGPSLOC=2`: time, latitude, longitude in degrees, … */
export function parseQgpsloc(
  lines: readonly string[],
): { readonly latitude: number; readonly longitude: number } | undefined {
  const [fields] = allFields(lines, '+QGPSLOC');
  const latitude = numberOf(fields?.[1]);
  const longitude = numberOf(fields?.[2]);
  if (latitude === undefined || longitude === undefined) return undefined;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}
