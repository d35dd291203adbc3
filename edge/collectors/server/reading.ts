import type { FieldValue } from '../../../contract/sample.ts';

/** A sample without its time and the agent's common tags. */
export interface Reading {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, FieldValue>>;
}
