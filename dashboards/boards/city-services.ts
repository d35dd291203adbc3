import type { Board } from '../board.ts';
import { COLOUR } from '../panel/colour.ts';
import { link } from '../panel/link.ts';
import type { Mapping } from '../panel/mapping.ts';
import { stat, states, table } from '../panel/panel.ts';
import { badAbove } from '../panel/thresholds.ts';
import { always, last, max, mean } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { TO_ALERTS } from './links.ts';
import { IS_GOOD, text, trend, tile } from './shape.ts';
import { unknownServices } from './unknown-services.ts';
import { SERVICES } from './variables.ts';

const CHOSEN = tag('service').isIn(SERVICES);
const TO_SERVICE = link('city-services', text('Only this service', 'Chỉ dịch vụ này'), {
  service: { row: 'service' },
});

/** result_code of Telegraf. */
const WEB_RESULT: Mapping = {
  0: { text: text('works', 'được'), colour: COLOUR.good },
  1: { text: text('wrong content', 'sai nội dung'), colour: COLOUR.major },
  2: { text: text('cannot be read', 'lỗi đọc'), colour: COLOUR.major },
  3: { text: text('no connection', 'lỗi kết nối'), colour: COLOUR.critical },
  4: { text: text('timed out', 'quá hạn'), colour: COLOUR.critical },
  5: { text: text('name not found', 'lỗi DNS'), colour: COLOUR.critical },
  6: { text: text('wrong status', 'sai mã trạng thái'), colour: COLOUR.major },
};
const NAME_RESULT: Mapping = {
  0: { text: text('answers', 'trả lời'), colour: COLOUR.good },
  1: { text: text('timed out', 'quá hạn'), colour: COLOUR.critical },
  2: { text: text('fails', 'lỗi'), colour: COLOUR.critical },
};
const CERTIFICATE: Mapping = {
  0: { text: text('valid', 'hợp lệ'), colour: COLOUR.good },
  1: { text: text('not valid', 'không hợp lệ'), colour: COLOUR.critical },
};

