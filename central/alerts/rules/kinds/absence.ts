import { z } from 'zod';
import { checkLimits, compileLimits, limitLevelsSchema, limitTexts } from '../limit-levels.ts';
import { commonSettings } from '../rule-settings.ts';
import type { EvidenceSources, RuleKind, TickFinding } from './rule-kind.ts';

const settingsSchema = z
  .strictObject({
    ...commonSettings,
    kind: z.literal('absence'),
    /** In the agent's own intervals between batches. */
    levels: limitLevelsSchema,
  })
  .superRefine((settings, context) => checkLimits('above', settings.levels, context));

type AbsenceSettings = z.infer<typeof settingsSchema>;

/** Evaluated every second; a longer gap means that central itself stood still. */
const INTERVAL_MS = 1_000;
/** After central began to listen: agents need time to report. */
const WARM_UP_MS = 60_000;

/** An agent that is known sends nothing any more. */
export const absenceKind: RuleKind<AbsenceSettings> = {
  kind: 'absence',
  aliases: ['silence'],
  settingsSchema,
  createEvaluator: ({ levels }) => {
    const limits = compileLimits('above', levels);
    return {
      reads: 'evidence',
      entityTags: ['agent'],
      intervalMs: INTERVAL_MS,
      valueUnit: 'intervals',
      subject: 'batches',
      conditionText: 'no batch for … of its intervals',
      levelTexts: limitTexts(levels),
      *evaluateAt(nowMs: number, { liveness }: EvidenceSources, isActive): Iterable<TickFinding> {
        for (const { agent, missedIntervals, sinceMs, isNews, listeningForMs } of liveness.absences(nowMs)) {
          // Nothing received since central listens, and not for long enough to be a breach: an active alert stays active.
          if (!limits.isBreach(missedIntervals) && !(isNews && isActive({ agent }))) continue;
          yield {
            entity: { agent },
            agent,
            location: liveness.locationOf(agent),
            value: Math.round(missedIntervals * 10) / 10,
            evaluations: limits.evaluate(missedIntervals),
            sinceMs,
            mayStart: listeningForMs >= WARM_UP_MS,
          };
        }
      },
    };
  },
};
