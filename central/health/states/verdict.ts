import type { Verdict } from './evidence-table.ts';
import type { Witness } from './witness.ts';

/** What the evidence of a device comes to. */
export interface Decision {
  /** undefined: nobody can say. */
  readonly verdict: Verdict | undefined;
  /** What decided. */
  readonly decisive: Witness | undefined;
  /** Fresh, and of an agent that is live; what decided first. */
  readonly fresh: readonly Witness[];
  /** Agents that disagree, the one that decides first; empty if none do. */
  readonly disputedBy: readonly string[];
}

/** Of what nothing fresh is known. */
export const NOTHING_KNOWN: Decision = { verdict: undefined, decisive: undefined, fresh: [], disputedBy: [] };
const UNDISPUTED: readonly string[] = [];

/**
 * Pure. Within an agent the measurement that stands highest in the table decides; of several series of it (two targets of one ping) one that
 * is well is enough. Between agents, the first of `owners` that has something to say decides.
 */
export function decide(
  witnesses: readonly Witness[],
  owners: readonly string[],
  isLive: (agent: string) => boolean,
  nowMs: number,
): Decision {
  const fresh = freshOf(witnesses, isLive, nowMs);
  const [first] = fresh;
  if (first === undefined) return NOTHING_KNOWN;
  // Most devices are measured by one agent in one way.
  if (fresh.length === 1) return { verdict: first.verdict, decisive: first, fresh, disputedBy: UNDISPUTED };
  const byAgent = new Map<string, Witness>();
  for (const witness of fresh) {
    const known = byAgent.get(witness.agent);
    if (known === undefined || speaksBefore(witness, known)) byAgent.set(witness.agent, witness);
  }
  const decisive =
    owners.flatMap((agent) => byAgent.get(agent) ?? [])[0] ?? [...byAgent.values()][0] ?? first;
  const others = [...byAgent.values()].filter(({ verdict }) => verdict !== decisive.verdict);
  return {
    verdict: decisive.verdict,
    decisive,
    fresh: [decisive, ...fresh.filter((each) => each !== decisive)],
    disputedBy:
      others.length === 0 ? UNDISPUTED : [decisive.agent, ...others.map(({ agent }) => agent).sort()],
  };
}

function freshOf(
  witnesses: readonly Witness[],
  isLive: (agent: string) => boolean,
  nowMs: number,
): readonly Witness[] {
  const fresh: Witness[] = [];
  for (const witness of witnesses)
    if (witness.freshUntilMs >= nowMs && isLive(witness.agent)) fresh.push(witness);
  return fresh;
}

function speaksBefore(witness: Witness, known: Witness): boolean {
  if (witness.rank !== known.rank) return witness.rank < known.rank;
  if (witness.verdict !== known.verdict) return witness.verdict === 'well';
  return witness.atMs > known.atMs;
}

/** Pure. Of a link: what one end sees as down is down, since both have to work. */
export function decideLink(
  witnesses: readonly Witness[],
  isLive: (agent: string) => boolean,
  nowMs: number,
): Decision {
  const fresh = freshOf(witnesses, isLive, nowMs);
  const decisive = fresh.find(({ verdict }) => verdict === 'bad') ?? fresh[0];
  return { verdict: decisive?.verdict, decisive, fresh, disputedBy: UNDISPUTED };
}
