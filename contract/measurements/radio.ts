import type { FieldType, Range } from '../catalogue.ts';
import {
  bool,
  count,
  float,
  fromAgent,
  fromCentral,
  FROM_ZERO,
  int,
  LATITUDE,
  LONGITUDE,
  OPERATOR,
  PROBE,
  percent,
  RAT,
  tag,
  text,
  UNIT,
  type Field,
} from './define.ts';

/** Narrows a field of all technologies to what LTE can report. */
function lteRange<Type extends FieldType>(field: Field<Type>, lte: Range): Field<Type> {
  return { ...field, rangeByTag: { tag: 'rat', ranges: { lte, lte_ca: lte } } };
}

/** 3GPP TS 38.133 section 10.1.6. LTE: TS 36.133 section 9.1.4; index 0 ("below −140 dBm") decodes to −141. */
const RSRP: Range = { min: -156, max: -31 };
const LTE_RSRP: Range = { min: -141, max: -44 };
/** TS 38.133 section 10.1.11. LTE: the extended range of TS 36.133 section 9.1.7; phones report −23 dB at cell edges. */
const RSRQ: Range = { min: -43, max: 20 };
const LTE_RSRQ: Range = { min: -34, max: 2.5 };
/** TS 38.133 section 10.1.16. */
const SINR: Range = { min: -23, max: 40 };
const LTE_SINR: Range = { min: -20, max: 30 };

const BAND = tag('frequency band: n28, n41, n77, n78, b3 …', 'băng tần: n28, n41, n77, n78, b3 …');
/** A hexagon of about 0.1 km², edge 174 m. */
const H3_CELL = text('H3 cell of resolution 9', 'ô lục giác H3 độ phân giải 9');

const cellular = fromAgent({
  name: 'cellular',
  en: 'mobile radio as a modem sees it',
  vi: 'sóng di động theo modem đo được',
  tags: {
    operator: OPERATOR,
    rat: RAT,
    band: BAND,
  },
  required: ['device'],
  fields: {
    rsrp_dbm: lteRange(
      float('dBm', RSRP, 'reference signal received power', 'công suất tín hiệu tham chiếu thu (RSRP)'),
      LTE_RSRP,
    ),
    rsrq_db: lteRange(
      float('dB', RSRQ, 'reference signal received quality', 'chất lượng tín hiệu tham chiếu thu (RSRQ)'),
      LTE_RSRQ,
    ),
    sinr_db: lteRange(
      float('dB', SINR, 'signal to interference and noise', 'tỷ số tín hiệu trên nhiễu và tạp âm (SINR)'),
      LTE_SINR,
    ),
    rssi_dbm: float('dBm', { min: -120, max: -25 }, 'total received power (LTE)', 'tổng công suất thu (LTE)'),
    cqi: int('1', { min: 0, max: 15 }, 'channel quality indicator', 'chỉ số chất lượng kênh (CQI)'),
    timing_advance: int('1', FROM_ZERO, 'timing correction, raw', 'hiệu chỉnh thời gian phát, giá trị thô'),
    pci: lteRange(
      int('', { min: 0, max: 1007 }, 'physical cell id, reused across the city', 'mã ô vật lý, dùng lại'),
      { min: 0, max: 503 },
    ),
    arfcn: int('', { min: 0, max: 3_279_165 }, 'channel number', 'số kênh tần số'),
    cell_id: text('cell identity, decimal', 'mã ô, thập phân'),
    tac: lteRange(int('', { min: 0, max: 0xff_ffff }, 'tracking area code', 'mã vùng theo dõi'), {
      min: 0,
      max: 0xffff,
    }),
    bandwidth_mhz: float('MHz', { min: 1.4, max: 400 }, 'downlink carrier width', 'độ rộng sóng mang xuống'),
    registered: bool('registered on a network', 'đã đăng ký mạng'),
    roaming: bool('on a visited network', 'đang chuyển vùng'),
    anchor_band: text('band of the LTE anchor (5G NSA)', 'băng tần neo LTE (5G NSA)'),
    anchor_rsrp_dbm: float('dBm', LTE_RSRP, 'RSRP of the LTE anchor', 'RSRP của neo LTE'),
    anchor_rsrq_db: float('dB', LTE_RSRQ, 'RSRQ of the LTE anchor', 'RSRQ của neo LTE'),
    anchor_sinr_db: float('dB', LTE_SINR, 'SINR of the LTE anchor', 'SINR của neo LTE'),
    secondary_carriers_count: count('carrier', 'carriers beside the first', 'số sóng mang phụ'),
    modem_temperature_celsius: float('Cel', { min: -60, max: 150 }, 'hottest part', 'nhiệt độ modem'),
    h3_cell: H3_CELL,
    latitude: LATITUDE,
    longitude: LONGITUDE,
  },
});

/**
 * A dip (sụt sóng). Sent when it is found and again when it ends, both with the time at which it began and the tags it
 * had then: the later one takes the earlier one's place.
 */
