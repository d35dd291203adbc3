import { z } from 'zod';
import { limitMeanings } from '../level-meaning.ts';
import { checkLimits, compileLimits, limitLevelsSchema, limitTexts } from '../limit-levels.ts';
import { commonSettings } from '../rule-settings.ts';
import type { EvidenceSources, RuleKind, TickFinding } from './rule-kind.ts';

const settingsSchema = z
  .strictObject({
    ...commonSettings,
    kind: z.literal('clock_skew'),
    /** In seconds, ahead or behind. */
    levels: limitLevelsSchema,
  })
  .superRefine((settings, context) => checkLimits('above', settings.levels, context));

type ClockSkewSettings = z.infer<typeof settingsSchema>;

/** Evaluated every second. */
const INTERVAL_MS = 1_000;

/** The clock of an agent that was heard lately differs from central's time. */
export const clockSkewKind: RuleKind<ClockSkewSettings> = {
  kind: 'clock_skew',
  settingsSchema,
  createEvaluator: ({ levels }) => {
    const limits = compileLimits('above', levels);
    return {
      reads: 'evidence',
      overHistory: {
        en: 'the clock of an agent is compared with that of central when a batch arrives, and the store does not keep that',
        vi: 'đồng hồ của tác tử được so với trung tâm khi gói tin đến, và kho không lưu điều đó',
      },
      entityTags: ['agent'],
      intervalMs: INTERVAL_MS,
      isState: false,
      valueUnit: 's',
      subject: 'clock',
      conditionText: 'clock of an agent off by …, either way',
      levelTexts: limitTexts(levels),
      levelMeanings: limitMeanings('above', levels, {
        unit: 's',
        beside: { en: 'ahead or behind', vi: 'nhanh hoặc chậm' },
      }),
      *evaluateAt(nowMs: number, { liveness }: EvidenceSources, _isActive, active): Iterable<TickFinding> {
        const open = new Set(active().map(({ agent }) => agent));
        const found: { readonly agent: string; readonly skewS: number }[] = [];
        liveness.eachClockCorrection(nowMs, (agent, correctionMs) => {
          const skewS = Math.abs(correctionMs) / 1_000;
          if (limits.isBreach(skewS) || open.has(agent)) found.push({ agent, skewS });
        });
        for (const { agent, skewS } of found) {
          yield {
            entity: { agent },
            agent,
            location: liveness.locationOf(agent),
            value: Math.round(skewS * 10) / 10,
            evaluations: limits.evaluate(skewS),
            sinceMs: nowMs,
            mayStart: true,
          };
        }
      },
    };
  },
};
