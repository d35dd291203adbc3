/** Of different values of a question. */
const MAX_KEPT = 64;

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
    let rows = this.#answers.get(key);
    if (rows === undefined) this.#answers.set(key, (rows = this.#ask(values)));
    return rows;
  }
}
