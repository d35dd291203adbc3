import { z } from 'zod';
import { limitMeanings } from '../level-meaning.ts';
import { checkLimits, compileLimits, limitLevelsSchema, limitTexts } from '../limit-levels.ts';
import { commonSettings } from '../rule-settings.ts';
import type { EvidenceSources, GoneEntity, RuleKind, TickFinding } from './rule-kind.ts';

const settingsSchema = z
  .strictObject({
    ...commonSettings,
    kind: z.literal('measurement_absence'),
    /** In intervals of the measurement, as the inventory expects them, or of the agent's batches where those are longer. */
    levels: limitLevelsSchema,
  })
  .superRefine((settings, context) => checkLimits('above', settings.levels, context));

type MeasurementAbsenceSettings = z.infer<typeof settingsSchema>;

/** As often as it is looked for. */
const INTERVAL_MS = 10_000;
/** At one look: a rule must not hold up the others when a collector fails everywhere. */
const MAX_BEGINS = 500;

/**
 * A measurement that the inventory expects of a device is missing though the agent of the device talks. What a silent agent does not send is
 * in the alert about the agent, and what is missing of a device that is down or unreachable has that cause.
 */
export const measurementAbsenceKind: RuleKind<MeasurementAbsenceSettings> = {
  kind: 'measurement_absence',
  settingsSchema,
  createEvaluator: ({ levels }) => {
    const limits = compileLimits('above', levels);
    return {
      reads: 'evidence',
      overHistory: {
        en: 'the store keeps when a value was measured and not when it arrived, and nobody keeps what the inventory expected then',
        vi: 'kho lưu thời điểm đo chứ không lưu thời điểm nhận, và không ai lưu danh mục lúc đó mong đợi những gì',
      },
      entityTags: ['device', 'measurement'],
      intervalMs: INTERVAL_MS,
      isState: true,
      valueUnit: 'intervals',
      subject: 'expected measurements',
      conditionText: 'an expected measurement not seen for … of its intervals, while the agent talks',
      levelTexts: limitTexts(levels),
      levelMeanings: limitMeanings('above', levels, { unit: 'intervals' }),
      *evaluateAt(
        nowMs: number,
        { city }: EvidenceSources,
        isActive,
        active,
      ): Iterable<TickFinding | GoneEntity> {
        const absences = city?.measurements.absencesAt(nowMs);
        if (city === undefined || absences === undefined) return;
        for (const entity of active()) {
          const { device = '', measurement = '' } = entity;
          if (!city.measurements.isExpected(device, measurement, nowMs)) yield { entity, isGone: true };
        }
        let room = MAX_BEGINS;
        for (const { device, measurement, missedIntervals, sinceMs, isNews } of absences) {
          const isBreach = limits.isBreach(missedIntervals);
          if (!isBreach && !isNews) continue;
          const entity = { device: device.id, measurement };
          const wasActive = isActive(entity);
          if (!isBreach && !wasActive) continue;
          const state = city.states.momentOf(`device:${device.id}`)?.state;
          if (isBreach && (state === 'down' || state === 'unreachable')) continue;
          if (!wasActive && room-- <= 0) continue;
          yield {
            entity,
            agent: device.agent,
            location: { unit: device.unit, site: device.site },
            value: Math.round(missedIntervals * 10) / 10,
            evaluations: limits.evaluate(missedIntervals),
            sinceMs,
            mayStart: true,
          };
        }
      },
    };
  },
};
