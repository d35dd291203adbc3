import type { InventoryFile } from '../../contract/inventory.ts';
import type { DemoKind } from './demo-fault.ts';

export interface DemoText {
  readonly vi: string;
  readonly en: string;
}

export interface DemoKindInfo {
  readonly title: DemoText;
  /** What will be seen, and when. */
  readonly explanation: DemoText;
  /** What kind of element its target is. */
  readonly target: 'site' | 'unit' | 'agent';
  /** It mends itself after so long. */
  readonly lastsMs: number;
  /** Ids, the best to look at first. */
  readonly targetsOf: (inventory: InventoryFile) => readonly string[];
}

const MINUTE_MS = 60_000;

/** In the order in which they are offered. */
export const DEMO_KIND_INFOS: Readonly<Record<DemoKind, DemoKindInfo>> = {
  'fibre-cut': {
    title: { vi: 'Cắt cáp quang', en: 'Cut a fibre' },
    explanation: {
      vi: 'Đường cáp của một nút mạng bị đứt: các điểm phía sau mất liên lạc trong nửa phút, thành một sự cố có một gốc.',
      en: 'The line of a hub is cut: within half a minute the sites behind it cannot be reached, as one incident with one root.',
    },
    target: 'site',
    lastsMs: 5 * MINUTE_MS,
    // With a second way nothing would be cut off.
    targetsOf: ({ sites }) => {
      const hubs = sites.filter(({ kind }) => kind === 'hub');
      const ids = new Set(hubs.map(({ id }) => id));
      const behind = (hub: string): number => sites.filter(({ parents }) => parents?.[0] === hub).length;
      return hubs
        .filter(({ parents = [] }) => !parents.some((parent) => ids.has(parent)))
        .map(({ id }) => ({ id, count: behind(id) }))
        .sort((a, b) => b.count - a.count || a.id.localeCompare(b.id))
        .map(({ id }) => id);
    },
  },
  'power-cut': {
    title: { vi: 'Mất điện, chạy ắc quy', en: 'Power cut, on batteries' },
    explanation: {
      vi: 'Một điểm mất điện lưới: bộ lưu điện báo chạy ắc quy ngay ở lần đo tới, số phút còn lại giảm dần.',
      en: 'A site loses mains power: its UPS reports that it is on battery at the next measurement, and its minutes run down.',
    },
    target: 'site',
    lastsMs: 5 * MINUTE_MS,
    targetsOf: ({ devices }) => [
      ...new Set(devices.filter(({ kind }) => kind === 'ups').map(({ site }) => site)),
    ],
  },
  'gateway-dead': {
    title: { vi: 'Gateway ngừng hoạt động', en: 'A gateway dies' },
    explanation: {
      vi: 'Một gateway im lặng: sau ba chu kỳ đo không có tin, mọi thứ nó theo dõi thành không rõ, không phải xanh.',
      en: 'A gateway falls silent: after three intervals without a word all that it watches is unknown, and not green.',
    },
    target: 'agent',
    lastsMs: 5 * MINUTE_MS,
    targetsOf: ({ agents, sites }) => {
      const ends = new Set(sites.filter(({ kind }) => kind === 'site').map(({ id }) => id));
      return agents.filter(({ kind, site }) => kind === 'gateway' && ends.has(site)).map(({ id }) => id);
    },
  },
  '5g-dip': {
    title: { vi: 'Sụt sóng 5G cả phường', en: 'A dip of 5G over a ward' },
    explanation: {
      vi: 'Sóng của mọi modem trong một phường yếu đi: cảnh báo sau khoảng nửa phút, cho cả phường chứ không từng modem.',
      en: 'All modems of a ward hear less: an alert after about half a minute, for the ward and not for each modem.',
    },
    target: 'unit',
    lastsMs: 5 * MINUTE_MS,
    targetsOf: ({ units, devices }) => {
      const heard = new Set(devices.filter(({ kind }) => kind === 'modem').map(({ unit }) => unit));
      return units.map(({ code }) => code).filter((code) => heard.has(code));
    },
  },
  'storage-filling': {
    title: { vi: 'Ổ đĩa đầy dần', en: 'Storage fills up' },
    explanation: {
      vi: 'Ổ đĩa của một máy chủ đầy dần; cảnh báo dựa trên tốc độ nên đến sau mười phút trở lên, biểu đồ thấy ngay.',
      en: 'The disk of a server fills; the alert judges its pace and comes after ten minutes or more, the chart shows it at once.',
    },
    target: 'agent',
    lastsMs: 45 * MINUTE_MS,
    targetsOf: serversOf,
  },
  'certificate-expiring': {
    title: { vi: 'Chứng thư số sắp hết hạn', en: 'A certificate is running out' },
    explanation: {
      vi: 'Một máy chủ báo chứng thư còn hai ngày: cảnh báo ở lần đo tới; khi kết thúc, chứng thư đã được gia hạn.',
      en: 'A server reports a certificate with two days left: an alert at the next measurement; at the end it has been renewed.',
    },
    target: 'agent',
    lastsMs: 5 * MINUTE_MS,
    targetsOf: serversOf,
  },
  'clock-wrong': {
    title: { vi: 'Đồng hồ sai giờ', en: 'A clock is wrong' },
    explanation: {
      vi: 'Đồng hồ của một gateway chậm hơn sáu phút: cảnh báo sau nửa phút nêu tên và độ lệch; các cảnh báo khác vẫn xét theo giờ trung tâm.',
      en: 'The clock of a gateway is more than six minutes behind: an alert after half a minute names it and the difference; other alerts are judged by the time of central.',
    },
    target: 'agent',
    lastsMs: 5 * MINUTE_MS,
    targetsOf: ({ agents }) => agents.filter(({ kind }) => kind === 'gateway').map(({ id }) => id),
  },
};

function serversOf({ agents }: InventoryFile): readonly string[] {
  return agents.filter(({ kind }) => kind === 'server').map(({ id }) => id);
}
