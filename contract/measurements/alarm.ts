import {
  ANY,
  bool,
  code,
  count,
  float,
  fromCentral,
  FROM_ZERO,
  int,
  percent,
  SITE,
  tag,
  text,
  UNIT,
  type Field,
} from './define.ts';

function timeMs(en: string, vi: string): Field<'int'> {
  return int('ms', FROM_ZERO, `${en}, Unix time`, `${vi} (giờ Unix)`);
}

function seconds(en: string, vi: string): Field<'float'> {
  return float('s', FROM_ZERO, en, vi);
}

const SEVERITY = tag(
  'critical, major, minor, warning, indeterminate, cleared (X.733)',
  'mức độ X.733: critical (nghiêm trọng), major (lớn), minor (nhỏ), warning (cảnh báo sớm), indeterminate, cleared',
);

const SEVERITY_CODE = code(
  3,
  '0 critical, 1 major, 2 minor, 3 warning',
  '0 nghiêm trọng, 1 lớn, 2 nhỏ, 3 cảnh báo sớm',
);

/** Identity is resource, rule (the alarm type of RFC 8632) and qualifier. No tag `device`: what central writes of a device is no sign of life of it. */
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
    resource: tag(
      'what it is about, such as device:n-1, link:f-12, agent:gw-1',
      'đối tượng, ví dụ device:n-1, link:f-12, agent:gw-1',
    ),
  },
  required: ['rule', 'severity'],
  fields: {
    alert_id: text('alert', 'mã cảnh báo'),
    step: int('', FROM_ZERO, 'number of the step, over all alerts', 'số thứ tự bước, tính trên mọi cảnh báo'),
    event: text('started, fired, escalated, resolved …', 'bắt đầu, phát, tăng mức, hết …'),
    title: text("the rule's title, English", 'tên quy tắc, tiếng Anh'),
    title_vi: text("the rule's title, Vietnamese", 'tên quy tắc, tiếng Việt'),
    active: bool('not over after this step', 'chưa hết sau bước này'),
    qualifier: text(
      'what of the resource, such as interface=ge-0/0/1',
      'phần nào của đối tượng, ví dụ interface=ge-0/0/1',
    ),
    incident_id: text('incident that it belongs to', 'mã sự cố chứa cảnh báo này'),
    by: text('who did it, where a person did', 'người thực hiện, nếu do người làm'),
    assignee: text('who is to see to it', 'người phụ trách'),
    probable_cause: text('probable cause (X.733)', 'nguyên nhân có thể (X.733)'),
    root_cause_resource: text('root cause', 'đối tượng gốc gây lỗi'),
    impacted_resources: count('resource', 'resources behind it', 'số đối tượng bị ảnh hưởng'),
    suppressed_by: text('why it is not announced', 'lý do không thông báo'),
    shelved: bool('shelved', 'đang tạm gác'),
    value: float('1', ANY, 'value that was evaluated', 'giá trị đã xét'),
    duration_s: seconds('from firing to the end, at its end', 'từ lúc phát đến lúc hết, ghi khi hết'),
    ack_s: seconds(
      'from being recorded to the first acknowledgement, at that one',
      'từ lúc ghi nhận đến lần xác nhận đầu tiên, ghi khi xác nhận',
    ),
    measured_at: timeMs('of the sample that caused it', 'lúc đo mẫu gây ra bước này'),
    raised_at: timeMs('raised', 'lúc phát'),
    acked_at: timeMs('acknowledged', 'lúc xác nhận'),
    cleared_at: timeMs('cleared', 'lúc hết'),
    latency_ms: float('ms', FROM_ZERO, 'from the sample to its record', 'từ lúc đo đến lúc ghi nhận'),
  },
});

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
    chattering: count(
      'alarm',
      'that flap now: fired 3 times, or of a state began 10 times, within 30 min',
      'số cảnh báo đang chập chờn: phát 3 lần, hoặc trạng thái xấu bắt đầu 10 lần, trong 30 phút',
    ),
    stale: count('alarm', 'active for more than 24 h', 'số cảnh báo kéo dài quá 24 giờ'),
    mtta_p50_s: seconds('time to acknowledge, median', 'thời gian xác nhận, trung vị'),
    mtta_p90_s: seconds('time to acknowledge, p90', 'thời gian xác nhận, p90'),
    mttr_p50_s: seconds('time to clear, median', 'thời gian khắc phục, trung vị'),
    mttr_p90_s: seconds('time to clear, p90', 'thời gian khắc phục, p90'),
  },
});

