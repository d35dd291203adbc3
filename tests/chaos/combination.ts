/** The broker and the store of a chaos run. */
export interface Combination {
  readonly name: string;
  readonly broker: 'embedded' | 'aedes' | 'mosquitto';
  readonly store: 'duckdb' | 'influx';
}

/** `embedded`: the broker inside central, killed together with it; `aedes`: the same broker as a separate process. */
export const COMBINATIONS: readonly Combination[] = [
  { name: 'embedded broker + embedded store', broker: 'embedded', store: 'duckdb' },
  { name: 'aedes + InfluxDB', broker: 'aedes', store: 'influx' },
  { name: 'aedes + embedded store', broker: 'aedes', store: 'duckdb' },
  { name: 'Mosquitto + InfluxDB', broker: 'mosquitto', store: 'influx' },
  { name: 'Mosquitto + embedded store', broker: 'mosquitto', store: 'duckdb' },
];

/** For `--quick`. */
export const QUICK_COMBINATIONS: readonly Combination[] = COMBINATIONS.filter(
  ({ broker, store }) => broker === 'embedded' || (broker === 'mosquitto' && store === 'influx'),
);

export interface Pace {
  readonly agents: number;
  readonly stepMs: number;
  /** Load between two kills. */
  readonly betweenKillsMs: number;
  readonly downMinMs: number;
  readonly downMaxMs: number;
  /** How long central is stopped. */
  readonly pausedMs: number;
  readonly diskFullMs: number;
  readonly drainTimeoutMs: number;
}

export const QUICK_PACE: Pace = {
  agents: 10,
  stepMs: 100,
  betweenKillsMs: 700,
  downMinMs: 200,
  downMaxMs: 700,
  pausedMs: 4_000,
  diskFullMs: 1_500,
  drainTimeoutMs: 30_000,
};

export const FULL_PACE: Pace = {
  agents: 20,
  stepMs: 50,
  betweenKillsMs: 3_000,
  downMinMs: 500,
  downMaxMs: 5_000,
  pausedMs: 20_000,
  diskFullMs: 8_000,
  drainTimeoutMs: 300_000,
};