/** The city's services as their users have them: a few checks of each, so that single series are few. */
export const CITY_SERVICES: Board = {
  uid: 'city-services',
  folder: 'Overview',
  scope: 'detail',
  title: text('City services', 'Dịch vụ của thành phố'),
  about: text(
    'Online public services, document axis, 1022, signatures, e-mail, video, data sharing, as their users have them.',
    'Dịch vụ công trực tuyến, trục liên thông văn bản, 1022, chữ ký số, thư điện tử, hội nghị truyền hình, chia sẻ dữ liệu, dưới góc nhìn người dùng.',
  ),
  variables: [SERVICES],
  from: 'now-6h',
  refresh: '1m',
  rows: [
    {
      panels: [
        tile({
          title: text('Services down', 'Dịch vụ ngừng'),
          about: text('Of all services of the city.', 'Trong tất cả dịch vụ của thành phố.'),
          queries: [select('city_state', last('services_down', { link: TO_ALERTS })).now()],
          thresholds: badAbove(1, COLOUR.critical, COLOUR.good),
          rules: ['service_down', 'city_service_impaired'],
          decimals: 0,
        }),
        tile({
          title: text('Services degraded', 'Dịch vụ suy giảm'),
          about: text('They work, but not in all parts.', 'Còn hoạt động nhưng không đầy đủ.'),
          queries: [select('city_state', last('services_degraded', { link: TO_ALERTS })).now()],
          thresholds: badAbove(1, COLOUR.minor, COLOUR.good),
          rules: ['city_service_impaired', 'service_target_missed'],
          decimals: 0,
        }),
        unknownServices({ width: 8, height: 4 }),
        stat({
          title: text('Slowest answer', 'Trả lời chậm nhất'),
          about: text('Of the checks that are chosen above.', 'Trong các phép kiểm tra đang chọn.'),
          queries: [
            select('service', max('response_ms', { link: TO_ALERTS }))
              .where(CHOSEN)
              .now(15),
          ],
          thresholds: { rule: 'service_slow' },
          rules: ['service_slow'],
          decimals: 0,
          width: 8,
          height: 4,
        }),
        table({
          title: text('Checks', 'Các phép kiểm tra'),
          about: text(
            'Each step that is tried, from each point, worst first. One failing probe of several is the way to it, not the service.',
            'Từng bước kiểm tra từ từng điểm đo, xấu nhất ở trên. Một điểm đo lỗi trong nhiều điểm: do đường đi, không phải do dịch vụ.',
          ),
          queries: [
            select(
              'service',
              last('up', { label: text('Works', 'Hoạt động'), mapping: IS_GOOD, link: TO_SERVICE }),
              last('response_ms', {
                label: text('Answers within', 'Thời gian trả lời'),
                thresholds: { rule: 'service_slow' },
                decimals: 0,
                link: TO_SERVICE,
              }),
              last('problem', { label: text('Problem', 'Lý do') }),
              last('status_code', { label: text('Status', 'Mã trạng thái') }),
            )
              .where(CHOSEN)
              .by('service', 'check', 'probe')
              .now(15),
          ],
          sortBy: { column: 'up', descending: false },
          rules: ['service_down', 'service_slow'],
          unit: 'none',
          width: 24,
          height: 12,
        }),
      ],
    },
    {
      title: text('Course', 'Diễn biến'),
      panels: [
        states({
          title: text('Works', 'Hoạt động'),
          about: text('By service and check.', 'Theo dịch vụ và bước kiểm tra.'),
          queries: [select('service', always('up')).where(CHOSEN).by('service', 'check').series()],
          mapping: IS_GOOD,
          rules: ['service_down'],
          link: TO_ALERTS,
          width: 12,
          height: 9,
        }),
        trend({
          title: text('Time to answer', 'Thời gian trả lời'),
          about: text('The slowest of each interval.', 'Chậm nhất trong mỗi khoảng.'),
          queries: [select('service', max('response_ms')).where(CHOSEN).by('service').series()],
          thresholds: { rule: 'service_slow' },
          rules: ['service_slow', 'service_target_missed'],
          link: TO_ALERTS,
          width: 12,
          height: 9,
        }),
      ],
    },
    {
      title: text('Web, names, certificates', 'Web, tên miền, chứng thư số'),
      closed: true,
      panels: [
        table({
          title: text('Web addresses', 'Địa chỉ web'),
          about: text('The last answer of each.', 'Trả lời gần nhất của từng địa chỉ.'),
          queries: [
            select(
              'http_response',
              last('result_code', { label: text('Result', 'Kết quả'), mapping: WEB_RESULT, link: TO_ALERTS }),
              last('response_time', { label: text('Answers within', 'Thời gian trả lời'), decimals: 2 }),
              last('http_response_code', { label: text('Status', 'Mã trạng thái') }),
            )
              .where(tag('server').isPresent())
              .by('server')
              .now(15),
          ],
          sortBy: { column: 'result_code', descending: true },
          rules: ['web_failed'],
          unit: 'none',
          width: 8,
          height: 8,
        }),
        table({
          title: text('Name servers', 'Máy chủ tên miền'),
          about: text('The last answer of each.', 'Trả lời gần nhất của từng máy chủ.'),
          queries: [
            select(
              'dns_query',
              last('result_code', {
                label: text('Result', 'Kết quả'),
                mapping: NAME_RESULT,
                link: TO_ALERTS,
              }),
              last('query_time_ms', { label: text('Answers within', 'Thời gian trả lời'), decimals: 0 }),
            )
              .where(tag('server').isPresent())
              .by('server', 'domain')
              .now(15),
          ],
          sortBy: { column: 'result_code', descending: true },
          rules: ['name_server_failed'],
          unit: 'none',
          width: 8,
          height: 8,
        }),
        table({
          title: text('Certificates', 'Chứng thư số'),
          about: text(
            'Soonest to end first; read about once an hour.',
            'Sắp hết hạn ở trên; đọc khoảng mỗi giờ một lần.',
          ),
          queries: [
            select(
              'x509_cert',
              last('expiry', {
                label: text('Time left', 'Còn lại'),
                thresholds: { rule: 'certificate_expiring' },
                link: TO_ALERTS,
              }),
              last('verification_code', {
                label: text('Valid', 'Hợp lệ'),
                mapping: CERTIFICATE,
                link: TO_ALERTS,
              }),
            )
              .where(tag('common_name').isPresent())
              .by('source', 'common_name')
              .now(180),
          ],
          sortBy: { column: 'expiry', descending: false },
          rules: ['certificate_expiring', 'certificate_invalid'],
          unit: 's',
          width: 8,
          height: 8,
        }),
        trend({
          title: text('Time of each step', 'Thời gian từng bước'),
          about: text('Where an answer loses its time.', 'Thời gian trả lời mất ở đâu.'),
          queries: [
            select(
              'service',
              mean('dns_ms', { label: text('Name lookup', 'Tra cứu tên miền') }),
              mean('connect_ms', { label: text('Connect', 'Kết nối') }),
              mean('tls_ms', { label: text('TLS', 'TLS') }),
              mean('first_byte_ms', { label: text('First byte', 'Byte đầu tiên') }),
            )
              .where(CHOSEN)
              .series(),
          ],
          stacked: true,
          min: 0,
          link: TO_ALERTS,
          width: 24,
        }),
      ],
    },
  ],
};
