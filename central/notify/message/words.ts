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
  readonly suppressed: (count: number) => string;
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
    cutOff: ({ sites, units, devices, services }, isOver) =>
      `${isOver ? 'was cut off' : 'cut off'}: ${listOf([
        [sites, sites === 1 ? 'site' : 'sites'],
        [units, units === 1 ? 'unit' : 'units'],
        [devices, devices === 1 ? 'device' : 'devices'],
        [services, services === 1 ? 'service' : 'services'],
      ])}`,
    root: (name) => `Root: ${name}`,
    suppressed: (count) =>
      count === 1 ? '1 alert is suppressed because of it' : `${count} alerts are suppressed because of it`,
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
    cutOff: ({ sites, units, devices, services }, isOver) =>
      `${isOver ? 'đã mất kết nối' : 'mất kết nối'}: ${listOf([
        [sites, 'điểm'],
        [units, 'đơn vị'],
        [devices, 'thiết bị'],
        [services, 'dịch vụ'],
      ])}`,
    root: (name) => `Nguyên nhân gốc: ${name}`,
    suppressed: (count) => `${count} cảnh báo khác không gửi vì nguyên nhân này`,
    test: 'Thử Wardwatch',
    testText: 'Đây là tin thử. Không cần làm gì.',
  },
};

function listOf(counts: readonly (readonly [number, string])[]): string {
  return counts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`])).join(', ');
}
