import { because, type Reason } from '../../../contract/reasons/reason-codes.ts';
import type { NeedFinding, Needed, ServiceState } from './judge-service.ts';
import { idIn } from './thing-state.ts';

const NAMED = 3;

/** For operators, such as `sbc-2 down` or `mail down because of hub-03`. Pure. */
export function whyNeeds(state: ServiceState, findings: readonly NeedFinding[]): Reason[] {
  if (findings.every(({ blamed, short }) => blamed.length === 0 && short === undefined))
    return [because('all_needs_up')];
  const worst = findings.filter((finding) => finding.state === state);
  const blamed = [...new Map(worst.flatMap((each) => each.blamed).map((each) => [each.ref, each])).values()];
  const short = worst.find((finding) => finding.short !== undefined)?.short;
  return [
    ...(state === 'up' ? [because('enough_up')] : []),
    ...blamed.slice(0, NAMED).flatMap(whyNeed),
    ...(blamed.length > NAMED ? [because('more', { count: blamed.length - NAMED })] : []),
    ...(short === undefined ? [] : [because('too_few_left', short)]),
  ];
}

function whyNeed({ ref, state, lacks, roots }: Needed): Reason[] {
  const id = idIn(ref);
  if (lacks !== undefined)
    return [
      ...(lacks.unmeasured.length > 0
        ? [because('pool_unmeasured', { id, resources: lacks.unmeasured.join(', ') })]
        : []),
      ...(lacks.full.length > 0 ? [because('pool_full', { id, resources: lacks.full.join(', ') })] : []),
    ];
  const [first, ...others] = roots.filter((root) => root !== ref);
  if (first === undefined) return [because('need', { id, state })];
  const root = idIn(first);
  return others.length === 0
    ? [because('need_because', { id, state, root })]
    : [because('need_because_of_many', { id, state, root, more: others.length })];
}
