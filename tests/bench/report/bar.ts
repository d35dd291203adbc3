import { markdownTable, quantity } from './markdown.ts';

/** A figure that the project promises, and what this run measured. */
export interface Bar {
  readonly name: string;
  readonly kind: 'at most' | 'at least';
  readonly limit: number;
  readonly unit: string;
  /** undefined: the run gave no figure, which does not meet the bar. */
  readonly measured: number | undefined;
  readonly met: boolean;
}

export function atMost(name: string, limit: number, unit: string, measured: number | undefined): Bar {
  return {
    name,
    kind: 'at most',
    limit,
    unit,
    measured,
    met: measured !== undefined && measured <= limit,
  };
}

export function atLeast(name: string, limit: number, unit: string, measured: number | undefined): Bar {
  return {
    name,
    kind: 'at least',
    limit,
    unit,
    measured,
    met: measured !== undefined && measured >= limit,
  };
}

export function barsTable(bars: readonly Bar[]): string {
  const rows = bars.map(({ name, kind, limit, unit, measured, met }) => [
    name,
    `${kind} ${limit.toLocaleString('en')} ${unit}`,
    measured === undefined ? 'nothing measured' : `${quantity(measured)} ${unit}`,
    met ? 'yes' : '**MISSED**',
  ]);
  return markdownTable(['bar', 'promised', 'measured', 'met'], rows);
}
