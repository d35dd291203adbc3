/** What one turn of one contender measured, by the name of the figure. */
export type Figures = Readonly<Record<string, number>>;
export type Contender = () => Promise<Figures> | Figures;
type Of = readonly [contender: string, figure: string];

const MIN_ROUNDS = 3;

/**
 * Runs the contenders in turn, A B A B, for about `seconds` and at least three rounds. Other load of the machine affects
 * them alike, so their ratios are reliable where a single figure is not. The first round is a warm-up and not counted.
 */
export async function inTurns(
  contenders: Readonly<Record<string, Contender>>,
  seconds: number,
): Promise<Rounds> {
  const rounds: Readonly<Record<string, Figures>>[] = [];
  let untilMs = 0;
  for (let round = 0; round <= MIN_ROUNDS || performance.now() < untilMs; round++) {
    const figures: Record<string, Figures> = {};
    for (const [name, contender] of Object.entries(contenders)) figures[name] = await contender();
    if (round === 0) untilMs = performance.now() + seconds * 1_000;
    else rounds.push(figures);
  }
  return new Rounds(rounds);
}

export class Rounds {
  readonly all: readonly Readonly<Record<string, Figures>>[];

  constructor(all: readonly Readonly<Record<string, Figures>>[]) {
    this.all = all;
  }

  median(...of: Of): number {
    return median(this.#series(of));
  }

  /** Median of the rounds' ratios, each between neighbours in time. */
  ratio(of: Of, reference: Of): number {
    const below = this.#series(reference);
    return median(this.#series(of).map((value, round) => value / (below[round] ?? Number.NaN)));
  }

  #series([contender, figure]: Of): number[] {
    return this.all.map((round) => {
      const value = round[contender]?.[figure];
      if (value === undefined) throw new Error(`no contender measured ${contender} ${figure}`);
      return value;
    });
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
