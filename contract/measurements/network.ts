import {
  bool,
  bytes,
  code,
  count,
  float,
  fromAgent,
  FROM_ZERO,
  int,
  percent,
  PERCENT,
  tag,
  text,
  type Field,
} from './define.ts';

const net = fromAgent({
  name: 'net',
  en: 'network cards of a machine, counters since boot',
  vi: 'card mạng của máy, bộ đếm từ khi khởi động',
  tags: { interface: tag('network card', 'card mạng') },
  required: ['interface'],
  fields: {
    bytes_recv: bytes('received', 'lượng nhận', 'system.network.io'),
    bytes_sent: bytes('sent', 'lượng gửi', 'system.network.io'),
    packets_recv: count('packet', 'received', 'số gói nhận', 'system.network.packet.count'),
    packets_sent: count('packet', 'sent', 'số gói gửi', 'system.network.packet.count'),
    err_in: count('packet', 'received damaged', 'số gói nhận lỗi', 'system.network.errors'),
    err_out: count('packet', 'not sent, error', 'số gói gửi lỗi', 'system.network.errors'),
    drop_in: count('packet', 'received, dropped', 'số gói nhận bị bỏ', 'system.network.packet.dropped'),
    drop_out: count('packet', 'to be sent, dropped', 'số gói gửi bị bỏ', 'system.network.packet.dropped'),
    speed: int('Mbit/s', FROM_ZERO, 'speed of the link', 'tốc độ đường nối'),
    // Of what tells rates and no counters, as Windows does.
    bytes_recv_per_s: float('By/s', FROM_ZERO, 'received', 'lượng nhận mỗi giây'),
    bytes_sent_per_s: float('By/s', FROM_ZERO, 'sent', 'lượng gửi mỗi giây'),
    packets_recv_per_s: float('{packet}/s', FROM_ZERO, 'received', 'số gói nhận mỗi giây'),
    packets_sent_per_s: float('{packet}/s', FROM_ZERO, 'sent', 'số gói gửi mỗi giây'),
  },
});

function rate(en: string, vi: string): Field<'float'> {
  return float('bit/s', FROM_ZERO, en, vi);
}

function sincePrevious(en: string, vi: string): Field<'int'> {
  const [enWhen, viWhen] = ['since the sample before', 'từ mẫu trước'];
  return int('{packet}', FROM_ZERO, `${en} ${enWhen}`, `${vi} ${viWhen}`, 'hw.errors');
}

/** IF-MIB (RFC 2863). Rates come from 64-bit counters at the edge; a reset yields no rate. */
const networkInterface = fromAgent({
  name: 'interface',
  en: 'ports of network nodes',
  vi: 'cổng của nút mạng',
  tags: {
    interface: tag('name of the port (ifName)', 'tên cổng (ifName)'),
    alias: tag('what the operator calls it (ifAlias)', 'tên do người vận hành đặt (ifAlias)'),
  },
  required: ['device', 'interface'],
  fields: {
    oper_status: code(
      7,
      'state (ifOperStatus): 1 up, 2 down, 3 testing, 4 unknown, 5 dormant, 6 not present, 7 lower layer down',
      'trạng thái (ifOperStatus): 1 chạy, 2 ngắt, 3 thử, 4 không rõ, 5 ngủ, 6 không có, 7 lớp dưới ngắt',
    ),
    admin_status: code(
      3,
      'wanted state (ifAdminStatus): 1 up, 2 down, 3 testing',
      'trạng thái mong muốn (ifAdminStatus): 1 bật, 2 tắt, 3 thử',
    ),
    in_use: bool(
      'has been up before, so that down is a fault; false for a port that was never connected',
      'đã từng hoạt động: nếu ngắt là sự cố; cổng chưa từng nối thì không tính',
    ),
    speed_mbps: float('Mbit/s', FROM_ZERO, 'speed (ifHighSpeed)', 'tốc độ (ifHighSpeed)'),
    in_bps: rate('received', 'tốc độ nhận'),
    out_bps: rate('sent', 'tốc độ gửi'),
    utilization_pct: busy('the busier direction', 'chiều bận hơn'),
    in_utilization_pct: busy('received', 'chiều nhận'),
    out_utilization_pct: busy('sent', 'chiều gửi'),
    in_pps: float('{packet}/s', FROM_ZERO, 'packets received', 'số gói nhận mỗi giây'),
    out_pps: float('{packet}/s', FROM_ZERO, 'packets sent', 'số gói gửi mỗi giây'),
    in_errors: sincePrevious('packets received damaged', 'số gói nhận lỗi'),
    out_errors: sincePrevious('packets not sent, error', 'số gói gửi lỗi'),
    in_discards: sincePrevious('good packets received but dropped', 'số gói nhận tốt nhưng bị bỏ'),
    out_discards: sincePrevious('packets to be sent but dropped', 'số gói gửi bị bỏ'),
    in_errors_pct: percent('errors ÷ packets, received', 'tỷ lệ gói lỗi, chiều nhận'),
    out_errors_pct: percent('errors ÷ packets, sent', 'tỷ lệ gói lỗi, chiều gửi'),
    in_discards_pct: percent('discards ÷ packets, received', 'tỷ lệ gói bị bỏ, chiều nhận'),
    out_discards_pct: percent('discards ÷ packets, sent', 'tỷ lệ gói bị bỏ, chiều gửi'),
    last_change_s: float('s', FROM_ZERO, 'time in this state (ifLastChange)', 'thời gian ở trạng thái này'),
    rx_power_dbm: float('dBm', { min: -60, max: 20 }, 'optical power received', 'công suất quang thu'),
    tx_power_dbm: float('dBm', { min: -60, max: 20 }, 'optical power sent', 'công suất quang phát'),
    tx_bias_ma: float('mA', FROM_ZERO, 'bias current of the laser', 'dòng phân cực của laser'),
    transceiver_temperature_celsius: float(
      'Cel',
      { min: -60, max: 150 },
      'temperature of the transceiver',
      'nhiệt độ mô-đun quang',
    ),
    description: text('description (ifDescr)', 'mô tả (ifDescr)'),
  },
});

