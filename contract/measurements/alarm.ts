import type { FieldDefinition, MeasurementDefinition } from '../catalogue.ts';
import {
  ANY,
  bool,
  count,
  DEVICE,
  float,
  fromCentral,
  FROM_ZERO,
  int,
  percent,
  SITE,
  tag,
  text,
  UNIT,
} from './define.ts';

function timeMs(en: string, vi: string): FieldDefinition {
  return int('ms', FROM_ZERO, `${en}, Unix time`, `${vi} (giờ Unix)`);
}

const SEVERITY = tag(
  'critical, major, minor, warning, indeterminate, cleared (X.733)',
  'mức độ X.733: critical (nghiêm trọng), major (lớn), minor (nhỏ), warning (cảnh báo sớm), indeterminate, cleared',
);

/** Identity is resource, alarm_type and qualifier (RFC 8632). */
const alertEvent = fromCentral({
  name: 'alert_event',
  en: 'each step in the life of an alert',
  vi: 'từng bước trong vòng đời cảnh báo',
  tags: {
    rule: tag('rule', 'quy tắc'),
    severity: SEVERITY,
    event_type: tag(
      'communications, quality_of_service, processing_error, equipment, environmental',
      'nhóm lỗi: communications (truyền thông), quality_of_service (chất lượng), processing_error (xử lý), equipment (thiết bị), environmental (môi trường)',
    ),
    unit: UNIT,
    site: SITE,
    device: DEVICE,
  },
  required: ['rule', 'severity'],
  fields: {
    alert_id: text('alert', 'mã cảnh báo'),
    event: text('started, fired, escalated, resolved …', 'bắt đầu, phát, tăng mức, hết …'),
    resource: text('resource', 'đối tượng'),
    alarm_type: text('alarm type', 'loại cảnh báo'),
    qualifier: text('qualifier', 'phân định thêm'),
    probable_cause: text('probable cause (X.733)', 'nguyên nhân có thể (X.733)'),
    root_cause_resource: text('root cause', 'đối tượng gốc gây lỗi'),
    impacted_resources: count('resource', 'resources behind it', 'số đối tượng bị ảnh hưởng'),
    suppressed_by: text('why it is not announced', 'lý do không thông báo'),
    shelved: bool('shelved', 'đang tạm gác'),
    value: float('1', ANY, 'value that was evaluated', 'giá trị đã xét'),
    raised_at: timeMs('raised', 'lúc phát'),
    acked_at: timeMs('acknowledged', 'lúc xác nhận'),
    cleared_at: timeMs('cleared', 'lúc hết'),
    latency_ms: float('ms', FROM_ZERO, 'from arrival to alert', 'từ lúc nhận đến cảnh báo'),
  },
});

function seconds(en: string, vi: string): FieldDefinition {
  return float('s', FROM_ZERO, en, vi);
}

const alarmQuality = fromCentral({
  name: 'alarm_quality',
  en: 'how many alarms operators get, and how fast they are handled',
  vi: 'chất lượng cảnh báo đối với người vận hành',
  tags: { severity: SEVERITY },
  fields: {
    alarm_rate: float(
      '1',
      FROM_ZERO,
      'alarms per operator in 10 min',
      'số cảnh báo mỗi người trực trong 10 phút',
    ),
    flood: bool('more than 10 in 10 min', 'quá 10 cảnh báo trong 10 phút'),
    flood_pct: percent('time in flood', 'tỷ lệ thời gian tràn cảnh báo'),
    low_priority_pct: percent('low priority', 'tỷ lệ ưu tiên thấp'),
    medium_priority_pct: percent('medium priority', 'tỷ lệ ưu tiên trung bình'),
    high_priority_pct: percent('high priority', 'tỷ lệ ưu tiên cao'),
    chattering: count('alarm', '3 times or more in 1 min', 'số cảnh báo lặp từ 3 lần trong 1 phút'),
    stale: count('alarm', 'active for more than 24 h', 'số cảnh báo kéo dài quá 24 giờ'),
    mtta_p50_s: seconds('time to acknowledge, median', 'thời gian xác nhận, trung vị'),
    mtta_p90_s: seconds('time to acknowledge, p90', 'thời gian xác nhận, p90'),
    mttr_p50_s: seconds('time to clear, median', 'thời gian khắc phục, trung vị'),
    mttr_p90_s: seconds('time to clear, p90', 'thời gian khắc phục, p90'),
  },
});

export const ALARM: readonly MeasurementDefinition[] = [alertEvent, alarmQuality];
