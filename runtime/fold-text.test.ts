import { expect, it } from 'vitest';
import { foldText } from './fold-text.ts';

it.each([
  ['Thủ Đức', 'thu duc'],
  ['THU DAU MOT', 'thu dau mot'],
  ['Phường Tân Định'.normalize('NFD'), 'phuong tan dinh'],
  ['n-26737-01', 'n-26737-01'],
  ['', ''],
])('%s is found as %s', (text, folded) => expect(foldText(text)).toBe(folded));
