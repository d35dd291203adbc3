interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a backtest had samples of. */
export interface Judged extends Span {
  readonly rows: number;
  readonly gaps: { readonly count: number; readonly listed: readonly Span[] };
}

/** Whether anything is known of a time that ends after it begins: not of one without any sample. Pure. */
export function isKnown({ fromMs, toMs, rows, gaps }: Judged, span: Span): boolean {
  if (rows === 0) return false;
  const begin = Math.max(fromMs, span.fromMs);
  const end = Math.min(toMs, span.toMs);
  if (gaps.listed.some((gap) => gap.fromMs <= begin && gap.toMs >= end)) return false;
  // Of more gaps than are listed nobody can say where they are.
  return gaps.count <= gaps.listed.length || begin < (gaps.listed.at(-1)?.toMs ?? fromMs);
}

/** The same of a calendar day, `2026-11-30` in the time zone. Pure. */
export function isDayKnown(judged: Judged, day: string, timeZone: string): boolean {
  const { fromMs, toMs, rows, gaps } = judged;
  if (rows === 0) return false;
  const dayOf = new Intl.DateTimeFormat('sv-SE', { timeZone });
  const isWithin = (gap: Span): boolean =>
    (gap.fromMs <= fromMs || dayOf.format(gap.fromMs) < day) &&
    (gap.toMs >= toMs || dayOf.format(gap.toMs) > day);
  if (gaps.listed.some(isWithin)) return false;
  return gaps.count <= gaps.listed.length || day <= dayOf.format(gaps.listed.at(-1)?.toMs ?? fromMs);
}