const signalDip = fromAgent({
  name: 'signal_dip',
  en: 'a signal dip at a modem, from its start on',
  vi: 'một lần sụt sóng tại modem, tính từ lúc bắt đầu',
  tags: {
    operator: OPERATOR,
    rat: RAT,
    band: BAND,
    kind: tag(
      'level, quality, no_registration, fall_back',
      'loại: level (mức), quality (chất lượng), no_registration (mất đăng ký), fall_back (rơi công nghệ)',
    ),
  },
  required: ['device', 'kind'],
  fields: {
    open: bool('not ended yet', 'chưa kết thúc'),
    end_known: bool(
      'its end was seen; false: readings ceased',
      'đã thấy lúc kết thúc; sai: mất số đo giữa chừng',
    ),
    start_ms: int('ms', FROM_ZERO, 'Unix time of its first bad reading', 'thời điểm bắt đầu (Unix)'),
    end_ms: int('ms', FROM_ZERO, 'Unix time of its last bad reading so far', 'thời điểm xấu gần nhất (Unix)'),
    duration_s: float('s', FROM_ZERO, 'from the first to the last bad reading', 'độ dài'),
    unknown_s: float('s', FROM_ZERO, 'time within it without readings', 'thời gian không có số đo'),
    rsrp_min_dbm: float('dBm', RSRP, 'deepest level', 'RSRP thấp nhất'),
    sinr_min_db: float('dB', SINR, 'deepest SINR', 'SINR thấp nhất'),
    from_rat: text('radio technology before it', 'công nghệ vô tuyến trước đó'),
    to_rat: text('lowest radio technology in it', 'công nghệ vô tuyến thấp nhất trong lúc sụt'),
    h3_cell: H3_CELL,
  },
});

/** What stands in `cellular`, too, of the cell that serves a phone on its way through the city. No rule looks at it: a cellar is no fault. */
const driveTest = fromAgent({
  name: 'drive_test',
  en: "mobile radio as an inspector's phone sees it on its way",
  vi: 'sóng di động theo điện thoại của cán bộ đo dọc đường',
  tags: {
    operator: OPERATOR,
    rat: RAT,
    band: BAND,
    probe: PROBE,
  },
  required: ['probe', 'unit', 'rat'],
  fields: {
    rsrp_dbm: cellular.fields.rsrp_dbm,
    rsrq_db: cellular.fields.rsrq_db,
    sinr_db: cellular.fields.sinr_db,
    rssi_dbm: cellular.fields.rssi_dbm,
    cqi: cellular.fields.cqi,
    timing_advance: cellular.fields.timing_advance,
    pci: cellular.fields.pci,
    arfcn: cellular.fields.arfcn,
    cell_id: cellular.fields.cell_id,
    tac: cellular.fields.tac,
    bandwidth_mhz: cellular.fields.bandwidth_mhz,
    h3_cell: H3_CELL,
    latitude: LATITUDE,
    longitude: LONGITUDE,
  },
});

/** Where radio was measured, by unit, operator and technology. A share needs 30 samples (95 % Wilson interval). */
const coverage = fromCentral({
  name: 'coverage',
  en: 'radio coverage of a unit',
  vi: 'vùng phủ sóng của một đơn vị',
  tags: { unit: UNIT, operator: OPERATOR, rat: RAT },
  required: ['unit'],
  fields: {
    samples: count('sample', 'samples evaluated', 'số mẫu đã xét'),
    samples_covered: count('sample', 'samples at or above the minimum level', 'số mẫu đạt mức tối thiểu'),
    modems_count: count(
      'modem',
      'modems that were measured, each in the network it was in last',
      'số modem có số đo, mỗi modem tính ở mạng dùng sau cùng',
    ),
    sufficient: bool('enough samples for a result', 'đủ mẫu để kết luận'),
    radio_availability_pct: percent('samples at or above the minimum', 'độ sẵn sàng của mạng vô tuyến'),
    radio_availability_low_pct: percent('lower end of its 95 % interval', 'cận dưới khoảng tin cậy 95 %'),
    radio_availability_high_pct: percent('upper end of its 95 % interval', 'cận trên khoảng tin cậy 95 %'),
    rsrp_p50_dbm: float('dBm', RSRP, 'median level, to 1 dB', 'RSRP trung vị, chính xác đến 1 dB'),
    sinr_p50_db: float('dB', SINR, 'median SINR, to 1 dB', 'SINR trung vị, chính xác đến 1 dB'),
    dips_count: count('dip', 'signal dips of 10 s or more', 'số lần sụt sóng từ 10 giây'),
    dip_s: float('s', FROM_ZERO, 'time in dips', 'tổng thời gian sụt sóng'),
    fallbacks_count: count('change', 'changes from 5G to lower', 'số lần rơi từ 5G xuống công nghệ thấp hơn'),
    latitude: LATITUDE,
    longitude: LONGITUDE,
  },
});

export const RADIO = [cellular, signalDip, driveTest, coverage] as const;
