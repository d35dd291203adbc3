import {
  ANY,
  bool,
  bytes,
  code,
  count,
  float,
  fromAgent,
  FROM_ZERO,
  int,
  percent,
  PROBE,
  tag,
  TARGET,
  text,
  type Field,
} from './define.ts';

const SERVICE_TAG = tag('city service in the inventory', 'dịch vụ trong danh mục');

/** The city's services: online public services, document axis, 1022, signatures, e-mail, video, data sharing. */
const service = fromAgent({
  name: 'service',
  en: 'a service of the city as its users experience it',
  vi: 'dịch vụ của thành phố dưới góc nhìn người dùng',
  tags: {
    service: SERVICE_TAG,
    check: tag('step that is tried: login, submit, call …', 'bước kiểm tra: đăng nhập, nộp, gọi …'),
    probe: PROBE,
  },
  required: ['service'],
  fields: {
    up: bool('works', 'đang hoạt động'),
    response_ms: float(
      'ms',
      FROM_ZERO,
      'time to answer',
      'thời gian trả lời',
      'http.server.request.duration',
    ),
    problem: text('why it does not work', 'lý do không hoạt động'),
    oddity: text('rules that the answer breaks, though it works', 'lỗi quy chuẩn của trả lời, vẫn dùng được'),
    dns_ms: float('ms', FROM_ZERO, 'name lookups', 'tra cứu tên miền', 'dns.lookup.duration'),
    connect_ms: float('ms', FROM_ZERO, 'TCP connects', 'kết nối TCP'),
    tls_ms: float('ms', FROM_ZERO, 'TLS handshakes', 'bắt tay TLS'),
    first_byte_ms: float('ms', FROM_ZERO, 'from asking to the first answer', 'từ lúc hỏi đến trả lời đầu'),
    status_code: code(999, 'status of HTTP, SMTP or SIP', 'mã trạng thái HTTP, SMTP hoặc SIP'),
    redirects: count('redirect', 'redirects followed', 'số lần chuyển hướng'),
    ntp_offset_ms: float('ms', ANY, 'clock of the server − ours', 'đồng hồ máy chủ − đồng hồ tại đây'),
    ntp_stratum: code(16, 'steps from a reference clock (RFC 5905)', 'số bước tới đồng hồ chuẩn (RFC 5905)'),
    availability_pct: percent('time answered ÷ time scheduled', 'tỷ lệ thời gian sẵn sàng'),
    requests: count('request', 'requests since the sample before', 'số yêu cầu từ mẫu trước'),
    errors: count('request', 'failed requests since the sample before', 'số yêu cầu lỗi từ mẫu trước'),
    errors_pct: percent('errors ÷ requests', 'tỷ lệ yêu cầu lỗi'),
    requests_per_s: float('{request}/s', FROM_ZERO, 'requests', 'số yêu cầu mỗi giây'),
    users: count('user', 'users at work', 'số người dùng đang làm việc'),
    queue_count: count('item', 'documents or calls waiting', 'số hồ sơ hoặc cuộc gọi đang chờ'),
    queue_oldest_s: float('s', FROM_ZERO, 'age of the oldest waiting', 'thời gian chờ lâu nhất'),
    calls_answered_pct: percent('calls answered (1022)', 'tỷ lệ cuộc gọi được trả lời (1022)'),
  },
});

const httpResponse = fromAgent({
  name: 'http_response',
  en: 'answer of a web address',
  vi: 'trả lời của một địa chỉ web',
  tags: {
    server: tag('address asked', 'địa chỉ được hỏi'),
    method: tag('HTTP method', 'phương thức HTTP'),
    status_code: tag('HTTP status', 'mã trạng thái HTTP'),
    result: tag('result in words', 'kết quả'),
    service: SERVICE_TAG,
    probe: PROBE,
    target: TARGET,
  },
  required: ['server'],
  fields: {
    response_time: float(
      's',
      FROM_ZERO,
      'time to answer',
      'thời gian trả lời',
      'http.client.request.duration',
    ),
    http_response_code: code(999, 'HTTP status', 'mã trạng thái HTTP'),
    result_code: code(
      6,
      '0 success, 1 text mismatch, 2 body error, 3 connection failed, 4 timeout, 5 DNS error, 6 status mismatch',
      '0 được, 1 sai nội dung, 2 lỗi đọc, 3 lỗi kết nối, 4 quá hạn, 5 lỗi DNS, 6 sai mã trạng thái',
    ),
    result_type: text('result in words (deprecated by Telegraf)', 'kết quả bằng chữ (Telegraf bỏ dần)'),
    content_length: bytes('length of the answer', 'độ dài nội dung'),
    response_string_match: code(1, '1 the text was found', '1 là tìm thấy nội dung'),
    response_status_code_match: code(1, '1 the status was as expected', '1 là đúng mã trạng thái'),
  },
});