/** Speeds are nominal: rates up to 1.1 times the speed are valid. */
function busy(en: string, vi: string): Field<'float'> {
  const meaning = [`rate ÷ speed, ${en}`, `tốc độ ÷ dung lượng cổng, ${vi}`] as const;
  return float('%', { min: 0, max: 110 }, ...meaning, 'hw.network.bandwidth.utilization');
}

const device = fromAgent({
  name: 'device',
  en: 'state that a device reports, and whether it answers',
  vi: 'thiết bị tự báo và khả năng trả lời',
  tags: { kind: tag('node, server, modem, ups …', 'nút mạng, máy chủ, modem, UPS …') },
  required: ['device'],
  fields: {
    up: bool('works', 'đang hoạt động'),
    reachable: bool('answers over the network', 'trả lời qua mạng'),
    response_ms: float('ms', FROM_ZERO, 'time to answer', 'thời gian trả lời'),
    uptime_s: int('s', FROM_ZERO, 'time since its restart (sysUpTime)', 'thời gian từ lần khởi động lại'),
    cpu_pct: float('%', PERCENT, 'processor in use', 'bộ xử lý đã dùng', 'hw.host.cpu.utilization'),
    memory_pct: percent('memory in use', 'bộ nhớ đã dùng'),
    storage_pct: percent('storage in use', 'lưu trữ đã dùng'),
    temperature_celsius: float('Cel', { min: -40, max: 150 }, 'temperature', 'nhiệt độ', 'hw.temperature'),
    fan_ok: bool('all fans work', 'tất cả quạt hoạt động'),
    power_supply_ok: bool('all power supplies work', 'tất cả bộ nguồn hoạt động'),
    power_w: float('W', FROM_ZERO, 'power drawn', 'công suất tiêu thụ', 'hw.power'),
    major_alarms_count: count('alarm', 'major alarms of its own (red)', 'số cảnh báo nặng (đỏ)'),
    minor_alarms_count: count('alarm', 'minor alarms of its own (yellow)', 'số cảnh báo nhẹ (vàng)'),
    load1: float('1', FROM_ZERO, 'mean run queue over 1 min', 'hàng đợi chạy trung bình 1 phút'),
    load5: float('1', FROM_ZERO, 'mean run queue over 5 min', 'hàng đợi chạy trung bình 5 phút'),
    load15: float('1', FROM_ZERO, 'mean run queue over 15 min', 'hàng đợi chạy trung bình 15 phút'),
    software: text('software version', 'phiên bản phần mềm'),
    name: text('name of itself (sysName)', 'tên thiết bị tự đặt (sysName)'),
    description: text('description of itself (sysDescr)', 'mô tả thiết bị (sysDescr)'),
    vendor: text('maker', 'nhà sản xuất'),
    model: text('model', 'kiểu thiết bị'),
  },
});

