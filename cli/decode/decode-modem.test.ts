import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeModem } from './decode-modem.ts';

const NOW = 1_800_000_000_000;
const decode = (text: string) => decodeModem(Buffer.from(text, 'latin1'), NOW);

const QCSQ_ZEROS = new URL('../../../shared/data/reports/modem/qcsq-zeros.txt', import.meta.url);

const SESSION = `AT+QENG="servingcell"
+QENG: "servingcell","NOCONN"
+QENG: "LTE","FDD",452,04,3359966,1,1500,3,5,5,4AA3,-89,-13,-58,16,15,20,-
+QENG:"NR5G-NSA",452,04,832,-76,21,-11,528030,41,8,1

OK
AT+QTEMP
+QTEMP:"qfe_wtr_pa0","40"
+QTEMP:"qfe_wtr_pa3","-273"
OK
AT+CEREG?
+CEREG: 0,1
OK
AT+GSN
490154203237518
OK
at+qeng="servingcell"
+QENG: "servingcell","SEARCH"
OK
AT+QNWINFO
+QNWINFO: "TDD NR5G","45204","NR5G BAND 78",620640
OK
AT+CEREG?
+CME ERROR: 14
`;

describe('a log of AT commands', () => {
  it('is decoded as by the collector, reading by reading', () => {
    const { samples, refusals } = decode(SESSION);
    expect(samples).toEqual([
      {
        measurement: 'cellular',
        tags: { device: 'modem', operator: 'viettel', rat: 'nrnsa', band: 'n41' },
        fields: {
          rsrp_dbm: -76,
          rsrq_db: -11,
          sinr_db: 21,
          pci: 832,
          arfcn: 528_030,
          bandwidth_mhz: 60,
          cell_id: String(0x3359966),
          tac: 0x4aa3,
          anchor_band: 'b3',
          anchor_rsrp_dbm: -89,
          anchor_rsrq_db: -13,
          anchor_sinr_db: 12,
          modem_temperature_celsius: 40,
          registered: true,
          roaming: false,
        },
        timeMs: NOW,
      },
    ]);
    expect(refusals).toEqual([
      { where: 'line 14, AT+GSN', reason: 'not an answer that the collector reads' },
      { where: 'line 23, AT+CEREG?', reason: 'the modem answers +CME ERROR: 14' },
      { where: 'line 23, AT+CEREG?', reason: 'no +CEREG line' },
      { where: 'line 17, at+qeng="servingcell"', reason: 'has no radio values' },
    ]);
    expect(JSON.stringify({ samples, refusals })).not.toContain('490154203237518');
  });

  it('needs no commands in it', () => {
    const { samples, refusals } = decode(
      '\r\n+CESQ: 99,99,255,255,18,45\r\n\r\nOK\r\n+COPS: 0,2,"45201",7\r\n\r\nOK\r\n',
    );
    expect(refusals).toEqual([]);
    expect(samples).toMatchObject([
      { tags: { operator: 'mobifone', rat: 'lte' }, fields: { rsrp_dbm: -96, rsrq_db: -11 } },
    ]);
  });

  it('keeps the carriers of AT+QCAINFO alone, also where the modem glues them together', () => {
    const { samples, refusals } = decode(
      'AT+QCAINFO\n+QCAINFO: "PCC",1500,100,"LTE BAND 3",1,200,-89,-13,-58,10+QCAINFO: "SCC",3050,75,"LTE BAND 7",1,211,-95,-12,-66,8\nOK\n',
    );
    expect(refusals).toEqual([]);
    expect(samples).toMatchObject([
      {
        tags: { rat: 'lte_ca', band: 'b3' },
        fields: {
          rsrp_dbm: -89,
          rsrq_db: -13,
          rssi_dbm: -58,
          pci: 200,
          arfcn: 1_500,
          secondary_carriers_count: 1,
        },
      },
    ]);
  });

  it('is registered where any domain is, also in one answer to two commands', () => {
    const cell = 'AT+CESQ\n+CESQ: 99,99,255,255,18,45\nOK\n';
    for (const answer of ['+CREG: 0,0\n+CEREG: 0,1', '+CEREG: 0,1\n+CREG: 0,0', '+CREG: 0,0+CEREG: 0,1']) {
      const { samples } = decode(`${cell}AT+CREG?;+CEREG?\n${answer}\nOK\n`);
      expect(samples).toMatchObject([{ fields: { registered: true, rsrp_dbm: -96 } }]);
    }
  });

  it('has no level where the modem fills all of them with zeros', () => {
    const { samples, refusals } = decode('AT+QCSQ\n+QCSQ: "LTE",0,0,0,0\n\nOK\n');
    expect(samples).toEqual([]);
    expect(refusals).toEqual([{ where: 'line 1, AT+QCSQ', reason: 'has no radio values' }]);
  });

  it.each([
    ['LTE', '+QENG: "servingcell","NOCONN","LTE","FDD",452,04,3359966,1,1500,3,5,5,4AA3,0,0,0,0,15,20,-'],
    ['5G', '+QENG: "servingcell","NOCONN","NR5G-SA","TDD",452,04,1,1,1,509000,41,12,0,0,0,1,-'],
  ])('has no level of %s where a cell is told with zeros', (_what, line) => {
    const fields = decode(`AT+QENG="servingcell"\n${line}\nOK\n`).samples[0]?.fields ?? {};
    expect(Object.keys(fields)).toContain('arfcn');
    for (const name of ['rsrp_dbm', 'rsrq_db', 'sinr_db', 'rssi_dbm'])
      expect(fields).not.toHaveProperty(name);
  });

  it.skipIf(!existsSync(QCSQ_ZEROS))('has no level in the report of a modem that told zeros', () => {
    expect(decode(readFileSync(QCSQ_ZEROS, 'latin1')).samples).toEqual([]);
  });

  it.each([
    [
      'half a line',
      'AT+QENG="servingcell"\n+QENG: "servingcell","NOCO',
      ['does not end with OK', '+QENG without a state or a cell', 'has no radio values'],
    ],
    [
      'a short answer',
      '+QENG: "servingcell","NOCONN","LTE","FDD",452\nOK',
      ['+QENG LTE with 2 fields, expected 14 or more', 'has no radio values'],
    ],
    [
      'a level that no network has',
      '+QENG: "servingcell","NOCONN","NR5G-SA","TDD",452,04,1,1,1,509000,41,12,-999,-11,18,1,-\nOK',
      ['rsrp_dbm: expected -156 to -31, got -999'],
    ],
    [
      'noise',
      '\u0001\u0002\u00ff\n\u0003',
      ['does not end with OK', 'not an answer that the collector reads'],
    ],
  ])('%s is refused with its reason', (_what, text, reasons) => {
    expect(decode(text).refusals.map(({ reason }) => reason)).toEqual(reasons);
  });

  it('that is empty has no samples', () => {
    expect(decode('')).toEqual({ samples: [], refusals: [] });
  });
});

