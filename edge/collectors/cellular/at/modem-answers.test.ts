import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSignal } from '../modemmanager/signal.ts';
import { AtLayoutError } from './fields.ts';
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

it('whatever a modem answers, also a good answer that was cut, doubled or filled with noise, is read or refused as such', () => {
  const good = [
    '+QENG: "servingcell","NOCONN","NR5G-SA","TDD",452,04,1A2B3C401,371,2F1A,627264,78,12,-84,-11,22,1,-',
    '+QCSQ: "NR5G",-84,-11,22,-90',
    '+QCAINFO: "PCC",627264,12,"NR5G BAND 78",371',
    '+QNWINFO: "TDD NR5G","45204","NR5G BAND 78",627264',
    '+QTEMP:"modem-lte-sub6-pa1","42"',
  ];
  const part = fc.oneof(
    fc.constantFrom(...good),
    fc.constantFrom('"', ',', '-', ',,,,', '\r\n'),
    fc.string(),
  );
  const line = fc.tuple(part, part, fc.nat(60)).map(([first, second, cut]) => first.slice(0, cut) + second);
  fc.assert(
    fc.property(fc.array(line), (answer) => {
      for (const parse of [parseQeng, parseQnwinfo, parseQtemp, parseQcainfo, parseQcsq])
        try {
          expect(JSON.stringify(parse(answer))).toBeTypeOf('string');
        } catch (error) {
          expect(error).toBeInstanceOf(AtLayoutError);
        }
    }),
  );
});
