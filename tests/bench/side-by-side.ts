export interface Contender {
  readonly name: string;
  /** Makes ready, outside the measured time, what `once` works on. */
  readonly prepare?: () => void;
  /** Does its work once and says how much it did. */
  readonly once: () => Promise<number> | number;
}

export interface Rate {
  readonly name: string;
  /** Median over the rounds. */
  readonly perS: number;
}

const ROUNDS = 5;

/** Contenders take turns, so that whatever else the machine does meets them alike; the medians are compared. */
export async function sideBySide(
  contenders: readonly Contender[],
  seconds: number,
): Promise<readonly Rate[]> {
  const turnMs = (seconds * 1_000) / (contenders.length * ROUNDS);
  const rates = contenders.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, contender] of contenders.entries()) {
      const rate = await takeTurn(contender, turnMs);
      // The first round warms up.
      if (round > 0) rates[index]?.push(rate);
    }
  }
  return contenders.map(({ name }, index) => ({ name, perS: median(rates[index] ?? []) }));
}

async function takeTurn({ prepare, once }: Contender, turnMs: number): Promise<number> {
  let done = 0;
  let tookMs = 0;
  do {
    prepare?.();
    const startMs = performance.now();
    done += await once();
    tookMs += performance.now() - startMs;
  } while (tookMs < turnMs);
  return (done * 1_000) / tookMs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
