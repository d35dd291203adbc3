import type { IncidentCounts } from '../../alerts/incidents/incident-view.ts';
import type { Severity } from '../../alerts/rules/severity.ts';

export const LANGUAGES = ['en', 'vi'] as const;
export type Language = (typeof LANGUAGES)[number];

interface Words {
  readonly severity: Readonly<Record<Severity, string>>;
  readonly over: string;
  readonly since: string;
  readonly began: string;
  readonly unit: string;
  readonly more: (count: number) => string;
  readonly counted: (begun: number, changed: number, over: number) => string;
  /** What hangs on the root of an incident, the root included. */
  readonly cutOff: (cut: IncidentCounts, isOver: boolean) => string;
  readonly root: (name: string) => string;
  readonly suppressed: (count: number, isOver: boolean) => string;
  readonly test: string;
  readonly testText: string;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    severity: { warning: 'WARNING', minor: 'MINOR', major: 'MAJOR', critical: 'CRITICAL' },
    over: 'OVER',
    since: 'since',
    began: 'began',
    unit: 'unit',
    more: (count) => `… and ${count} more`,
    counted: (begun, changed, over) =>
      listOf([
        [begun, 'new'],
        [changed, 'changed'],
        [over, 'over'],
      ]),
    cutOff: (cut, isOver) => {
      const { sites, devices, services } = cut;
      const inUnits = whereOf(cut, (units) => (units === 1 ? ' in 1 unit' : ` in ${units} units`));
      return `${isOver ? 'was cut off' : 'cut off'}: ${listOf([
        [sites, `${sites === 1 ? 'site' : 'sites'}${inUnits.ofSites}`],
        [devices, `${devices === 1 ? 'device' : 'devices'}${inUnits.ofDevices}`],
        [services, services === 1 ? 'service' : 'services'],
      ])}`;
    },
    root: (name) => `Root: ${name}`,
    suppressed: (count, isOver) =>
      count === 1
        ? `1 alert ${isOver ? 'was' : 'is'} suppressed because of it`
        : `${count} alerts ${isOver ? 'were' : 'are'} suppressed because of it`,
    test: 'Test of Wardwatch',
    testText: 'This is a test. No action is needed.',
  },
  vi: {
    severity: { warning: 'CẢNH BÁO', minor: 'NHẸ', major: 'NẶNG', critical: 'NGHIÊM TRỌNG' },
    over: 'ĐÃ HẾT',
    since: 'từ',
    began: 'bắt đầu',
    unit: 'đơn vị',
    more: (count) => `… và ${count} cảnh báo nữa`,
    counted: (begun, changed, over) =>
      listOf([
        [begun, 'mới'],
        [changed, 'thay đổi'],
        [over, 'đã hết'],
      ]),
    cutOff: (cut, isOver) => {
      const { sites, devices, services } = cut;
      const inUnits = whereOf(cut, (units) => ` ở ${units} đơn vị`);
      return `${isOver ? 'đã mất kết nối' : 'mất kết nối'}: ${listOf([
        [sites, `điểm${inUnits.ofSites}`],
        [devices, `thiết bị${inUnits.ofDevices}`],
        [services, 'dịch vụ'],
      ])}`;
    },
    root: (name) => `Nguyên nhân gốc: ${name}`,
    suppressed: (count, isOver) =>
      `${count} cảnh báo khác ${isOver ? 'đã không gửi' : 'không gửi'} vì nguyên nhân này`,
    test: 'Thử Wardwatch',
    testText: 'Đây là tin thử. Không cần làm gì.',
  },
};

/** Units are where something is cut off, not cut off themselves: said of sites, else of devices; of a single one its own line says it. */
function whereOf(
  { sites, devices, units }: IncidentCounts,
  inUnits: (units: number) => string,
): { readonly ofSites: string; readonly ofDevices: string } {
  const ofAll = units === 0 || (sites || devices) === 1 ? '' : inUnits(units);
  return sites > 0 ? { ofSites: ofAll, ofDevices: '' } : { ofSites: '', ofDevices: ofAll };
}

function listOf(counts: readonly (readonly [number, string])[]): string {
  return counts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`])).join(', ');
}
