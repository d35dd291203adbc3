import {
  AGENT,
  ANY,
  bool,
  bytes,
  count,
  float,
  fromAgent,
  fromCanary,
  fromCentral,
  FROM_ZERO,
  int,
  tag,
  text,
  type Field,
} from './define.ts';

function ms(en: string, vi: string): Field<'float'> {
  return float('ms', FROM_ZERO, en, vi);
}

function seconds(en: string, vi: string): Field<'float'> {
  return float('s', FROM_ZERO, en, vi);
}

const RSS = bytes('memory of the process', 'bộ nhớ của tiến trình', 'process.memory.usage');
/** Of one processor: more than 100 when it keeps several busy. */
const CPU = float('%', FROM_ZERO, 'one processor = 100', 'một bộ xử lý = 100', 'process.cpu.utilization');
const UPTIME = int('s', FROM_ZERO, 'time since its start', 'thời gian từ khi chạy', 'process.uptime');

const agent = fromAgent({
  name: 'agent',
  en: 'health of an edge agent; with tag collector: of one collector',
  vi: 'sức khỏe của tác tử biên; có thẻ collector: của một bộ thu',
  tags: { collector: tag('collector of the agent', 'bộ thu của tác tử') },
  fields: {
    queue_bytes: bytes('queue on disk', 'hàng đợi trên đĩa'),
    queue_pending_batches: count('batch', 'not yet confirmed', 'số lô chưa được xác nhận'),
    queue_pending_points: count('point', 'not yet confirmed', 'số điểm chưa được xác nhận'),
    queue_oldest_age_s: seconds('age of the oldest batch', 'tuổi của lô cũ nhất'),
    lost_batches: count('batch', 'declared lost', 'số lô khai báo mất'),
    lost_points: count('point', 'declared lost', 'số điểm khai báo mất'),
    damaged_segments: count('segment', 'damaged on disk', 'số đoạn hỏng trên đĩa'),
    samples_taken: count('sample', 'taken since the start', 'số mẫu đã đo từ khi chạy'),
    samples_dropped: count('sample', 'lost before the queue', 'số mẫu mất trước hàng đợi'),
    connected: bool('connected to the broker', 'đã kết nối broker'),
    connects: count('connection', 'connections made', 'số lần kết nối'),
    in_flight_batches: count('batch', 'sent, not answered', 'số lô đã gửi, chờ trả lời'),
    acked_batches: count('batch', 'confirmed as stored', 'số lô đã xác nhận lưu'),
    refused_batches: count('batch', 'refused by central', 'số lô bị trung tâm từ chối'),
    stuck_batches: count('batch', 'set aside', 'số lô bị gác lại'),
    resends: count('batch', 'sent again', 'số lần gửi lại'),
    ack_latency_ms: ms('time to confirmation, median', 'thời gian chờ xác nhận, trung vị'),
    unacknowledged_s: seconds(
      'connected, batches wait, nothing confirmed',
      'đã kết nối, có lô chờ, không lô nào được xác nhận',
    ),
    has_twin: bool('another agent uses its id', 'tác tử khác dùng cùng mã'),
    clock_offset_ms: float(
      'ms',
      ANY,
      "clock minus central's, as far as certain",
      'đồng hồ trừ giờ trung tâm, phần chắc chắn',
    ),
    config_revision: int(
      '',
      FROM_ZERO,
      'config from central; 0: own file',
      'cấu hình từ trung tâm; 0: tệp riêng',
    ),
    config_failed: bool('newer config refused or rolled back', 'cấu hình mới bị từ chối hoặc hoàn tác'),
    rss_bytes: RSS,
    cpu_percent: CPU,
    uptime_s: UPTIME,
    collector_runs: count('run', 'runs since the start', 'số lần chạy'),
    collector_failures: count('run', 'runs without a result', 'số lần chạy không có kết quả'),
    collector_errors: count('error', 'errors of the last run', 'số lỗi của lần chạy cuối'),
    collector_duration_ms: ms('duration of the last run', 'thời gian chạy lần cuối'),
    collector_last_error: text('last error', 'lỗi gần nhất'),
  },
});