/** HOST-RESOURCES-MIB (RFC 2790), hrStorageTable. */
const deviceStorage = fromAgent({
  name: 'device_storage',
  en: 'storage of a device: memory, swap, disks',
  vi: 'lưu trữ của thiết bị: bộ nhớ, vùng tráo đổi, đĩa',
  tags: {
    storage: tag('what it is, such as / or Physical memory', 'vùng lưu trữ, ví dụ / hoặc Physical memory'),
    type: tag('fixed_disk, ram, virtual_memory …', 'loại: fixed_disk (đĩa), ram, virtual_memory …'),
  },
  required: ['device', 'storage'],
  fields: {
    total_bytes: bytes('size', 'tổng dung lượng'),
    used_bytes: bytes('in use', 'đã dùng'),
    used_pct: percent('used ÷ size', 'tỷ lệ đã dùng'),
  },
});

const deviceDisk = fromAgent({
  name: 'device_disk',
  en: 'disks of a storage device',
  vi: 'ổ đĩa của thiết bị lưu trữ',
  tags: { disk: tag('disk', 'ổ đĩa') },
  required: ['device', 'disk'],
  fields: {
    ok: bool('it works', 'hoạt động tốt'),
    health_ok: bool('its self-test finds nothing (SMART)', 'tự kiểm tra tốt (SMART)'),
    temperature_celsius: float('Cel', { min: -40, max: 150 }, 'temperature', 'nhiệt độ', 'hw.temperature'),
    bad_sectors_count: count('sector', 'bad sectors', 'số cung hỏng'),
    model: text('model', 'kiểu ổ đĩa'),
  },
});

const deviceRaid = fromAgent({
  name: 'device_raid',
  en: 'disk arrays and volumes of a storage device',
  vi: 'mảng đĩa và vùng chứa của thiết bị lưu trữ',
  tags: { raid: tag('array or volume', 'mảng đĩa hoặc vùng chứa') },
  required: ['device', 'raid'],
  fields: {
    ok: bool('whole, or at work on itself without loss', 'đầy đủ, hoặc đang tự xử lý mà không mất dữ liệu'),
    state: text('state in words', 'trạng thái'),
  },
});

const firewall = fromAgent({
  name: 'firewall',
  en: 'sessions, tunnels and failover of a firewall',
  vi: 'phiên, đường hầm và dự phòng của tường lửa',
  tags: { member: tag('of a pair: primary or secondary', 'máy trong cặp: primary hoặc secondary') },
  required: ['device'],
  fields: {
    sessions_count: count('session', 'sessions or connections now', 'số phiên hiện có'),
    sessions_max_count: count('session', 'sessions that it can have', 'số phiên tối đa'),
    sessions_pct: percent('sessions ÷ their maximum', 'tỷ lệ phiên trên mức tối đa'),
    sessions_per_s: float('{session}/s', FROM_ZERO, 'new sessions', 'số phiên mới mỗi giây'),
    vpn_tunnels_count: count('tunnel', 'VPN tunnels that are up', 'số đường hầm VPN đang hoạt động'),
    vpn_users_count: count('user', 'users in the VPN', 'số người dùng trong VPN'),
    failover_state: code(
      4,
      '1 alone, 2 active, 3 standby, 4 failed',
      '1 đơn lẻ, 2 đang hoạt động, 3 dự phòng, 4 hỏng',
    ),
  },
});

const LEVEL = { min: -130, max: 60 };

const radioLink = fromAgent({
  name: 'radio_link',
  en: 'point-to-point and point-to-multipoint radio',
  vi: 'liên kết vô tuyến điểm - điểm, điểm - đa điểm',
  tags: {
    link: tag('radio, or the partner at the other end', 'máy vô tuyến hoặc đầu bên kia'),
    chain: tag('antenna or polarization', 'ăng-ten hoặc phân cực'),
  },
  required: ['device', 'link'],
  fields: {
    signal_dbm: float('dBm', LEVEL, 'power received', 'công suất thu'),
    noise_dbm: float('dBm', LEVEL, 'noise', 'tạp âm'),
    snr_db: float('dB', { min: -50, max: 100 }, 'signal to noise', 'tỷ số tín hiệu trên tạp âm'),
    tx_power_dbm: float('dBm', LEVEL, 'power sent', 'công suất phát'),
    rx_rate_mbps: float('Mbit/s', FROM_ZERO, 'speed of the radio, received', 'tốc độ vô tuyến, chiều thu'),
    tx_rate_mbps: float('Mbit/s', FROM_ZERO, 'speed of the radio, sent', 'tốc độ vô tuyến, chiều phát'),
    rx_errors_pct: percent('packets lost, received', 'tỷ lệ gói lỗi, chiều thu'),
    tx_errors_pct: percent('packets lost, sent', 'tỷ lệ gói lỗi, chiều phát'),
    quality_pct: percent('quality as the device rates it', 'chất lượng theo thiết bị'),
    frequency_mhz: float('MHz', FROM_ZERO, 'middle of the channel', 'tần số giữa kênh'),
    distance_m: float('m', FROM_ZERO, 'distance of the other end', 'khoảng cách tới đầu bên kia'),
    stations_count: count('station', 'partners connected', 'số máy kết nối'),
  },
});

