import type { Mutant } from './mutants.ts';

/** Of each mutant, whether something noticed it. */
export class MutationScore {
  readonly #noticed = new Map<string, boolean>();

  /** One that was noticed somewhere stays so. */
  set({ name }: Pick<Mutant, 'name'>, isNoticed: boolean): void {
    this.#noticed.set(name, isNoticed || this.#noticed.get(name) === true);
  }

  get mutants(): number {
    return this.#noticed.size;
  }

  /** Names, sorted. */
  get survivors(): readonly string[] {
    return [...this.#noticed].flatMap(([name, isNoticed]) => (isNoticed ? [] : [name])).sort();
  }

  /** To a tenth. Undefined: there was no mutant. */
  get noticedPct(): number | undefined {
    const { mutants } = this;
    return mutants === 0 ? undefined : Math.floor((1_000 * (mutants - this.survivors.length)) / mutants) / 10;
  }
}