const ingestBatch = fromCentral({
  name: 'ingest_batch',
  en: 'each stored batch, with its lateness',
  vi: 'từng lô đã lưu và độ trễ',
  tags: { agent: AGENT },
  required: ['agent'],
  fields: {
    epoch: text('queue directory it comes from', 'thư mục hàng đợi gốc'),
    seq: int('', { min: 1 }, 'number of the batch', 'số thứ tự lô'),
    points: count('point', 'points stored', 'số điểm đã lưu'),
    sent_at_ms: int('ms', FROM_ZERO, 'sent, Unix time of the agent', 'lúc gửi, giờ Unix của tác tử'),
    received_at_ms: int('ms', FROM_ZERO, 'received, Unix time', 'lúc nhận, giờ Unix'),
    lateness_ms: int('ms', FROM_ZERO, 'from measuring to receiving', 'từ lúc đo đến lúc nhận'),
    backfill: bool('backlog after a cut', 'dữ liệu bù sau gián đoạn'),
  },
});

const pipeline = fromCentral({
  name: 'pipeline',
  en: 'health of central itself',
  vi: 'sức khỏe của chính hệ thống trung tâm',
  tags: { replica: tag('instance of central', 'phiên bản trung tâm') },
  fields: {
    samples_per_s: float('{sample}/s', FROM_ZERO, 'samples stored', 'số mẫu lưu mỗi giây'),
    values_per_s: float('{value}/s', FROM_ZERO, 'values stored', 'số giá trị lưu mỗi giây'),
    lag_ms: ms('age of the oldest batch not stored', 'tuổi của lô chưa lưu cũ nhất'),
    received_messages: count('message', 'received since the start', 'số thông điệp đã nhận'),
    received_bytes: bytes('received since the start', 'lượng đã nhận'),
    received_batches: count('batch', 'received since the start', 'số lô đã nhận'),
    duplicate_batches: count('batch', 'received again', 'số lô nhận trùng'),
    stored_batches: count('batch', 'stored', 'số lô đã lưu'),
    stored_points: count('point', 'stored', 'số điểm đã lưu'),
    stored_values: count('value', 'stored', 'số giá trị đã lưu'),
    refused_rows: count('row', 'refused', 'số dòng bị từ chối'),
    refused_messages: count('message', 'not readable', 'số thông điệp không đọc được'),
    dropped_messages: count(
      'message',
      'dropped for lack of room, sent again by agents',
      'số thông điệp bỏ, sẽ gửi lại',
    ),
    dropped_batches: count('batch', 'dropped for lack of room, sent again by agents', 'số lô bỏ, sẽ gửi lại'),
    declared_lost_batches: count('batch', 'declared lost by agents', 'số lô tác tử khai báo mất'),
    missing_batches: count('batch', 'missing without a declaration', 'số lô thiếu không khai báo'),
    new_declared_lost_batches: count(
      'batch',
      'declared lost since the sample before',
      'số lô khai báo mất từ mẫu trước',
    ),
    new_missing_batches: count(
      'batch',
      'confirmed as missing since the sample before',
      'số lô xác nhận thiếu từ mẫu trước',
    ),
    store_lost_batches: count(
      'batch',
      'acknowledged, then lost by the store, declared within the last hour',
      'số lô đã xác nhận rồi bị kho làm mất, khai báo trong một giờ qua',
    ),
    judged_unstored_batches: count(
      'batch',
      'judged without a place in the buffer',
      'số lô đã xét nhưng không có chỗ trong bộ đệm',
    ),
    buffer_bytes: bytes('checked, not yet stored', 'đã kiểm, chờ lưu'),
    buffer_fill_percent: float('%', FROM_ZERO, 'of the write buffer, in use', 'phần bộ đệm ghi đang dùng'),
    buffer_batches: count('batch', 'checked, not yet stored', 'số lô chờ lưu'),
    inbox_bytes: bytes('received, not yet processed', 'đã nhận, chờ xử lý'),
    quarantine_entries: count('entry', 'kept in quarantine', 'số mục đang cách ly'),
    quarantine_bytes: bytes('kept in quarantine', 'dung lượng cách ly'),
    refused_per_s: float(
      '{row}/s',
      FROM_ZERO,
      'rows and messages refused',
      'số dòng và thông điệp bị từ chối mỗi giây',
    ),
    new_refused_connections: count(
      'connection',
      'refused or closed at a bound since the sample before',
      'số kết nối bị từ chối từ mẫu trước',
    ),
    new_refused_logins: count(
      'login',
      'of agents, refused since the sample before',
      'số lần đăng nhập của tác tử bị từ chối từ mẫu trước',
    ),
    new_held_back: count(
      'wait',
      'an agent sent too much and had to wait, since the sample before',
      'số lần tác tử gửi quá nhiều phải chờ từ mẫu trước',
    ),
    store_available: bool('the store answers', 'kho dữ liệu hoạt động'),
    store_limit: text(
      'what of the store is in the way; none: nothing that it names',
      'giới hạn của kho đang cản trở; none: không có',
    ),
    store_latency_ms: ms('last write to the store', 'lần ghi kho gần nhất'),
    store_failures: count('write', 'writes that failed', 'số lần ghi hỏng'),
    ledger_failures: count('write', 'writes to the ledger that failed', 'số lần ghi sổ hỏng'),
    internal_errors: count('error', 'internal errors', 'số lỗi nội bộ'),
    flow: text('go, live-only or hold', 'go, live-only hoặc hold'),
    backfilling_agents: count('agent', 'sending their backlog', 'số tác tử đang gửi bù'),
    known_agents: count('agent', 'known', 'số tác tử đã biết'),
    alert_latency_p99_ms: ms('from arrival to alert, p99', 'từ lúc nhận đến cảnh báo, p99'),
    unsaved_alert_steps: count('step', 'of alerts, not yet on disk', 'số bước cảnh báo chưa ghi đĩa'),
    dropped_alert_steps: count('step', 'of alerts, given up', 'số bước cảnh báo bị bỏ'),
    new_refused_alert_entities: count(
      'evaluation',
      'left out since the sample before: too many alerts and breaches at once',
      'số lần bỏ qua từ mẫu trước vì quá nhiều cảnh báo',
    ),
    new_left_out_backlog_rows: count(
      'row',
      'of backlog in which no alerts were looked for, since the sample before: too much at once, or too late',
      'số dòng dữ liệu bù không được xét cảnh báo từ mẫu trước vì quá nhiều hoặc quá trễ',
    ),
    new_other_late_rows: count(
      'row',
      'late though their agent was heard, in which no alerts were looked for, since the sample before: no hole',
      'số dòng đến trễ dù tác tử không mất liên lạc, không được xét cảnh báo từ mẫu trước; không phải chỗ trống',
    ),
    new_left_out_backlog_entities: count(
      'entity',
      'in breach in a backlog and not followed, since the sample before: too many at once',
      'số đối tượng vi phạm trong dữ liệu bù không được theo dõi từ mẫu trước vì quá nhiều',
    ),
    new_backlog_holes: count(
      'hole',
      'in the history of alerts since the sample before: the rows and entities of backlog that were left out',
      'số chỗ trống trong lịch sử cảnh báo từ mẫu trước: các dòng và đối tượng của dữ liệu bù bị bỏ qua',
    ),
    undelivered_notification_s: seconds(
      'for how long a notification could not be delivered; 0: none waits',
      'thời gian một thông báo chưa gửi được; 0: không có',
    ),
    new_given_up_notifications: count(
      'alert',
      'that somebody was to be told of and was not, since the sample before',
      'số cảnh báo không gửi được tới người nhận từ mẫu trước',
    ),
    limited_agents: count(
      'agent',
      'that reached a limit of their own: alerts, series or refused rows',
      'số tác tử chạm giới hạn riêng',
    ),
    twin_agents: count('agent', 'whose id two agents use', 'số mã tác tử bị hai tác tử dùng chung'),
    implausible_agents: count(
      'agent',
      'that claim losses beyond all they ever sent',
      'số tác tử khai mất nhiều hơn mức có thể',
    ),
    unexpected_devices: count(
      'device',
      'that report although the inventory lacks them',
      'số thiết bị báo cáo mà danh mục không có',
    ),
    inventory_file_problems: count(
      'problem',
      'why the inventory file as it is now is not in force',
      'số lỗi khiến tệp danh mục hiện tại chưa có hiệu lực',
    ),
    rule_problems: count(
      'problem',
      'why the alert rules as their files are now do not run',
      'số lỗi khiến các quy tắc cảnh báo hiện tại trong tệp chưa có hiệu lực',
    ),
    stalled_ms: ms(
      'time in which central stood still, since the sample before',
      'thời gian trung tâm đứng yên từ mẫu trước',
    ),
    hears_agents: bool(
      'false: nearly all agents fell silent at once',
      'false: hầu hết tác tử im lặng cùng lúc',
    ),
    clock_offset_ms: float(
      'ms',
      ANY,
      "clock of the machine minus central's time",
      'đồng hồ máy lệch so với giờ của trung tâm',
    ),
    clocks_agree: bool('clocks of machine and agents agree', 'đồng hồ của máy và các tác tử khớp nhau'),
    data_disk_used_percent: float(
      '%',
      { min: 0, max: 100 },
      'of the file system of the data directory',
      'phần đã dùng của hệ thống tệp chứa dữ liệu',
    ),
    data_disk_free_bytes: bytes('free for the data directory', 'còn trống cho thư mục dữ liệu'),
    backup_age_s: seconds(
      'since the last whole backup, or the first start',
      'từ bản sao lưu đầy đủ gần nhất, hoặc lần chạy đầu',
    ),
    history_lag_s: seconds(
      'since minutes and hours were last made of all samples that were due, or the start',
      'từ lần cuối tổng hợp xong phút và giờ, hoặc từ lúc chạy',
    ),
    certificate_expires_in_s: float(
      's',
      ANY,
      'of the certificate that ends first; negative: it has ended',
      'chứng thư số hết hạn sớm nhất; âm: đã hết hạn',
    ),
    event_loop_delay_p99_ms: ms('delay of the event loop, p99', 'độ trễ vòng lặp sự kiện, p99'),
    rss_bytes: RSS,
    cpu_percent: CPU,
    uptime_s: UPTIME,
  },
});

const canary = fromCanary({
  name: 'canary',
  en: 'fault that central raises over MQTT to see whether it would be told; no fault of the city',
  vi: 'sự cố giả do trung tâm tạo qua MQTT để kiểm tra đường báo; không phải sự cố của thành phố',
  tags: { slot: tag('each has its turn once an hour', 'mỗi ô dùng một lần mỗi giờ') },
  required: ['slot'],
  fields: { is_fault: bool('the fault is there', 'đang có sự cố giả') },
});

const canaryHop = fromCentral({
  name: 'canary_hop',
  en: "a step on the canary's way from the broker to a receipt",
  vi: 'một chặng của sự cố giả từ broker đến biên nhận',
  tags: { hop: tag('such as mqtt, rules or channel sms', 'ví dụ mqtt, rules hoặc channel sms') },
  required: ['hop'],
  fields: {
    latency_ms: ms(
      'from the step before to this one, last time',
      'từ chặng trước đến chặng này, lần gần nhất',
    ),
    broken_s: seconds('since it is broken; 0: it works', 'thời gian từ khi hỏng; 0: hoạt động'),
  },
});

export const PIPELINE = [agent, ingestBatch, pipeline, canary, canaryHop] as const;
