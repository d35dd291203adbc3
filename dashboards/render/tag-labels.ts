import type { Text } from '../../contract/catalogue.ts';

/** Tags as heads of columns: the catalogue explains them at more length. */
const TAG_LABELS: Readonly<Record<string, Text>> = {
  agent: { en: 'Agent', vi: 'Tác tử' },
  alias: { en: 'Alias', vi: 'Tên đặt' },
  band: { en: 'Band', vi: 'Băng tần' },
  check: { en: 'Check', vi: 'Bước kiểm tra' },
  collector: { en: 'Collector', vi: 'Bộ thu' },
  common_name: { en: 'Subject', vi: 'Chủ thể' },
  container: { en: 'Container', vi: 'Container' },
  device: { en: 'Device', vi: 'Thiết bị' },
  domain: { en: 'Name', vi: 'Tên miền' },
  event: { en: 'Event', vi: 'Sự kiện' },
  hop: { en: 'Hop', vi: 'Chặng' },
  host: { en: 'Server', vi: 'Máy chủ' },
  id: { en: 'Link', vi: 'Đường nối' },
  interface: { en: 'Port', vi: 'Cổng' },
  isp: { en: 'Provider', vi: 'Nhà cung cấp' },
  kind: { en: 'Kind', vi: 'Loại' },
  line: { en: 'Line', vi: 'Đường truyền' },
  model: { en: 'Model', vi: 'Kiểu' },
  name: { en: 'Name', vi: 'Tên' },
  operator: { en: 'Operator', vi: 'Nhà mạng' },
  parent: { en: 'Behind', vi: 'Cấp trên' },
  path: { en: 'Mounted at', vi: 'Điểm gắn' },
  peer: { en: 'Neighbour', vi: 'Láng giềng' },
  pool: { en: 'Pool', vi: 'Cụm tài nguyên' },
  probe: { en: 'Measured from', vi: 'Điểm đo' },
  protocol: { en: 'Protocol', vi: 'Giao thức' },
  rat: { en: 'Technology', vi: 'Công nghệ' },
  replica: { en: 'Central', vi: 'Trung tâm' },
  resource: { en: 'Resource', vi: 'Đối tượng' },
  root: { en: 'Root', vi: 'Gốc' },
  rule: { en: 'Rule', vi: 'Quy tắc' },
  sensor: { en: 'Sensor', vi: 'Cảm biến' },
  server: { en: 'Address', vi: 'Địa chỉ' },
  service: { en: 'Service', vi: 'Dịch vụ' },
  severity: { en: 'Severity', vi: 'Mức độ' },
  site: { en: 'Site', vi: 'Điểm' },
  slot: { en: 'Slot', vi: 'Ô' },
  source: { en: 'From', vi: 'Từ' },
  storage: { en: 'Storage', vi: 'Vùng lưu trữ' },
  target: { en: 'To', vi: 'Đến' },
  type: { en: 'Type', vi: 'Kiểu' },
  unit: { en: 'Unit', vi: 'Đơn vị' },
  url: { en: 'Address', vi: 'Địa chỉ' },
  window: { en: 'Window', vi: 'Khung bảo trì' },
};

/** Throws an Error that names the tag. */
export function tagLabel(tag: string): Text {
  const label = TAG_LABELS[tag];
  if (label === undefined) throw new Error(`dashboards: tag "${tag}" has no label in render/tag-labels.ts`);
  return label;
}
