import type { SurveyRat } from '../../../contract/survey-topics.ts';

const COMMON = {
  deviceSerialNumber: '1234',
  deviceName: 'phone-07',
  deviceTime: '2026-03-02T08:00:00+07:00',
  latitude: 10.7757,
  longitude: 106.7004,
  altitude: 12.5,
  accuracy: 8,
  missionId: 'Survey 1',
  recordNumber: 12,
  groupNumber: 7,
  mcc: 452,
  mnc: 4,
  servingCell: true,
  provider: 'Viettel',
  slot: 1,
};

const OWN = {
  lte: {
    ...{ messageType: 'LteRecord', rsrp: -98, rsrq: -11, snr: 9, signalStrength: -67, cqi: 10, ta: 3 },
    ...{ pci: 234, earfcn: 1_300, tac: 2_301, eci: 52_824_577, lteBandwidth: 'MHZ_20' },
  },
  nr: {
    ...{ messageType: 'NrRecord', ssRsrp: -101, ssRsrq: -12, ssSinr: 14.5 },
    ...{ pci: 800, narfcn: 636_666, tac: 2_301, nci: '68719476735' },
  },
  umts: { messageType: 'UmtsRecord', signalStrength: -79, rscp: -85, uarfcn: 10_562, cid: 1_234, psc: 7 },
  gsm: { messageType: 'GsmRecord', signalStrength: -79, arfcn: 62, bsic: 7, ci: 1_234 },
} satisfies Record<SurveyRat, object>;

/** As the app sends one, with these fields in place of its own. */
export function surveyMessage(rat: SurveyRat, changes: object = {}): Buffer {
  const { messageType, ...own } = OWN[rat];
  return Buffer.from(
    JSON.stringify({ version: '1.6.0', messageType, data: { ...COMMON, ...own, ...changes } }),
  );
}
