const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAYS = 7;
export const WHOLE_MINUTES = 2;
/** As often as agents of the city send. */
const INTERVAL_MS = 10_000;

/** A time at which every so many-th agent of the city has measured all it measures. */
export interface FilledRound {
  readonly timeMs: number;
  /** 0: none has, and only what central writes itself is there. */
  readonly everyNthAgent: number;
}

export interface PastThinning {
  readonly everyHours: number;
  readonly everyNthAgent: number;
  /** How often there is a row of the radio coverage of each unit and network, which central writes each minute. */
  readonly coverageEveryHours: number;
}

/** Of the seven days a round each so many hours, by some of the agents, of their last minutes all of all. The oldest first. Pure. */
export function weekRounds(
  endMs: number,
  { everyHours, everyNthAgent, coverageEveryHours }: PastThinning,
): readonly FilledRound[] {
  const wholeMs = Math.floor(endMs / MINUTE_MS) * MINUTE_MS - WHOLE_MINUTES * MINUTE_MS;
  const rounds: FilledRound[] = [];
  // A little less than what is kept, so that nothing of it is deleted while it is asked for.
  const fromMs = endMs - DAYS * 24 * HOUR_MS + 2 * HOUR_MS;
  for (let hour = 0; fromMs + hour * HOUR_MS < wholeMs; hour++) {
    const timeMs = fromMs + hour * HOUR_MS;
    if (hour % everyHours === 0) rounds.push({ timeMs, everyNthAgent });
    else if (hour % coverageEveryHours === 0) rounds.push({ timeMs, everyNthAgent: 0 });
  }
  for (let timeMs = wholeMs; timeMs < endMs; timeMs += INTERVAL_MS) rounds.push({ timeMs, everyNthAgent: 1 });
  return rounds;
}
