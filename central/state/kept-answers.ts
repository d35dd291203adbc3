/** Of different values of a question. */
const MAX_KEPT = 64;
/** Most answers are empty, which is what keeping them is for; pages of a long list are asked once each. */
const MAX_ROWS = 100;

/** The answers of one question, until `countOf` gives another number. */
export class KeptAnswers<Value, Row> {
  readonly #ask: (values: readonly Value[]) => readonly Row[];
  readonly #count: () => number;
  readonly #answers = new Map<string, readonly Row[]>();
  #countThen = -1;

  constructor(ask: (values: readonly Value[]) => readonly Row[], count: () => number) {
    this.#ask = ask;
    this.#count = count;
  }

  of(values: readonly Value[]): readonly Row[] {
    const now = this.#count();
    if (now !== this.#countThen || this.#answers.size >= MAX_KEPT) this.#answers.clear();
    this.#countThen = now;
    const key = values.join('\n');
    const kept = this.#answers.get(key);
    if (kept !== undefined) return kept;
    const rows = this.#ask(values);
    if (rows.length <= MAX_ROWS) this.#answers.set(key, rows);
    return rows;
  }
}
