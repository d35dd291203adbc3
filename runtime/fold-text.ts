/** For searching: without case and diacritics, so that `thu duc` finds `Thủ Đức`, in whichever normal form it was written. Pure. */
export function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
}
