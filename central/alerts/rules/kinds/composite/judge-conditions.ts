import type { Evaluation } from '../../../lifecycle/alert-state.ts';

/**
 * Pure. Of each level, how many of the conditions it needs, mildest first. Undefined among `found`: not known. Undefined: nothing is
 * certain, what stands stays.
 */
export function judgeConditions(
  found: readonly (Evaluation | undefined)[],
  needs: readonly number[],
): readonly Evaluation[] | undefined {
  const count = (wanted: Evaluation | undefined): number => found.filter((one) => one === wanted).length;
  const [holding, between, unknown] = [count('breach'), count('between'), count(undefined)];
  const certain = needs.map((need): Evaluation | undefined => {
    if (holding >= need) return 'breach';
    if (holding + between + unknown < need) return 'clear';
    const mayHold = holding + unknown >= need;
    const mayBeOver = holding + between < need;
    return mayHold || mayBeOver ? undefined : 'between';
  });
  if (certain.includes(undefined) && !certain.includes('breach')) return undefined;
  return certain.map((one) => one ?? 'between');
}
