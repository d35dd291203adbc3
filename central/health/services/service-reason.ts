import type { NeedFinding, Needed, ServiceState } from './judge-service.ts';
import { idIn } from './thing-state.ts';

const NAMED = 3;
const ALL_UP = 'all that it needs is up';

/** One line for operators, such as `sbc-2 down` or `mail down because of hub-03`. Pure. */
export function describeNeeds(state: ServiceState, findings: readonly NeedFinding[]): string {
  if (findings.every(({ blamed, short }) => blamed.length === 0 && short === undefined)) return ALL_UP;
  const worst = findings.filter((finding) => finding.state === state);
  const blamed = [...new Map(worst.flatMap((each) => each.blamed).map((each) => [each.ref, each])).values()];
  const short = worst.find((finding) => finding.short !== undefined)?.short;
  const parts = blamed.slice(0, NAMED).map(describeNeed);
  if (blamed.length > NAMED) parts.push(`${blamed.length - NAMED} more`);
  if (short !== undefined) parts.push(`${short.left} of ${short.needed} needed left`);
  if (state !== 'up') return parts.join(', ');
  return `enough is up; ${parts.join(', ')}`;
}

function describeNeed({ ref, state, word = state, roots }: Needed): string {
  const others = roots.filter((root) => root !== ref);
  const [first] = others;
  if (first === undefined) return `${idIn(ref)} ${word}`;
  const more = others.length > 1 ? ` and ${others.length - 1} more` : '';
  return `${idIn(ref)} ${word} because of ${idIn(first)}${more}`;
}