describe('what mmcli -J printed', () => {
  const file = (name: string) =>
    readFileSync(
      new URL(`../../edge/collectors/cellular/modemmanager/testdata/${name}.json`, import.meta.url),
      'utf8',
    );

  it('is one reading, from one JSON object or several', () => {
    const { samples, refusals } = decode(
      ['modem-nsa', 'signal-nsa', 'cell-info-nsa', 'location-fix'].map(file).join('\n'),
    );
    expect(refusals).toEqual([]);
    expect(samples).toMatchObject([
      {
        tags: { operator: 'viettel', rat: 'nrnsa', band: 'n41' },
        fields: { rsrp_dbm: -92, anchor_band: 'b3', registered: true, latitude: 10.77689 },
      },
    ]);
    expect(decode(file('signal-lte')).samples).toMatchObject([
      { tags: { rat: 'lte' }, fields: { rsrp_dbm: -97 } },
    ]);
  });

  it.each([
    ['{"modem":', ['the file', /JSON/]],
    ['[1]', ['the file', /^not what mmcli -J prints/]],
    ['{"modem-list":[]}', ['the file', /^not what mmcli -J prints/]],
    ['{"a":1}\n{"b":', ['line 2', /JSON/]],
  ] as const)('%j is refused', (text, [where, reason]) => {
    expect(decode(text).refusals).toContainEqual({ where, reason: expect.stringMatching(reason) as string });
  });
});

const ANSWERS = new URL('../../../shared/data/coverage-5g/modem-answers.json', import.meta.url);
describe.skipIf(!existsSync(ANSWERS))('answers of real modems (need ../shared/data/coverage-5g)', () => {
  const answers = existsSync(ANSWERS)
    ? (JSON.parse(readFileSync(ANSWERS, 'utf8')) as { modem: string; command: string; response: string }[])
    : [];
  it.each(answers)('$modem, $command: is decoded', ({ command, response }) => {
    const { samples, refusals } = decode(command === 'signal' ? response : `${command}\r\n${response}`);
    const isMute = response.includes('SEARCH') || /QNWINFO/.test(command);
    expect(samples).toHaveLength(isMute ? 0 : 1);
    expect(refusals.map(({ reason }) => reason)).toEqual(isMute ? ['has no radio values'] : []);
  });
});
