import { z } from 'zod';
import { isPowerOfTen } from '../../runtime/power-of-ten.ts';
import { unixMs } from '../../runtime/unix-ms.ts';
import type { Logger } from '../../runtime/logger.ts';

/**
 * What central finds out about an agent. `twins`: two of them use one id. `too_many_alerts`, `too_many_series`,
 * `too_many_refused`: more than its share of alerts and breaches, of series, of the quarantine; the rest is left out.
 * `implausible_losses`: it claims to have lost far more than it ever delivered.
 */
export const AGENT_PROBLEMS = [
  'twins',
  'too_many_alerts',
  'too_many_series',
  'too_many_refused',
  'implausible_losses',
] as const;
export type AgentProblemKind = (typeof AGENT_PROBLEMS)[number];

export const agentProblemSchema = z.object({
  problem: z.enum(AGENT_PROBLEMS),
  sinceMs: unixMs,
  lastAtMs: unixMs.describe('last found; it is over five minutes later'),
  count: z.int().describe('since then: rows, evaluations or findings, as the problem has it'),
  detail: z.string(),
});
export type AgentProblem = Readonly<z.infer<typeof agentProblemSchema>>;

export interface ProblemFinding {
  readonly agent: string;
  readonly problem: AgentProblemKind;
  /** Of what `detail` speaks, since the finding before. */
  readonly count: number;
  /** For operators, with figures. */
  readonly detail: string;
}

/** Two agents use one id. */
export function twinsOf(agent: string): ProblemFinding {
  const detail =
    'two agents use this id and take over each other again and again: give one of them another id';
  return { agent, problem: 'twins', count: 1, detail };
}

/** A problem that was not found for so long is over. */
const HOLDS_MS = 300_000;
/** Problems remembered; agents are known by name and password, so that there are no more without an intruder. */
const MAX_REMEMBERED = 10_000;
/** Metrics name so many. */
const MAX_NAMED = 20;

interface Known {
  readonly sinceMs: number;
  lastAtMs: number;
  findings: number;
  count: number;
  detail: string;
}

/** Which agents have which problems. A problem is in the log when it begins, and at its 10th, 100th, … finding. */
export class AgentProblems {
  readonly #log: Logger;
  readonly #known = new Map<AgentProblemKind, Map<string, Known>>(
    AGENT_PROBLEMS.map((problem) => [problem, new Map<string, Known>()]),
  );

  constructor(log: Logger) {
    this.#log = log;
  }

  record({ agent, problem, count, detail }: ProblemFinding, nowMs: number): void {
    const agents = this.#agentsWith(problem);
    let known = agents.get(agent);
    if (known === undefined || isOver(known, nowMs)) {
      known = { sinceMs: nowMs, lastAtMs: nowMs, findings: 0, count: 0, detail };
      agents.delete(agent);
      agents.set(agent, known);
      this.#forgetSome(agents, nowMs);
    }
    known.lastAtMs = nowMs;
    known.findings++;
    known.count += count;
    known.detail = detail;
    if (isPowerOfTen(known.findings)) this.#log.error({ agent, problem, detail }, 'an agent has a problem');
  }

  find(agent: string, problem: AgentProblemKind, nowMs: number): AgentProblem | undefined {
    const known = this.#agentsWith(problem).get(agent);
    if (known === undefined || isOver(known, nowMs)) return undefined;
    const { sinceMs, lastAtMs, count, detail } = known;
    return { problem, sinceMs, lastAtMs, count, detail };
  }

  /** The agents that have it, and some that had it lately. */
  agentsWith(problem: AgentProblemKind): Iterable<string> {
    return this.#agentsWith(problem).keys();
  }

  of(agent: string, nowMs: number): AgentProblem[] {
    return AGENT_PROBLEMS.flatMap((problem) => this.find(agent, problem, nowMs) ?? []);
  }

  /** How many agents have each problem. */
  counts(nowMs: number): Readonly<Record<AgentProblemKind, number>> {
    const counts = { ...NONE };
    for (const [problem, agents] of this.#known) {
      for (const known of agents.values()) if (!isOver(known, nowMs)) counts[problem]++;
    }
    return counts;
  }

  /** The problems of most findings, for metrics that must stay small. */
  greatest(nowMs: number): readonly (AgentProblem & { readonly agent: string })[] {
    return [...this.#known]
      .flatMap(([problem, agents]) =>
        [...agents.keys()].flatMap((agent) => {
          const found = this.find(agent, problem, nowMs);
          return found === undefined ? [] : [{ agent, ...found }];
        }),
      )
      .sort((a, b) => b.count - a.count)
      .slice(0, MAX_NAMED);
  }

  /** It is retired. */
  forget(agent: string): void {
    for (const agents of this.#known.values()) agents.delete(agent);
  }

  #agentsWith(problem: AgentProblemKind): Map<string, Known> {
    return this.#known.get(problem) ?? new Map<string, Known>();
  }

  /** Those that are over, and the oldest if that is not enough. */
  #forgetSome(agents: Map<string, Known>, nowMs: number): void {
    if (agents.size <= MAX_REMEMBERED) return;
    for (const [agent, known] of agents) if (isOver(known, nowMs)) agents.delete(agent);
    for (const agent of agents.keys()) {
      if (agents.size <= MAX_REMEMBERED) return;
      agents.delete(agent);
    }
  }
}

const NONE: Readonly<Record<AgentProblemKind, number>> = {
  twins: 0,
  too_many_alerts: 0,
  too_many_series: 0,
  too_many_refused: 0,
  implausible_losses: 0,
};

/** Also where central's time was set back by more. */
function isOver({ lastAtMs }: Known, nowMs: number): boolean {
  return Math.abs(nowMs - lastAtMs) > HOLDS_MS;
}
