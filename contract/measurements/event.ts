import { bool, code, count, fromAgent, tag, text } from './define.ts';

const SOURCE = tag('how it was told: syslog or snmp_trap', 'cách báo: syslog hoặc snmp_trap');
const EVENT = tag(
  'what happened, always the same word for the same: link_down, LINK-3-UPDOWN, sshd, or the OID of a trap',
  'loại sự kiện, cùng một việc luôn cùng một tên: link_down, LINK-3-UPDOWN, sshd hoặc OID của trap',
);
const SUBJECT = tag('what it is about, such as a port', 'đối tượng của sự kiện, ví dụ cổng');

/** Messages of one sender and kind that came within one run of the collector are one row. */
const event = fromAgent({
  name: 'event',
  en: 'what a device told by itself',
  vi: 'sự kiện do thiết bị tự báo',
  tags: {
    source: SOURCE,
    event: EVENT,
    subject: SUBJECT,
    severity: tag(
      'critical, major, minor, warning, indeterminate, cleared (X.733); of syslog as RFC 5674 maps it',
      'mức độ X.733: critical (nghiêm trọng), major (lớn), minor (nhỏ), warning (cảnh báo sớm), indeterminate, cleared',
    ),
  },
  required: ['device', 'source', 'event'],
  fields: {
    events: count('event', 'how many of this kind came', 'số lần xảy ra'),
    message: text('the newest of them as it was sent', 'nội dung mới nhất thiết bị đã gửi'),
    severity_code: code(
      7,
      'severity (RFC 5424): 0 emergency, 1 alert, 2 critical, 3 error, 4 warning, 5 notice, 6 informational, 7 debug',
      'mức độ (RFC 5424): 0 khẩn cấp, 1 báo động, 2 nghiêm trọng, 3 lỗi, 4 cảnh báo, 5 lưu ý, 6 thông tin, 7 gỡ lỗi',
    ),
    facility: code(23, 'facility of syslog (RFC 5424)', 'nhóm nguồn của syslog (RFC 5424)'),
  },
});

/** A state that begins with one event and ends with another: linkDown, linkUp. Repeated while it lasts. */
const eventState = fromAgent({
  name: 'event_state',
  en: 'a state that a device told by itself: since one event, until another',
  vi: 'trạng thái do thiết bị tự báo: từ sự kiện này đến sự kiện khác',
  tags: { source: SOURCE, event: EVENT, subject: SUBJECT },
  required: ['device', 'source', 'event'],
  fields: { active: bool('it lasts', 'đang diễn ra') },
});

const eventSource = fromAgent({
  name: 'event_source',
  en: 'how much a device tells by itself',
  vi: 'lượng sự kiện thiết bị tự báo',
  tags: { source: SOURCE },
  required: ['device', 'source'],
  fields: {
    received: count('message', 'received since the sample before', 'số bản tin nhận từ mẫu trước'),
    unreadable: count(
      'message',
      'of these could not be read, or were not let in',
      'trong đó không đọc được hoặc không được chấp nhận',
    ),
    suppressed_5min: count(
      'message',
      'not kept one by one in the last 5 min, since there were too many',
      'số bản tin không lưu riêng trong 5 phút vì quá nhiều',
    ),
    critical_5min: count(
      'event',
      'critical or graver (severity code 0 to 2) in the last 5 min',
      'số sự kiện nghiêm trọng trở lên (mã mức độ 0 đến 2) trong 5 phút',
    ),
  },
});

export const EVENT_MEASUREMENTS = [event, eventState, eventSource] as const;
