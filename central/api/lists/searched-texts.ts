import { fold } from '../../inventory/search/fold.ts';

/** What of the entries of a list is searched, folded once for as long as an entry is the same object: a city has thousands. */
export class SearchedTexts<Entry extends object> {
  readonly #textsOf: (entry: Entry) => readonly (string | undefined)[];
  readonly #folded = new WeakMap<Entry, string>();

  constructor(textsOf: (entry: Entry) => readonly (string | undefined)[]) {
    this.#textsOf = textsOf;
  }

  /** Those in which the text is, without case and diacritics; all without a text. */
  filter(entries: readonly Entry[], text: string | undefined): readonly Entry[] {
    if (text === undefined) return entries;
    const wanted = fold(text);
    return entries.filter((entry) => this.#foldedOf(entry).includes(wanted));
  }

  #foldedOf(entry: Entry): string {
    let folded = this.#folded.get(entry);
    if (folded === undefined) {
      folded = this.#textsOf(entry)
        .map((text) => fold(text ?? ''))
        .join('\n');
      this.#folded.set(entry, folded);
    }
    return folded;
  }
}
