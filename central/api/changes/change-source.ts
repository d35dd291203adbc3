import type { Role } from '../../access/tokens.ts';

/** In the order in which changes of one time are given. A new source has its kind here and stands in the list of central/parts.ts. */
export const CHANGE_KINDS = ['agent', 'alert', 'audit', 'config', 'state'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Something that changed, as it was recorded. */
export interface Change {
  readonly kind: ChangeKind;
  /** Tells it from all others of its kind and time, and orders them. */
  readonly number: number;
  /** Recorded by central, Unix time in ms. */
  readonly atMs: number;
  readonly unit?: string | undefined;
  readonly site?: string | undefined;
  readonly device?: string | undefined;
  readonly agent?: string | undefined;
  /** What changed, in the names of the API; must be JSON. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface ChangesQuery {
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** Of those at `fromMs` only what has a higher number. */
  readonly afterNumber: number;
  readonly unit?: string | undefined;
  readonly device?: string | undefined;
  readonly limit: number;
}

/** One part of central that remembers what changed, over restarts. */
export interface ChangeSource {
  readonly kind: ChangeKind;
  /** The lowest role that may read it. */
  readonly role: Role;
  /** In the order of time and number. */
  read(query: ChangesQuery): readonly Change[];
}
