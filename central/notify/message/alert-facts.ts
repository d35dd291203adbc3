import type { Severity } from '../../alerts/rules/severity.ts';

export interface BothLanguages {
  readonly en: string;
  readonly vi: string;
}

/** What a message says of an alert, as it was when the message was made. Times are Unix ms. */
export interface AlertFacts {
  readonly id: string;
  readonly rule: string;
  readonly title: BothLanguages;
  readonly action: BothLanguages;
  readonly entity: Readonly<Record<string, string>>;
  readonly agent: string;
  /** Code of the ward, commune or special zone. */
  readonly unit?: string;
  readonly unitName?: string;
  readonly site?: string;
  readonly severity: Severity;
  /** With its unit, such as `97.2 %`. */
  readonly valueText: string;
  readonly startedAtMs: number;
  /** Once it is over. */
  readonly endedAtMs?: number;
}
