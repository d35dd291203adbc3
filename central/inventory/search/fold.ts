import { foldText } from '../../../runtime/fold-text.ts';

/** ASCII letters, digits and separators stay as they are, which spares the long way. */
const PLAIN = /^[ -~]*$/;
const BETWEEN_WORDS = /[^\p{L}\p{N}]+/gu;

/**
 * A text as it is compared in a search: small letters without diacritics, words with one space between. `Thủ Dầu Một`
 * (composed or decomposed), `THU  DAU MOT` and `thu-dau-mot` become `thu dau mot`. Pure.
 */
export function fold(text: string): string {
  const letters = PLAIN.test(text) ? text.toLowerCase() : foldText(text.normalize('NFKD'));
  return letters.replace(BETWEEN_WORDS, ' ').trim();
}
