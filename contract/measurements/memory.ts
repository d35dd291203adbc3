import type { MeasurementDefinition } from '../catalogue.ts';
import { bytes, count, float, fromAgent, FROM_ZERO, percent } from './define.ts';

const USAGE = 'system.memory.usage';

const mem = fromAgent({
  name: 'mem',
  en: 'memory of a machine',
  vi: 'bộ nhớ của máy',
  fields: {
    total: bytes('installed', 'tổng dung lượng', 'system.memory.limit'),
    available: bytes('can be used without swapping', 'có thể dùng ngay', 'system.memory.linux.available'),
    available_percent: percent('available ÷ total', 'tỷ lệ còn dùng được'),
    used: bytes('neither free, buffers nor cache', 'đang dùng (trừ trống, đệm, bộ đệm tệp)', USAGE),
    used_percent: percent('used ÷ total', 'tỷ lệ đã dùng', 'system.memory.utilization'),
    free: bytes('not used for anything', 'trống hoàn toàn', USAGE),
    cached: bytes('file cache', 'bộ đệm tệp', USAGE),
    buffered: bytes('buffers of block devices', 'vùng đệm thiết bị khối', USAGE),
    active: bytes('used lately', 'mới dùng gần đây'),
    active_anon: bytes('of programs, used lately', 'của chương trình, mới dùng gần đây'),
    active_file: bytes('of files, used lately', 'của tệp, mới dùng gần đây'),
    inactive: bytes('not used lately', 'lâu không dùng'),
    inactive_anon: bytes('of programs, not used lately', 'của chương trình, lâu không dùng'),
    inactive_file: bytes('of files, not used lately', 'của tệp, lâu không dùng'),
    commit_limit: bytes('limit of committed memory (CommitLimit)', 'giới hạn cam kết'),
    committed_as: bytes('committed to programs', 'đã cam kết cho chương trình'),
    dirty: bytes('waiting to be written to disk', 'chờ ghi ra đĩa'),
    write_back: bytes('being written to disk', 'đang ghi ra đĩa'),
    write_back_tmp: bytes('of FUSE, being written', 'của FUSE, đang ghi'),
    high_free: bytes('free high memory', 'bộ nhớ cao còn trống'),
    high_total: bytes('high memory', 'bộ nhớ cao'),
    low_free: bytes('free low memory', 'bộ nhớ thấp còn trống'),
    low_total: bytes('low memory', 'bộ nhớ thấp'),
    huge_page_size: bytes('size of a huge page', 'kích thước trang lớn'),
    huge_pages_free: count('page', 'free huge pages', 'số trang lớn còn trống'),
    huge_pages_total: count('page', 'huge pages', 'số trang lớn'),
    mapped: bytes('files mapped into programs', 'tệp ánh xạ vào chương trình'),
    page_tables: bytes('page tables', 'bảng trang'),
    percpu: bytes('kernel data of each processor', 'dữ liệu nhân theo từng bộ xử lý'),
    shared: bytes('shared memory', 'bộ nhớ dùng chung', 'system.memory.linux.shared'),
    slab: bytes('data of the kernel', 'dữ liệu của nhân', 'system.memory.linux.slab.usage'),
    sreclaimable: bytes('data of the kernel that can be reclaimed', 'dữ liệu nhân có thể thu hồi'),
    sunreclaim: bytes('data of the kernel that cannot be reclaimed', 'dữ liệu nhân không thể thu hồi'),
    swap_cached: bytes('in memory and in swap', 'vừa ở bộ nhớ vừa ở vùng tráo đổi'),
    swap_free: bytes('free swap', 'vùng tráo đổi còn trống'),
    swap_total: bytes('swap', 'vùng tráo đổi'),
    unevictable: bytes('locked into memory', 'bị khóa trong bộ nhớ'),
    vmalloc_chunk: bytes('largest free kernel block', 'khối nhân trống lớn nhất'),
    vmalloc_total: bytes('kernel address space', 'không gian địa chỉ nhân'),
    vmalloc_used: bytes('kernel address space in use', 'không gian địa chỉ nhân đã dùng'),
    wired: bytes('locked by the kernel (BSD)', 'bị nhân khóa (BSD)'),
    laundry: bytes('waiting to be cleaned (FreeBSD)', 'chờ dọn (FreeBSD)'),
  },
});

const swap = fromAgent({
  name: 'swap',
  en: 'swap space of a machine',
  vi: 'vùng tráo đổi của máy',
  fields: {
    total: bytes('size', 'tổng dung lượng', 'system.paging.usage'),
    used: bytes('in use', 'đã dùng', 'system.paging.usage'),
    free: bytes('free', 'còn trống', 'system.paging.usage'),
    used_percent: percent('used ÷ total', 'tỷ lệ đã dùng', 'system.paging.utilization'),
    in: bytes('read back since boot', 'đọc lại từ khi khởi động'),
    out: bytes('written out since boot', 'ghi ra từ khi khởi động'),
    pswpin_per_s: float('{page}/s', FROM_ZERO, 'pages read back', 'số trang đọc lại mỗi giây'),
    pswpout_per_s: float('{page}/s', FROM_ZERO, 'pages written out', 'số trang ghi ra mỗi giây'),
  },
});

export const MEMORY: readonly MeasurementDefinition[] = [mem, swap];
