import { describe, expect, it } from 'vitest';
import { fold } from './fold.ts';

describe('a folded text', () => {
  it.each([
    ['Thủ Dầu Một', 'thu dau mot'],
    ['Thủ Dầu Một'.normalize('NFD'), 'thu dau mot'],
    ['  THỦ   DẦU\u00a0MỘT ', 'thu dau mot'],
    ['Đa Kao', 'da kao'],
    ['đường Điện Biên Phủ', 'duong dien bien phu'],
    ['Hòa Bình', 'hoa binh'],
    ['Hoà Bình', 'hoa binh'],
    ['Ưu ơ Ư Ơ ă â ê ô', 'uu o u o a a e o'],
    ['Trung tâm văn hoá – thể thao', 'trung tam van hoa the thao'],
    ['Bà Rịa–Vũng Tàu', 'ba ria vung tau'],
    ['n-26737-01', 'n 26737 01'],
    ['GigabitEthernet0/1', 'gigabitethernet0 1'],
    ['１０２２', '1022'],
    ['', ''],
    ['–…', ''],
  ])('of %j is %j', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  it('is folded already', () => {
    for (const text of ['Thủ Dầu Một', 'Đ/đ', 'ﬁbre', 'İstanbul', '\ud800']) {
      expect(fold(fold(text))).toBe(fold(text));
    }
  });
});
