const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAYS = 7;
const WHOLE_MINUTES = 5;
const THINNED_MS = 6 * HOUR_MS;
/** As often as agents of the city send. */
const INTERVAL_MS = 10_000;

/** Of the seven days one round of the city each six hours, of their last minutes all. The oldest first. Pure. */
export function weekRounds(endMs: number): readonly number[] {
  const wholeMs = Math.floor(endMs / MINUTE_MS) * MINUTE_MS - WHOLE_MINUTES * MINUTE_MS;
  const rounds: number[] = [];
  // A little less than what is kept, so that nothing of it is deleted while it is asked for.
  for (let timeMs = endMs - DAYS * 24 * HOUR_MS + 2 * HOUR_MS; timeMs < wholeMs; timeMs += THINNED_MS)
    rounds.push(timeMs);
  for (let timeMs = wholeMs; timeMs < endMs; timeMs += INTERVAL_MS) rounds.push(timeMs);
  return rounds;
}