const dnsQuery = fromAgent({
  name: 'dns_query',
  en: 'answer of a name server',
  vi: 'trả lời của máy chủ tên miền',
  tags: {
    server: tag('name server', 'máy chủ tên miền'),
    domain: tag('name asked', 'tên miền được hỏi'),
    record_type: tag('A, AAAA, MX …', 'loại bản ghi: A, AAAA, MX …'),
    rcode: tag('answer code', 'mã trả lời'),
    result: tag('result in words', 'kết quả'),
    ip: tag('address of the name server', 'địa chỉ máy chủ tên miền'),
    service: SERVICE_TAG,
  },
  required: ['server'],
  fields: {
    query_time_ms: float('ms', FROM_ZERO, 'time to answer', 'thời gian trả lời', 'dns.lookup.duration'),
    result_code: code(2, '0 success, 1 timeout, 2 error', '0 được, 1 quá hạn, 2 lỗi'),
    rcode_value: code(4095, 'answer code (RFC 6895)', 'mã trả lời (RFC 6895)'),
  },
});

const seconds = (en: string, vi: string): Field<'int'> => int('s', ANY, en, vi);

const x509Cert = fromAgent({
  name: 'x509_cert',
  en: 'certificates and when they expire',
  vi: 'chứng thư số và thời hạn',
  tags: {
    source: tag('file or address it was read from', 'tệp hoặc địa chỉ đọc được'),
    common_name: tag('subject (common name)', 'tên chủ thể'),
    san: tag('subject alternative names', 'các tên khác của chủ thể'),
    type: tag('leaf, intermediate or root', 'cuối, trung gian hoặc gốc'),
    verification: tag('valid or invalid', 'hợp lệ hoặc không'),
    serial_number: tag('serial number', 'số sê-ri'),
    signature_algorithm: tag('signature algorithm', 'thuật toán ký'),
    public_key_algorithm: tag('key algorithm', 'thuật toán khóa'),
    issuer_common_name: tag('issuer', 'nơi cấp'),
    issuer_serial_number: tag('serial number of the issuer', 'số sê-ri của nơi cấp'),
    organization: tag('organisation', 'tổ chức'),
    organizational_unit: tag('department', 'đơn vị trong tổ chức'),
    country: tag('country', 'quốc gia'),
    province: tag('province', 'tỉnh'),
    locality: tag('place', 'địa phương'),
    ocsp_stapled: tag('revocation answer attached', 'có kèm trả lời thu hồi'),
    ocsp_verified: tag('revocation answer verified', 'trả lời thu hồi đã kiểm'),
    ocsp_status: tag('good, revoked or unknown', 'tốt, bị thu hồi hoặc không rõ'),
    service: SERVICE_TAG,
  },
  required: ['source'],
  fields: {
    expiry: seconds('time left', 'thời gian còn hiệu lực'),
    age: seconds('time since it became valid', 'thời gian từ khi có hiệu lực'),
    startdate: seconds('valid from, Unix time', 'có hiệu lực từ (giờ Unix)'),
    enddate: seconds('valid until, Unix time', 'hết hiệu lực lúc (giờ Unix)'),
    lifetime_left_pct: percent('time left ÷ lifetime', 'thời gian còn lại ÷ tổng thời hạn'),
    name_match: bool('valid for the name that was asked for', 'đúng tên được hỏi'),
    verification_code: code(1, '0 valid, 1 not valid', '0 hợp lệ, 1 không hợp lệ'),
    verification_error: text('why it is not valid', 'lý do không hợp lệ'),
    ocsp_status_code: code(2, '0 good, 1 revoked, 2 unknown', '0 tốt, 1 bị thu hồi, 2 không rõ'),
    ocsp_next_update: seconds('next revocation answer, Unix time', 'lần trả lời thu hồi tới (giờ Unix)'),
    ocsp_produced_at: seconds(
      'revocation answer made, Unix time',
      'thời điểm tạo trả lời thu hồi (giờ Unix)',
    ),
    ocsp_this_update: seconds(
      'revocation answer valid from, Unix time',
      'trả lời thu hồi có hiệu lực từ (giờ Unix)',
    ),
  },
});

export const SERVICE = [service, httpResponse, dnsQuery, x509Cert] as const;
