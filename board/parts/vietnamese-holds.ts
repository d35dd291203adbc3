import type { Answers } from '../api/answers.ts';

type Hold = NonNullable<Answers['/api/v1/alerts/{id}/explain']['suppression']['now']>;

/** Why nobody is told of an alert, in Vietnamese. */
export const VIETNAMESE_HOLDS: Readonly<Record<Hold['kind'], (by: string) => string>> = {
  maintenance: (by) => `đang bảo trì (${by})`,
  shelved: () => 'đã tạm gác',
  silenced: (by) => `đã tắt báo (${by})`,
  parent: (by) => `do ${idIn(by)} bị mất hoặc bị cắt khỏi mạng`,
  power: (by) => `do ${idIn(by)} mất điện`,
  waiting: (by) => WAITS[by] ?? `chờ vì ${idIn(by)}`,
};

/** What central names where it waits for nothing of the inventory. */
const WAITS: Readonly<Record<string, string>> = {
  parent_window: 'chờ xem có phải do một thứ sắp được phát hiện là mất',
  recovery: 'nguyên nhân đã hết, cảnh báo này có thể sắp hết',
  routes: 'kênh nhận tin không còn, đang xét lại tuyến báo',
};

function idIn(ref: string): string {
  return ref.slice(ref.indexOf(':') + 1);
}
