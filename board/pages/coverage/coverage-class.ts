/** The best first; lightness says it too, for whoever does not tell the colours apart. */
export const COVERAGE_CLASSES = [
  { name: 'coverage-5', fromPercent: 99, words: '≥ 99 %' },
  { name: 'coverage-4', fromPercent: 97, words: '97–99 %' },
  { name: 'coverage-3', fromPercent: 95, words: '95–97 %' },
  { name: 'coverage-2', fromPercent: 90, words: '90–95 %' },
  { name: 'coverage-1', fromPercent: 0, words: '< 90 %' },
] as const;

/** Dips of a day; the fewest first. */
export const DIP_CLASSES = [
  { name: 'coverage-5', upTo: 0, words: '0' },
  { name: 'coverage-4', upTo: 2, words: '1–2' },
  { name: 'coverage-3', upTo: 5, words: '3–5' },
  { name: 'coverage-2', upTo: 20, words: '6–20' },
  { name: 'coverage-1', upTo: Infinity, words: '> 20' },
] as const;

const NONE = 'coverage-none';
/** Of less of the time than this, 0 to 1, a figure says nothing about the unit. */
const LEAST_COMPLETENESS = 0.5;

/** The class of a fill; undefined percent: too few samples to say; `completeness` 0 to 1, undefined: not known. Pure. */
export function coverageClass(coveredPercent: number | undefined, completeness: number | undefined): string {
  if (coveredPercent === undefined || !isEnough(completeness)) return NONE;
  return COVERAGE_CLASSES.find(({ fromPercent }) => coveredPercent >= fromPercent)?.name ?? NONE;
}

/** The same of dips; undefined: nothing was measured. Pure. */
export function dipClass(dips: number | undefined, completeness: number | undefined): string {
  if (dips === undefined || !isEnough(completeness)) return NONE;
  return DIP_CLASSES.find(({ upTo }) => dips <= upTo)?.name ?? NONE;
}

function isEnough(completeness: number | undefined): boolean {
  return completeness !== undefined && completeness >= LEAST_COMPLETENESS;
}
