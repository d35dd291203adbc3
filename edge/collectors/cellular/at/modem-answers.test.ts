import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSignal } from '../modemmanager/signal.ts';
import { parseQeng, type QuectelCell } from './qeng.ts';
import { parseQcainfo, parseQcsq, parseQnwinfo, parseQtemp } from './quectel-answers.ts';

interface Recorded {
  readonly source: string;
  readonly modem: string;
  readonly command: string;
  readonly response: string;
  readonly expected: unknown;
}

const FILE = new URL('../../../../../shared/data/coverage-5g/modem-answers.json', import.meta.url);
const recorded = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Recorded[]) : [];

const lines = (response: string) => response.split(/[\r\n]+/).filter((line) => line !== '' && line !== 'OK');
const present = (values: object) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** In the recordings an LTE channel is an `earfcn`, and an LTE `sinr` is raw. */
const lteCell = ({ arfcn, sinrRaw, ...rest }: QuectelCell) => ({ ...rest, earfcn: arfcn, sinr: sinrRaw });

function qeng(response: string): object {
  const { state, mode, nr, lte } = parseQeng(lines(response));
  if (mode === undefined) return { state, mode: null };
  if (mode === 'NR5G-NSA') return { state, mode, lte: lte && lteCell(lte), nr };
  return { state, mode, ...(nr ?? (lte && lteCell(lte))) };
}

const read: Readonly<Record<string, (response: string) => unknown>> = {
  'AT+QENG="servingcell"': qeng,
  'AT+QNWINFO': (response) => parseQnwinfo(lines(response)),
  'AT+QTEMP': (response) => {
    const { maxCelsius, ignored } = parseQtemp(lines(response));
    return { maxC: maxCelsius, ignored };
  },
  'AT+QCAINFO': (response) => {
    const { primary, secondary } = parseQcainfo(lines(response));
    return { primary, secondaryCount: secondary.length };
  },
  'AT+QCSQ': (response) => parseQcsq(lines(response)),
  signal: (response) => {
    const { nr, lte } = parseSignal(JSON.parse(response));
    const orNull = (value: number | undefined) => value ?? null;
    return {
      nr: Object.keys(present(nr)).length === 0 ? null : nr,
      lte: {
        rssi: orNull(lte.rssiDbm),
        rsrp: orNull(lte.rsrpDbm),
        rsrq: orNull(lte.rsrqDb),
        snr: orNull(lte.snrDb),
      },
    };
  },
};

describe.skipIf(recorded.length === 0)('answers of real modems (need ../shared/data/coverage-5g)', () => {
  it('are all of kinds that are read here', () => {
    expect(recorded).toHaveLength(12);
    expect(recorded.filter(({ command }) => read[command] === undefined)).toEqual([]);
  });

  it.each(recorded)('$modem, $command ($source)', ({ command, response, expected }) => {
    const found = read[command]?.(response);
    if (Array.isArray(expected) || Array.isArray(found)) {
      const wanted = Array.isArray(expected) ? (expected as unknown[]) : [expected];
      expect(found).toEqual(wanted);
    } else expect(found).toMatchObject(expected as object);
  });
});
