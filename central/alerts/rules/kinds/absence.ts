import { z } from 'zod';
import { describeDuration, durationSchema } from '../../../../runtime/duration.ts';
import { limitMeanings } from '../level-meaning.ts';
import { checkLimits, compileLimits, limitLevelsSchema, limitTexts } from '../limit-levels.ts';
import { commonSettings } from '../rule-settings.ts';
import type { Absence } from '../../../liveness/absence.ts';
import type { EvidenceSources, RuleKind, TickFinding } from './rule-kind.ts';

const HOUR_MS = 3_600_000;

const settingsSchema = z
  .strictObject({
    ...commonSettings,
    kind: z.literal('absence'),
    /** An agent that stopped cleanly is missed after this: longer than a machine is shut down for a weekend. */
    stoppedFor: durationSchema.default(72 * HOUR_MS),
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
  createEvaluator: ({ levels, stoppedFor }) => {
    const limits = compileLimits('above', levels);
    return {
      reads: 'evidence',
      overHistory: {
        en: 'the store keeps when a value was measured and not when it arrived: what an agent sent after an outage fills the gap in which it was silent',
        vi: 'kho lưu thời điểm đo chứ không lưu thời điểm nhận: dữ liệu tác tử gửi bù sau khi mất liên lạc lấp đầy khoảng nó im lặng',
      },
      entityTags: ['agent'],
      intervalMs: INTERVAL_MS,
      isState: true,
      valueUnit: 'intervals',
      subject: 'batches',
      conditionText: `no batch for … of its intervals, or for ${describeDuration(stoppedFor)} after a clean stop`,
      levelTexts: limitTexts(levels),
      levelMeanings: limitMeanings('above', levels, { unit: 'intervals' }),
      *evaluateAt(nowMs: number, { liveness }: EvidenceSources, _isActive, active): Iterable<TickFinding> {
        const open = new Set(active().map(({ agent }) => agent));
        const isWanted = (agent: string, missedIntervals: number): boolean =>
          limits.isBreach(missedIntervals) || open.has(agent);
        for (const absence of liveness.absences(nowMs, isWanted)) {
          const { agent, isNews, listeningForMs } = absence;
          const { missedIntervals, sinceMs } = missed(absence, stoppedFor, nowMs);
          // Nothing received since central listens, and not for long enough to be a breach: an active alert stays active.
          if (!limits.isBreach(missedIntervals) && !(isNews && open.has(agent))) continue;
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

/** A machine that is shut down for the night is not missed; one that said goodbye and stays away is. */
function missed(
  { missedIntervals, sinceMs, stopped }: Absence,
  stoppedForMs: number,
  nowMs: number,
): Pick<Absence, 'missedIntervals' | 'sinceMs'> {
  if (stopped === undefined || nowMs - stopped.atMs < stoppedForMs) return { missedIntervals, sinceMs };
  return { missedIntervals: stopped.intervals, sinceMs: stopped.atMs };
}
