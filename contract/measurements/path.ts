import type { Range } from '../catalogue.ts';
import {
  bool,
  bytes,
  code,
  count,
  float,
  fromAgent,
  FROM_ZERO,
  int,
  OPERATOR,
  percent,
  PROBE,
  TARGET,
  tag,
  text,
  type Field,
} from './define.ts';

function ms(en: string, vi: string): Field<'float'> {
  return float('ms', FROM_ZERO, en, vi);
}

const MOS = float(
  '1',
  { min: 1, max: 4.5 },
  'estimated call quality (MOS)',
  'ước lượng chất lượng cuộc gọi (MOS)',
);
/** RFC 3393. */
const IPDV = ms(
  'delay variation between consecutive probes, p95',
  'biến thiên trễ giữa hai gói liền nhau, p95',
);
/** A trace has at most 30 hops. */
const HOP: Range = { min: 1, max: 30 };
const OPTICAL: Range = { min: -60, max: 20 };

const ping = fromAgent({
  name: 'ping',
  en: 'round-trip time and loss of a burst of probes',
  vi: 'thời gian khứ hồi và tỷ lệ mất gói của một loạt gói thử',
  tags: { url: tag('address or host name pinged', 'địa chỉ được ping'), probe: PROBE, target: TARGET },
  fields: {
    packets_transmitted: count('packet', 'probes sent', 'số gói gửi'),
    packets_received: count('packet', 'answers', 'số gói trả lời'),
    percent_packet_loss: percent('probes not answered', 'tỷ lệ mất gói'),
    average_response_ms: ms('mean round-trip time (RFC 2681)', 'thời gian khứ hồi trung bình'),
    minimum_response_ms: ms('least round-trip time', 'thời gian khứ hồi nhỏ nhất'),
    maximum_response_ms: ms('greatest round-trip time', 'thời gian khứ hồi lớn nhất'),
    standard_deviation_ms: ms('standard deviation', 'độ lệch chuẩn'),
    percentile50_ms: ms('median round-trip time', 'thời gian khứ hồi trung vị'),
    percentile95_ms: ms('round-trip time, p95', 'thời gian khứ hồi, p95'),
    percentile99_ms: ms('round-trip time, p99', 'thời gian khứ hồi, p99'),
    ipdv_p95_ms: IPDV,
    mos_est: MOS,
    ttl: int('{hop}', { min: 0, max: 255 }, 'hops left to the answer', 'số chặng còn lại của gói trả lời'),
    reply_received: count('packet', 'answers (Windows)', 'số gói trả lời (Windows)'),
    percent_reply_loss: percent('probes without a good answer (Windows)', 'tỷ lệ không trả lời (Windows)'),
    errors: float('{error}', FROM_ZERO, 'probes that could not be sent (Windows)', 'số lỗi gửi (Windows)'),
    result_code: code(2, '0 answered, 1 no answer, 2 not measured', '0 có trả lời, 1 không, 2 không đo được'),
  },
});

const LINE_TAGS = {
  target: TARGET,
  probe: PROBE,
  line: tag('access line in the inventory', 'đường truyền trong danh mục'),
  isp: tag('internet provider', 'nhà cung cấp Internet'),
  operator: OPERATOR,
};

function utilization(en: string, vi: string): Field<'float'> {
  return float('%', { min: 0, max: 110 }, `rate ÷ speed, ${en}`, `tốc độ ÷ dung lượng, ${vi}`);
}

const path = fromAgent({
  name: 'path',
  en: 'quality of a network path or of an access line',
  vi: 'chất lượng tuyến truyền hoặc đường truy nhập',
  tags: LINE_TAGS,
  fields: {
    latency_ms: ms('mean round-trip time', 'thời gian khứ hồi trung bình'),
    latency_min_ms: ms('least round-trip time', 'thời gian khứ hồi nhỏ nhất'),
    latency_max_ms: ms('greatest round-trip time', 'thời gian khứ hồi lớn nhất'),
    jitter_ms: ms('mean delay variation', 'biến thiên trễ trung bình'),
    ipdv_p95_ms: IPDV,
    loss_pct: percent('probes not answered (RFC 7680)', 'tỷ lệ mất gói (RFC 7680)'),
    rtt_loaded_ms: ms('round-trip time under load', 'thời gian khứ hồi khi có tải'),
    rpm: float(
      '1/min',
      FROM_ZERO,
      'responsiveness: 60000 ÷ loaded round-trip',
      'độ đáp ứng: 60000 ÷ khứ hồi có tải',
    ),
    mos_est: MOS,
    availability_pct: percent('time answered ÷ time scheduled', 'tỷ lệ thời gian sẵn sàng'),
    utilization_pct: utilization('the busier direction', 'chiều bận hơn'),
    in_utilization_pct: utilization('received', 'chiều nhận'),
    out_utilization_pct: utilization('sent', 'chiều gửi'),
    hops: int('{hop}', { min: 0, max: 255 }, 'routers on the path', 'số chặng trên đường'),
    result_code: code(2, '0 answered, 1 no answer, 2 not measured', '0 có trả lời, 1 không, 2 không đo được'),
    method: text('how it was measured: icmp, tcp, http', 'cách đo: icmp, tcp, http'),
    trace_reason: text(
      'why the path was traced: first, loss, recovered, method, ttl, latency',
      'lý do dò tuyến: first, loss, recovered, method, ttl, latency',
    ),
    route_changed: bool('other routers than before', 'tuyến đi qua chặng khác trước'),
    break_hop: int('{hop}', HOP, 'first hop that no longer answers', 'chặng đầu tiên không còn trả lời'),
    break_after: text('last router that answers', 'chặng cuối cùng còn trả lời'),
    break_before: text('router that should come next', 'chặng lẽ ra đứng kế tiếp'),
    break_reason: text(
      'no answer, or the reason that a router gives: host unreachable …',
      'im lặng, hoặc lý do thiết bị nêu: host unreachable …',
    ),
    onu_rx_dbm: float('dBm', OPTICAL, 'optical power at the subscriber', 'công suất quang thu ở thuê bao'),
    onu_tx_dbm: float(
      'dBm',
      OPTICAL,
      'optical power sent by the subscriber',
      'công suất quang phát ở thuê bao',
    ),
  },
});

