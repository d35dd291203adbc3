/**
 * What the backlog of an agent proved of an alert that was known: when it began (`begin_corrected`) or ended (`end_corrected`), or
 * that it was over from `interrupted` to `resumed`. Nobody is told of these.
 */
export const CORRECTION_KINDS = ['begin_corrected', 'end_corrected', 'interrupted', 'resumed'] as const;
export type CorrectionKind = (typeof CORRECTION_KINDS)[number];

const KINDS: ReadonlySet<string> = new Set(CORRECTION_KINDS);

export function isCorrection(kind: string): kind is CorrectionKind {
  return KINDS.has(kind);
}
