import { describe, expect, it } from 'vitest';
import { ruleKinds } from '../../central/alerts/rules/kinds/index.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { explainRule } from './rules-explain.ts';

const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
const ruleOf = (id: string): AlertRule => rules.find((rule) => rule.id === id) as AlertRule;

interface Firing {
  readonly en: readonly string[];
  readonly vi: readonly string[];
}

/** What stands behind `Fires`: a line a level, English first. */
function firing(rule: AlertRule): Firing {
  const text = explainRule(rule);
  const lines = text.slice(text.indexOf('\nFires'), text.indexOf('\nTo do')).trim().split('\n');
  const levels = lines.map((line) => line.replace(/^(Fires)?\s+/, ''));
  const { length } = rule.settings.levels;
  return { en: levels.slice(0, length), vi: levels.slice(length) };
}

describe('when a rule fires and ends', () => {
  it.each([
    [
      'disk_days_to_full',
      'WARNING: below 30 d to full, with more than 70 % in use, once that lasts 6 h; ends back at 37 d, or at 65 % in use, for 12 h',
      'CẢNH BÁO: đầy trong chưa tới 30 ngày, và đã dùng trên 70 %, khi kéo dài 6 giờ; kết thúc khi trở lại 37 ngày, hoặc đã dùng còn 65 %, trong 12 giờ',
    ],
    [
      'service_target_missed',
      'WARNING: above 1 times the allowed rate over both 3 d and 6 h, at once; ends back at 0.9 times over one of them, for 5 min',
      'CẢNH BÁO: trên 1 lần mức cho phép trong cả 3 ngày lẫn 6 giờ, ngay lập tức; kết thúc khi trở lại 0.9 lần ở một khoảng, trong 5 phút',
    ],
    [
      'signal_below_ward',
      'WARNING: more than 5 standard deviations and 15 dBm below the median, of at least 5, once that lasts 30 min; ends back at 3 standard deviations for 10 min',
      'CẢNH BÁO: thấp hơn trung vị quá 5 độ lệch chuẩn và 15 dBm, trong ít nhất 5, khi kéo dài 30 phút; kết thúc khi trở lại 3 độ lệch chuẩn trong 10 phút',
    ],
    [
      'site_cut',
      'CRITICAL: cut or down, and cuts off a site, at once; ends when it is no longer so for 30 s',
      'NGHIÊM TRỌNG: bị cô lập hoặc ngừng hoạt động, và làm mất kết nối ít nhất 1 điểm, ngay lập tức; kết thúc khi không còn như vậy trong 30 giây',
    ],
    [
      'agent_silent',
      'MAJOR: above 3 intervals, at once; ends back at 2 intervals for 30 s',
      'NẶNG: trên 3 chu kỳ, ngay lập tức; kết thúc khi trở lại 2 chu kỳ trong 30 giây',
    ],
    [
      'agent_twins',
      'MAJOR: found, at once; ends when it is no longer so for 10 min',
      'NẶNG: được phát hiện, ngay lập tức; kết thúc khi không còn như vậy trong 10 phút',
    ],
    [
      'memory_exhausted',
      'MAJOR: at least 2 of the 3 conditions hold, once that lasts 5 min; ends when it is no longer so for 5 min',
      'NẶNG: ít nhất 2 trong 3 điều kiện đúng, khi kéo dài 5 phút; kết thúc khi không còn như vậy trong 5 phút',
    ],
    [
      'coverage_dip',
      'MAJOR: above 40 %, at least 3 in breach of at least 3, once that lasts 20 s; ends back at 25 % for 60 s',
      'NẶNG: trên 40 %, ít nhất 3 vi phạm trong ít nhất 3, khi kéo dài 20 giây; kết thúc khi trở lại 25 % trong 60 giây',
    ],
    [
      'room_warming',
      'MINOR: above 10 °C/h, at once; ends back at 5 °C/h, with a value of at most 27 °C, for 10 min',
      'NHẸ: trên 10 °C/h, ngay lập tức; kết thúc khi trở lại 5 °C/h, với giá trị không quá 27 °C, trong 10 phút',
    ],
    [
      'agent_losing_data',
      'CRITICAL: above 0.5 sample, at once; ends back at 0 sample at once',
      'NGHIÊM TRỌNG: trên 0.5, ngay lập tức; kết thúc khi trở lại 0 ngay lập tức',
    ],
  ])('%s', (id, en, vi) => {
    const found = firing(ruleOf(id));
    expect([found.en[0], found.vi[0]]).toEqual([en, vi]);
  });

  it('is said of every kind and every shipped rule, and in Vietnamese without a word of English', () => {
    const kinds = new Set(rules.map(({ settings }) => settings.kind));
    expect([...kinds].sort()).toEqual(ruleKinds.map(({ kind }) => kind).sort());
    for (const rule of rules) {
      const { en, vi } = firing(rule);
      expect([en.length, vi.length], rule.id).toEqual([rule.settings.levels.length, en.length]);
      for (const [at, line] of vi.entries()) {
        expect(line, rule.id).toMatch(/^[^:]+: [^,]+, .*; kết thúc khi /);
        const english = new Set(wordsOf(en[at] ?? ''));
        expect([rule.id, wordsOf(line).filter((word) => english.has(word))]).toEqual([rule.id, []]);
      }
    }
  });

  it('says how often it is looked at', () => {
    expect(explainRule(ruleOf('service_target_missed'))).toContain(
      'services and the inventory, every 15 s\n',
    );
    expect(explainRule(ruleOf('site_cut'))).toContain('services and the inventory, each second\n');
    expect(explainRule(ruleOf('device_silent'))).toContain('và danh mục, mỗi 60 giây\n');
  });
});

/** Words of a text, without values and units. */
function wordsOf(text: string): string[] {
  const values = /^(true|false|dBm?|ms|B|[A-Z_]+)$/;
  const words = text.replace(/(?<=equal to |bằng )[^,]+/, '').match(/[\p{L}_]+/gu) ?? [];
  return words.filter((word) => word.length > 1 && !values.test(word));
}