const pathHop = fromAgent({
  name: 'path_hop',
  en: 'a router on the path to a target, from a trace',
  vi: 'một chặng trên đường tới đích, khi dò tuyến',
  tags: { ...LINE_TAGS, hop: tag('distance: 1 is the first router', 'thứ tự chặng: 1 là chặng đầu tiên') },
  required: ['target', 'hop'],
  fields: {
    address: text('what answered there, several by a space', 'địa chỉ trả lời, cách nhau bằng dấu cách'),
    latency_ms: ms('least round-trip time', 'thời gian khứ hồi nhỏ nhất'),
    loss_pct: percent('probes not answered', 'tỷ lệ mất gói'),
  },
});

function mbps(en: string, vi: string): Field<'float'> {
  return float('Mbit/s', FROM_ZERO, en, vi);
}

const internetSpeed = fromAgent({
  name: 'internet_speed',
  en: 'throughput test of an access line',
  vi: 'đo tốc độ đường truy nhập Internet',
  tags: {
    ...LINE_TAGS,
    source: tag('test server', 'máy chủ đo'),
    server_id: tag('number of the test server', 'mã máy chủ đo'),
    test_mode: tag('single or multi', 'single (một) hoặc multi (nhiều) máy chủ'),
  },
  fields: {
    download: mbps('download', 'tốc độ tải xuống'),
    upload: mbps('upload', 'tốc độ tải lên'),
    contracted_download_mbps: mbps('download by contract', 'tốc độ tải xuống theo hợp đồng'),
    contracted_upload_mbps: mbps('upload by contract', 'tốc độ tải lên theo hợp đồng'),
    download_share_pct: float('%', FROM_ZERO, 'download ÷ contract', 'tốc độ tải xuống ÷ hợp đồng'),
    upload_share_pct: float('%', FROM_ZERO, 'upload ÷ contract', 'tốc độ tải lên ÷ hợp đồng'),
    latency: ms('idle round-trip time', 'thời gian khứ hồi khi rảnh'),
    jitter: ms('delay variation', 'biến thiên trễ'),
    rtt_loaded_ms: ms('round-trip time under load', 'thời gian khứ hồi khi có tải'),
    rpm: float('1/min', FROM_ZERO, 'round trips a minute under load', 'số lượt khứ hồi mỗi phút khi có tải'),
    rpm_confidence: code(
      2,
      'how sure rpm is: 0 low, 1 medium, 2 high',
      'độ tin cậy của rpm: 0 thấp, 1 trung bình, 2 cao',
    ),
    rpm_probes: count('probe', 'round trips that rpm is made of', 'số lượt khứ hồi dùng để tính rpm'),
    packet_loss: percent('loss', 'tỷ lệ mất gói'),
    location: text('place of the test server', 'nơi đặt máy chủ đo'),
    status: text(
      'ok, outage, failed, partial, busy, budget; no speed without a test',
      'ok, outage, failed, partial, busy, budget; không đo thì không có tốc độ',
    ),
    result_code: code(
      5,
      '0 ok, 1 outage, 2 failed, 3 one direction only, 4 line busy, 5 budget spent',
      '0 đo được, 1 mất kết nối, 2 lỗi, 3 chỉ một chiều, 4 đường truyền bận, 5 hết hạn mức đo',
    ),
    reason: text('why there is no figure', 'lý do không có số liệu'),
    download_bytes: bytes('spent on the download', 'dung lượng dùng để đo tải xuống'),
    upload_bytes: bytes('spent on the upload', 'dung lượng dùng để đo tải lên'),
    download_capped: bool(
      'ended by the byte limit: a lower bound on a fast line',
      'dừng do giới hạn dung lượng: tốc độ thật có thể cao hơn',
    ),
    upload_capped: bool(
      'ended by the byte limit: a lower bound on a fast line',
      'dừng do giới hạn dung lượng: tốc độ thật có thể cao hơn',
    ),
  },
});

export const PATH = [ping, path, pathHop, internetSpeed] as const;
