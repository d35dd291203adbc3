import type { TelegrafProgram } from '../telegraf/telegraf-program.ts';
import type { Bar } from './bar.ts';

export interface BenchContext {
  /** Where the built programs are. */
  readonly dist: string;
  /** How long one case is measured. */
  readonly seconds: number;
  /** To measure beside; undefined: none was given. */
  readonly telegraf: TelegrafProgram | undefined;
  /** Says what is done: a section that takes minutes must not look as if it stood still. */
  readonly progress: (what: string) => void;
}

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface SectionResult {
  readonly tables: readonly Table[];
  /** For the JSON file: units are in the names. */
  readonly figures: unknown;
  readonly bars: readonly Bar[];
}

/** A section that lacks something it was not given. */
export interface Skipped {
  readonly skipped: string;
}

/** One part of the bench. `run` leaves no process and no file behind, whether it resolves or rejects. */
export interface Section {
  readonly name: string;
  readonly about: string;
  run(context: BenchContext): Promise<SectionResult | Skipped>;
}
