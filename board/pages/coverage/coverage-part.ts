import type { Answers } from '../../api/answers.ts';

type Item = Answers['/api/v1/coverage']['items'][number];

/** Of all operators, of one, or of one technology of it. */
export type Part = Pick<Item, 'coveredPercent' | 'atLeastPercent' | 'dips' | 'fallBacks' | 'samples'>;

/** As central: a share of fewer is not told. */
export const LEAST_SAMPLES = 30;

/** What was chosen, of a unit; undefined where it was not measured. A technology of all operators is the sum of theirs. Pure. */
export function partOf(item: Item, operator: string, rat: string): Part | undefined {
  const operators =
    operator === '' ? item.operators : item.operators.filter((each) => each.operator === operator);
  if (rat === '') return operator === '' ? item : operators[0];
  const parts = operators.flatMap((each) => each.rats.filter((part) => part.rat === rat));
  if (parts.length <= 1) return parts[0];
  const sum = (of: (part: (typeof parts)[number]) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  const samples = sum((part) => part.samples);
  return {
    samples,
    dips: sum(({ dips }) => dips),
    fallBacks: sum(({ fallBacks }) => fallBacks),
    ...(samples >= LEAST_SAMPLES && { coveredPercent: (100 * sum((part) => part.coveredSamples)) / samples }),
  };
}
