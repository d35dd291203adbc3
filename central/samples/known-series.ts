import { Series } from './series.ts';

/** Most texts are shorter. A limit of series is one of memory only if long texts count for more. */
const CHARS_A_SERIES = 256;

/** A series of one agent, and where it stands in what the agent sends. */
export class KnownSeries extends Series {
  /** What it counts for: 1, and more with long texts. */
  readonly weight: number;
  /** The hour, counted from the agent's first batch, in which it was last sent. */
  window: number;
  generation: number;
  /** What followed it last time: an agent sends its rows in the same order again and again. */
  next: KnownSeries | undefined = undefined;
  /** See SeriesTable. */
  alike: KnownSeries | undefined = undefined;

  constructor(
    measurement: string,
    tags: readonly (string | undefined)[],
    window: number,
    generation: number,
    isExpected: boolean,
  ) {
    super(measurement, tags, isExpected);
    const chars = tags.reduce((sum, tag) => sum + (tag?.length ?? 0), measurement.length);
    this.weight = 1 + Math.floor(chars / CHARS_A_SERIES);
    this.window = window;
    this.generation = generation;
  }
}