/** Each minute what is open then, so that a list needs no history: what is over is not in the newest minute. */
const alertActive = fromCentral({
  name: 'alert_active',
  en: 'alerts that are not over, by rule, severity and unit, once a minute',
  vi: 'cảnh báo chưa hết, theo quy tắc, mức độ và đơn vị, mỗi phút',
  tags: { rule: tag('rule', 'quy tắc'), severity: SEVERITY, unit: UNIT },
  required: ['rule', 'severity'],
  fields: {
    alerts_count: count('alert', 'not over', 'số cảnh báo chưa hết'),
    unacknowledged_count: count('alert', 'of which nobody acknowledged', 'số cảnh báo chưa ai xác nhận'),
    oldest_s: seconds('since the oldest of them fired', 'thời gian từ lúc phát cảnh báo cũ nhất'),
    severity_code: SEVERITY_CODE,
    title: text("the rule's title, English", 'tên quy tắc, tiếng Anh'),
    title_vi: text("the rule's title, Vietnamese", 'tên quy tắc, tiếng Việt'),
    unit_name: text('name of the unit', 'tên đơn vị'),
    alert_id: text('the oldest of them', 'mã cảnh báo cũ nhất'),
    resource: text('what the oldest is about', 'đối tượng của cảnh báo cũ nhất'),
    assignee: text('who is to see to the oldest', 'người phụ trách cảnh báo cũ nhất'),
  },
});

const ROOT = tag('what is down or cut, such as site:hub-03', 'đối tượng hỏng hoặc bị cắt, ví dụ site:hub-03');

const INCIDENT = {
  incident_id: text('incident', 'mã sự cố'),
  root_name: text('name of the root', 'tên đối tượng gốc'),
  title: text('of the alert that stands for all, English', 'tên cảnh báo đại diện, tiếng Anh'),
  title_vi: text('of the alert that stands for all, Vietnamese', 'tên cảnh báo đại diện, tiếng Việt'),
  severity: text('the gravest of its alerts', 'mức độ nặng nhất trong các cảnh báo'),
  alerts_count: count('alert', 'that ever belonged to it', 'tổng số cảnh báo thuộc sự cố'),
  units_count: count('unit', 'with something cut off', 'số đơn vị có phần bị cắt'),
  sites_count: count('site', 'cut off', 'số điểm bị cắt'),
  devices_count: count('device', 'cut off', 'số thiết bị bị cắt'),
  services_count: count('service', 'cut off or degraded', 'số dịch vụ bị cắt hoặc suy giảm'),
};

/** One point for each incident with a root, at its begin; it is written again when the incident has changed, and once it is over. */
const incident = fromCentral({
  name: 'incident',
  en: 'what several alerts come from, from its begin to its end',
  vi: 'sự cố gốc của nhiều cảnh báo, từ lúc bắt đầu đến lúc hết',
  tags: { root: ROOT },
  required: ['root'],
  fields: {
    ...INCIDENT,
    open: bool('not over', 'chưa hết'),
    merged: bool('turned out to be part of another one', 'đã gộp vào sự cố khác'),
    ended_at: timeMs('end; 0 while it lasts', 'lúc hết; 0 khi chưa hết'),
  },
});

/** Each minute what is open then, however long ago it began: what is over is not in the newest minute. */
const incidentActive = fromCentral({
  name: 'incident_active',
  en: 'incidents with a root that are not over, once a minute',
  vi: 'sự cố gốc chưa hết, mỗi phút',
  tags: { root: ROOT },
  required: ['root'],
  fields: {
    ...INCIDENT,
    severity_code: SEVERITY_CODE,
    began_at: timeMs('begin', 'lúc bắt đầu'),
    open_s: seconds('since its begin', 'thời gian từ lúc bắt đầu'),
    assignee: text('who is to see to it', 'người phụ trách'),
  },
});

/** One point for each time that a maintenance window is open, at its begin; written again when it has changed. */
const maintenance = fromCentral({
  name: 'maintenance',
  en: 'planned work, from its begin to its end',
  vi: 'công việc bảo trì theo kế hoạch, từ lúc bắt đầu đến lúc kết thúc',
  tags: { window: tag('maintenance window', 'khung bảo trì') },
  required: ['window'],
  fields: {
    reason: text('why', 'lý do'),
    approved_by: text('who allowed it', 'người duyệt'),
    covers: text('what is worked on, separated by spaces', 'phạm vi, cách nhau bởi dấu cách'),
    ended_at: timeMs(
      'planned end; once it is over, its end',
      'lúc kết thúc theo kế hoạch; khi đã xong là lúc kết thúc thật',
    ),
  },
});

export const ALARM = [alertEvent, alertActive, incident, incidentActive, maintenance, alarmQuality] as const;
