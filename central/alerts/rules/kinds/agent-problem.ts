import { z } from 'zod';
import { durationSchema } from '../../../../runtime/duration.ts';
import { AGENT_PROBLEMS } from '../../../health/agent-problems.ts';
import { checkSeverities, commonSettings, severitySchema } from '../rule-settings.ts';
import type { EvidenceSources, RuleKind, TickFinding } from './rule-kind.ts';

const settingsSchema = z
  .strictObject({
    ...commonSettings,
    kind: z.literal('agent_problem'),
    problem: z.enum(AGENT_PROBLEMS),
    /** With more than one, each has its own `for`. */
    levels: z
      .array(z.strictObject({ severity: severitySchema, for: durationSchema.optional() }))
      .min(1)
      .max(4),
  })
  .superRefine((settings, context) => checkSeverities(settings.levels, context));

type AgentProblemSettings = z.infer<typeof settingsSchema>;

/** Evaluated every second. */
const INTERVAL_MS = 1_000;

/** What central found out about an agent that does what no agent should: see health/agent-problems.ts. */
export const agentProblemKind: RuleKind<AgentProblemSettings> = {
  kind: 'agent_problem',
  settingsSchema,
  createEvaluator: ({ problem, levels }) => ({
    reads: 'evidence',
    overHistory: {
      en: 'it is about what central found out when batches arrived, and the store keeps only what was in them',
      vi: 'nó nói về điều trung tâm phát hiện khi gói tin đến, còn kho chỉ lưu nội dung của chúng',
    },
    entityTags: ['agent'],
    intervalMs: INTERVAL_MS,
    isState: true,
    valueUnit: '',
    subject: problem,
    conditionText: `agent problem ${problem}`,
    levelTexts: levels.map(() => 'found'),
    levelMeanings: levels.map(() => ({
      begins: { en: 'found', vi: 'được phát hiện' },
    })),
    *evaluateAt(
      nowMs: number,
      { liveness, problems }: EvidenceSources,
      _isActive,
      active,
    ): Iterable<TickFinding> {
      // Of a city of agents nearly none has a problem: those that have one are looked at, and those that had.
      const agents = new Set(problems.agentsWith(problem));
      for (const { agent } of active()) if (agent !== undefined) agents.add(agent);
      for (const agent of agents) {
        const found = problems.find(agent, problem, nowMs);
        const evaluation = found === undefined ? 'clear' : 'breach';
        yield {
          entity: { agent },
          agent,
          location: liveness.locationOf(agent),
          value: found?.detail ?? 'over',
          evaluations: levels.map(() => evaluation),
          sinceMs: found?.sinceMs ?? nowMs,
          mayStart: true,
        };
      }
    },
  }),
};
