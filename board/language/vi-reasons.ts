import type { ReasonTexts } from '../../contract/reasons/reason-codes.ts';
import { formatDay, formatDayTime, formatDuration, type Locale } from './format.ts';
import { vi } from './vi.ts';

/** What central says in English, in Vietnamese; in the other language its own words stand. */
export function vietnameseReasons(locale: Locale): ReasonTexts {
  const lasting = (ms: string): string => formatDuration(locale, Number(ms));
  const states: Readonly<Record<string, string>> = vi.states;
  const severities: Readonly<Record<string, string>> = vi.severities;
  const isIn = (state: string): string => states[state] ?? state;
  return {
    deaf: () => 'trung tâm hầu như không nghe được tác tử nào: chưa thể kết luận',
    measured: ({ agent, what, value }) => `${agent} đo được ${what} = ${value}`,
    reported: ({ agent, measurement }) => `${agent} có báo về thiết bị này (${measurement})`,
    disputed_measured: ({ agent, what, value }) => `có ý khác: ${agent} đo được ${what} = ${value}`,
    disputed_reported: ({ agent, measurement }) =>
      `có ý khác: ${agent} có báo về thiết bị này (${measurement})`,
    agent_silent: ({ agent }) => `tác tử ${agent} im lặng`,
    agent_stopped: ({ agent }) => `tác tử ${agent} đã dừng`,
    agent_never_seen: ({ agent }) => `chưa từng thấy tác tử ${agent}`,
    agent_without_values: ({ agent }) =>
      `tác tử ${agent} hoạt động nhưng chưa gửi số đo nào từ khi trung tâm khởi động`,
    nothing_arrived: () => 'chưa có số đo nào về nó từ khi trung tâm khởi động',
    evidence_old: ({ measurement, agent, atMs }) =>
      `bằng chứng cuối đã cũ hơn ba chu kỳ đo: ${measurement} của ${agent}, ${formatDayTime(locale, Number(atMs))}`,
    down: ({ id }) => `${id} bị mất`,
    cut_off: ({ id, agents }) =>
      `${id} bị cắt khỏi mạng: không nghe được tác tử nào trong ${agents} tác tử ở đó và phía sau`,
    all_devices_down: ({ id }) => `mọi thiết bị của ${id} đều mất`,
    none_of_devices_up: ({ devices, down }) =>
      `trong ${devices} thiết bị không có thiết bị nào tốt, ${down} thiết bị mất`,
    agent_reports: ({ agent }) => `${agent} đang gửi số đo`,
    devices_up: ({ up, devices }) => `${up}/${devices} thiết bị tốt`,
    nothing_measurable: () => 'ở đó không có gì đo được',
    nothing_fresh_of_devices: () => 'không có số đo mới nào về các thiết bị ở đó',
    no_fresh_port: () => 'không có trạng thái mới của cổng ở hai đầu',
    devices_by_state: ({ devices, up, down, unreachable, unknown }) =>
      `${devices} thiết bị: ${
        Object.entries({ up, down, unreachable, unknown })
          .filter(([, count]) => count !== '0')
          .map(([state, count]) => `${count} ${isIn(state)}`)
          .join(', ') || 'không có'
      }`,
    sites_up: ({ up, sites }) => `${up}/${sites} điểm kết nối tốt`,
    not_installed: ({ day }) => `chưa lắp đặt trước ngày ${formatDay(locale, Date.parse(day))}`,
    not_in_service: () => 'không còn sử dụng',
    more: ({ count }) => `và ${count} mục nữa`,
    all_needs_up: () => 'mọi thứ dịch vụ cần đều tốt',
    enough_up: () => 'vẫn còn đủ',
    need: ({ id, state }) => `${id} ${isIn(state)}`,
    need_because: ({ id, state, root }) => `${id} ${isIn(state)} do ${root}`,
    need_because_of_many: ({ id, state, root, more }) => `${id} ${isIn(state)} do ${root} và ${more} mục nữa`,
    pool_unmeasured: ({ id, resources }) => `${id} không được đo (${resources})`,
    pool_full: ({ id, resources }) => `${id} đã đầy (${resources})`,
    too_few_left: ({ left, needed }) => `chỉ còn ${left} trong số ${needed} cần có`,
    down_itself: () => 'chính dịch vụ bị mất',
    connected: () => 'đã kết nối',
    not_connected: () => 'chưa kết nối',
    store_accepts: () => 'ghi được',
    store_refuses: ({ forMs, limit }) =>
      `không ghi được đã ${lasting(forMs)}${inBrackets(limit)}: số đo chưa được lưu, các tác tử đang giữ`,
    store_is_late: ({ forMs, limit }) => `lô cũ nhất đã chờ ${lasting(forMs)}${inBrackets(limit)}`,
    judged_on_arrival: () => 'số đo được đánh giá ngay khi tới',
    nothing_received: () => 'không nhận được gì nên không đánh giá được gì',
    agents_held: () => 'bộ nhớ đầy: tác tử được yêu cầu tạm giữ, nên không đánh giá được gì',
    agents_heard: () => 'nghe được',
    nothing_arrives: () => 'không có gì tới: không rõ tình trạng thành phố',
    nearly_all_silent: () => 'gần như tất cả im lặng cùng lúc: lỗi có lẽ ở phía trung tâm',
    clock_agrees: () => 'khớp với đồng hồ các tác tử',
    clock_alone: () => 'chạy đều; không có tác tử nào để so sánh',
    clock_differs: () => 'đồng hồ của phần lớn tác tử lệch với máy này',
    clock_ahead: ({ byMs }) => `đồng hồ máy này nhanh ${lasting(byMs)} so với giờ của trung tâm`,
    clock_behind: ({ byMs }) => `đồng hồ máy này chậm ${lasting(byMs)} so với giờ của trung tâm`,
    certificates_valid: () => 'còn hạn từ 30 ngày trở lên',
    certificate_ends: ({ setting, days, atMs }) =>
      `${setting} hết hạn sau ${days} ngày, ngày ${formatDay(locale, Number(atMs))}`,
    certificate_ended: ({ setting, days, atMs }) =>
      `${setting} đã hết hạn ${days} ngày, từ ngày ${formatDay(locale, Number(atMs))}`,
    disk_used: ({ percent }) => `đã dùng ${percent} % hệ thống tệp của thư mục dữ liệu`,
    disk_not_known: () => 'không rõ dung lượng của thư mục dữ liệu',
    inventory_in_force: () => 'đang có hiệu lực',
    inventory_file_unusable: () => 'tệp hiện tại không dùng được: bản trước vẫn có hiệu lực',
    rules_run: () => 'chạy đúng như trong tệp',
    rule_files_unusable: () => 'tệp quy tắc cảnh báo hiện tại không dùng được: bản trước vẫn chạy',
    measurement_files_unusable: () => 'tệp khai báo số đo hiện tại không dùng được: bản trước vẫn chạy',
    backup_age: ({ forMs }) =>
      `đã ${lasting(forMs)} từ bản sao lưu đầy đủ gần nhất, hoặc từ lần khởi động đầu`,
    canary_hop_broken: ({ hop, forMs }) => `không đi qua được ${hop} đã ${lasting(forMs)}`,
    canary_channel_broken: ({ forMs }) => `không đi qua được một kênh đã ${lasting(forMs)}`,
    canary_alarm_open: ({ rule, forMs }) => `không đi qua được: ${rule} đang mở đã ${lasting(forMs)}`,
    canary_never_through: ({ sinceStartMs }) =>
      `chưa rõ: chưa lượt nào kết thúc trong ${lasting(sinceStartMs)} từ khi khởi động, và trước đó chưa lượt nào đi qua`,
    canary_through_before: ({ sinceStartMs, agoMs }) =>
      `chưa lượt nào kết thúc trong ${lasting(sinceStartMs)} từ khi khởi động; lần đi qua gần nhất ${lasting(agoMs)} trước`,
    canary_overdue: ({ agoMs }) => `lần gần nhất đã ${lasting(agoMs)} trước`,
    canary_through: ({ agoMs }) => `đi qua được, ${lasting(agoMs)} trước`,
    canary_through_in: ({ tookMs, agoMs }) => `đi qua trong ${tookMs} ms, ${lasting(agoMs)} trước`,
    no_own_alarm: () => 'không có',
    own_alarm: ({ rule, severity }) => `${rule} (${severities[severity] ?? severity})`,
  };
}

function inBrackets(text: string): string {
  return text === '' ? '' : ` (${text})`;
}