const routingPeer = fromAgent({
  name: 'routing_peer',
  en: 'neighbours of routing protocols',
  vi: 'láng giềng định tuyến',
  tags: {
    protocol: tag('bgp or ospf', 'bgp hoặc ospf'),
    peer: tag('address of the neighbour', 'địa chỉ láng giềng'),
  },
  required: ['device', 'peer'],
  fields: {
    bgp_peer_state: code(6, 'bgpPeerState, 6 established', 'bgpPeerState, 6 là đã thiết lập'),
    ospf_nbr_state: code(8, 'ospfNbrState, 8 full', 'ospfNbrState, 8 là đầy đủ'),
    established: bool('routes are exchanged', 'đang trao đổi tuyến'),
    established_s: int('s', FROM_ZERO, 'time in this state', 'thời gian ở trạng thái này'),
    prefixes_received: count('prefix', 'routes received', 'số tuyến nhận được'),
  },
});

/** SNMPv2-MIB and LLDP-MIB: how neighbours name a device. In rows of its own, so that the latest one has all of it. */
const deviceIdentity = fromAgent({
  name: 'device_identity',
  en: 'how a device is known to its neighbours',
  vi: 'cách thiết bị lân cận nhận ra thiết bị này',
  required: ['device'],
  fields: {
    name: text('name of itself (sysName)', 'tên thiết bị tự đặt (sysName)'),
    chassis: text('its chassis (lldpLocChassisId)', 'mã khung máy (lldpLocChassisId)'),
    address: text('address at which it is measured', 'địa chỉ dùng để đo'),
  },
});

/** LLDP-MIB, lldpRemTable: gives `parent` for suppression. */
const neighbour = fromAgent({
  name: 'lldp_neighbor',
  en: 'device at the other end of a port (LLDP)',
  vi: 'thiết bị ở đầu bên kia của cổng (LLDP)',
  tags: { interface: tag('own port', 'cổng của thiết bị') },
  required: ['device', 'interface'],
  fields: {
    remote_device: text('device at the other end', 'thiết bị đầu bên kia'),
    remote_interface: text('port at the other end', 'cổng đầu bên kia'),
    remote_chassis: text('chassis at the other end (lldpRemChassisId)', 'mã khung máy đầu bên kia'),
    remote_address: text(
      'management address at the other end (lldpRemManAddr)',
      'địa chỉ quản trị đầu bên kia',
    ),
    neighbors_count: count('neighbor', 'devices seen there', 'số thiết bị thấy ở cổng này'),
  },
});

/** BRIDGE-MIB, Q-BRIDGE-MIB and IP-MIB. Only of devices that the agent reads: other addresses are counted, and never sent. */
const portStations = fromAgent({
  name: 'port_stations',
  en: 'devices of the same agent that a device sees behind a port',
  vi: 'thiết bị cùng tác tử được thấy sau một cổng',
  tags: {
    interface: tag('own port', 'cổng của thiết bị'),
    source: tag(
      'fdb: forwarding table of a bridge; arp: ARP or neighbour discovery',
      'fdb: bảng chuyển tiếp; arp: ARP hoặc ND',
    ),
  },
  required: ['device', 'interface', 'source'],
  fields: {
    stations_count: count('station', 'addresses seen at the port', 'số địa chỉ thấy ở cổng'),
    devices_count: count(
      'device',
      'of which are devices that the agent reads',
      'trong đó là thiết bị tác tử đọc',
    ),
    devices: text(
      'these, separated by spaces, where they are at most four',
      'tên các thiết bị này, cách nhau bởi dấu cách, khi không quá bốn',
    ),
  },
});

export const NETWORK = [
  net,
  networkInterface,
  device,
  deviceStorage,
  deviceDisk,
  deviceRaid,
  firewall,
  radioLink,
  routingPeer,
  deviceIdentity,
  neighbour,
  portStations,
] as const;
