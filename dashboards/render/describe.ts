import type { Text } from '../../contract/catalogue.ts';
import type { Stat } from '../panel/panel.ts';
import { MOST_SERIES } from '../query/select.ts';
import { ruleOf } from '../rules.ts';
import { say, type Context } from './context.ts';

const RULES: Text = { en: 'Judged by these alert rules', vi: 'Các quy tắc cảnh báo áp dụng' };

const MOST: Text = {
  en: `At most ${MOST_SERIES} are drawn: choose fewer above.`,
  vi: `Vẽ nhiều nhất ${MOST_SERIES} đường: hãy chọn bớt ở trên.`,
};

/** Default of `retention.rawDays` of central: what minutes and hours do not have is asked of samples alone. */
export const RAW_DAYS = 7;

const KEPT: Text = {
  en: `Reads samples alone: those of the last ${RAW_DAYS} days, unless \`retention.rawDays\` of central says otherwise. Of a longer time the rest is missing.`,
  vi: `Chỉ đọc các mẫu gốc: ${RAW_DAYS} ngày gần nhất, trừ khi \`retention.rawDays\` của trung tâm đặt khác. Chọn khoảng dài hơn thì phần trước đó bị thiếu.`,
};

/** What a reader sees at the (i) of a panel: what it is, the rules that judge it, and what to do when they fire. */
export function description(
  context: Context,
  { about, rules: ruleIds = [], queries }: Pick<Stat, 'about' | 'rules' | 'queries'>,
): string {
  const isCut = queries.some(({ text }) => text.includes(' SLIMIT '));
  const isOfSamples = queries.some(({ text, older }) => older.length === 0 && !text.includes('${__to}'));
  const runbooks = ruleIds.map((id) => {
    const { name, action } = ruleOf(context.rules, id);
    return `- **${say(context, name)}** (\`${id}\`): ${say(context, action)}`;
  });
  const rules = runbooks.length === 0 ? [] : [`**${say(context, RULES)}**\n${runbooks.join('\n')}`];
  return [
    say(context, about),
    ...(isCut ? [say(context, MOST)] : []),
    ...(isOfSamples ? [say(context, KEPT)] : []),
    ...rules,
  ].join('\n\n');
}
