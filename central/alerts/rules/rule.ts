import type { SilenceFile, ThresholdFile } from './rule-settings.ts';

export type ThresholdRule = ThresholdFile & {
  readonly id: string;
  /** UCUM unit of the judged value; empty for flags, texts and quotients. */
  readonly valueUnit: string;
};

export type SilenceRule = SilenceFile & { readonly id: string };

/** A rule as it runs; its id is its file's name. */
export type AlertRule = ThresholdRule | SilenceRule;
