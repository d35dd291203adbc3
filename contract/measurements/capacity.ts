import {
  ANY,
  count,
  float,
  fromAgent,
  fromCentral,
  FROM_ZERO,
  int,
  percent,
  POOL,
  RESOURCE,
  SITE,
  text,
  type Field,
} from './define.ts';

/** In the resource's own unit: cores, bytes, watts, rack units. */
function amount(en: string, vi: string): Field<'float'> {
  return float('1', FROM_ZERO, en, vi);
}

function ratio(en: string, vi: string): Field<'float'> {
  return float('1', FROM_ZERO, en, vi);
}

const PHYSICAL = amount('installed', 'đã lắp đặt');
const USABLE = amount('physical without the largest host (N+1)', 'vật lý trừ máy chủ lớn nhất (N+1)');
const ALLOCATED = amount('allocated', 'đã cấp phát');
const USED = amount('in use', 'đang dùng');
const USED_P95 = amount('in use, p95', 'đang dùng, p95');
const USED_PCT = float('%', FROM_ZERO, 'used ÷ usable', 'đã dùng ÷ khả dụng');
const ALLOCATED_PCT = float('%', FROM_ZERO, 'allocated ÷ usable', 'đã cấp phát ÷ khả dụng');

const capacity = fromAgent({
  name: 'capacity',
  en: 'pools of the datacentre and the cloud',
  vi: 'các nhóm tài nguyên của trung tâm dữ liệu và đám mây',
  tags: { pool: POOL, resource: RESOURCE },
  required: ['pool', 'resource'],
  fields: {
    physical: PHYSICAL,
    usable: USABLE,
    allocated: ALLOCATED,
    used: USED,
    used_p95: USED_P95,
    used_pct: USED_PCT,
    allocated_pct: ALLOCATED_PCT,
    overcommit_ratio: ratio('allocated ÷ usable', 'đã cấp phát ÷ khả dụng, dạng tỷ số'),
    hosts: count('host', 'hosts that these sums are over', 'số máy chủ trong các tổng này'),
    hosts_silent: count('host', 'hosts that did not answer, left out', 'số máy chủ không trả lời, bị bỏ ra'),
    cpu_ready_pct: percent('time virtual processors wait for a real one', 'thời gian CPU ảo chờ CPU thật'),
    pue: float(
      '1',
      { min: 1 },
      'facility energy ÷ IT energy',
      'điện năng toàn trạm ÷ điện năng thiết bị CNTT',
    ),
  },
});

function days(en: string, vi: string): Field<'float'> {
  return float('d', FROM_ZERO, en, vi);
}

const forecast = fromCentral({
  name: 'capacity_forecast',
  en: 'when a pool will be full',
  vi: 'dự báo thời điểm nhóm tài nguyên đầy',
  tags: { site: SITE, pool: POOL, resource: RESOURCE },
  required: ['pool', 'resource'],
  fields: {
    days_to_full_p10: days('pessimistic; drives alarms', 'bi quan; dùng để cảnh báo'),
    days_to_full_p50: days('middle', 'trung vị'),
    days_to_full_p90: days('optimistic', 'lạc quan'),
    history_days: days('history it rests on', 'số ngày dữ liệu lịch sử'),
    slope_per_day: float('1/d', ANY, 'growth, in the unit of the resource', 'mức tăng mỗi ngày'),
    used_pct: USED_PCT,
    model: text('model', 'mô hình'),
    backtests: int(
      '{test}',
      FROM_ZERO,
      'earlier predictions whose errors make the range',
      'số dự báo trước đó, sai số của chúng tạo nên khoảng',
    ),
  },
});

const poolState = fromCentral({
  name: 'pool_state',
  en: 'each pool, once a minute',
  vi: 'trạng thái từng nhóm tài nguyên, mỗi phút',
  tags: { site: SITE, pool: POOL, resource: RESOURCE },
  required: ['pool', 'resource'],
  fields: {
    physical: PHYSICAL,
    usable: USABLE,
    allocated: ALLOCATED,
    used: USED,
    used_p95: USED_P95,
    used_pct: USED_PCT,
    allocated_pct: ALLOCATED_PCT,
    days_to_full_p10: days('forecast, pessimistic', 'dự báo bi quan'),
  },
});

export const CAPACITY = [capacity, forecast, poolState] as const;
