import { z } from 'zod';
import type { CapacityForecast } from '../../../capacity/capacity-forecast.ts';
import { CAPACITY_KINDS, CAPACITY_MEASURES } from '../../../capacity/capacity-kinds.ts';
import { durationSchema } from '../../../../runtime/duration.ts';
import { locationFrom, type Location } from '../../../samples/location.ts';
import type { Evaluation } from '../../lifecycle/alert-state.ts';
import { amountText, type LevelMeaning } from '../level-meaning.ts';
import { checkSeverities, commonSettings, nameSchema, oneOrMore, severitySchema } from '../rule-settings.ts';
import type { EvidenceSources, HeardEntity, RuleKind, TickFinding } from './rule-kind.ts';

const levelSchema = z
  .strictObject({
    severity: severitySchema,
    /** Days to full, at the early end of the range: fewer begin. */
    raise: z.number().positive().max(365),
    /** So many end. */
    clear: z.number().positive().max(365),
    /** Only where more of it is in use, in percent: what is nearly empty has time. */
    usedAbove: z.number().min(0).max(100).optional(),
    for: durationSchema.optional(),
  })
  .superRefine(({ raise, clear }, context) => {
    if (clear > raise) return;
    const message = `expected more than raise (${raise})`;
    context.addIssue({ code: 'custom', path: ['clear'], message, input: clear });
  });

const settingsSchema = z
  .strictObject({
    ...commonSettings,
    kind: z.literal('forecast'),
    of: z.enum(CAPACITY_KINDS),
    /** Only with one of these values in each of these tags. */
    where: z.record(nameSchema, oneOrMore(z.string().max(256))).default({}),
    levels: z.array(levelSchema).min(1).max(4),
  })
  .superRefine(({ of, where, levels }, context) => {
    checkSeverities(levels, context);
    levels.forEach((level, at) => {
      const milder = levels[at - 1];
      if (milder === undefined || level.raise < milder.raise) return;
      const message = `expected fewer days than the level before (${milder.raise})`;
      context.addIssue({ code: 'custom', path: ['levels', at, 'raise'], message, input: level.raise });
    });
    const { tags } = CAPACITY_MEASURES[of];
    for (const tag of Object.keys(where)) {
      if (tags.includes(tag)) continue;
      const message = `expected one of ${tags.join(', ')}`;
      context.addIssue({ code: 'custom', path: ['where', tag], message, input: tag });
    }
  });

type ForecastSettings = z.infer<typeof settingsSchema>;
type Level = ForecastSettings['levels'][number];

/** As often as forecasts are made. */
const INTERVAL_MS = 3_600_000;
/** An estimate without a range ends an alert only where it is so many times the limit. */
const UNPROVEN_FACTOR = 4;
/** Of the share in use, in percent. */
const USED_DEAD_BAND = 5;
/** In percent. What is as full as that has arrived: that it grows no more is no end. As where `disk_full` begins. */
const NEARLY_FULL = 95;

/**
 * When something will be full, by the early end of what the forecast takes for likely: see central/capacity. Only a forecast with a range begins an
 * alert. What cannot be judged leaves it as it is.
 */
export const forecastKind: RuleKind<ForecastSettings> = {
  kind: 'forecast',
  settingsSchema,
  createEvaluator: ({ of, where, levels }) => {
    const { measurement, field, tags } = CAPACITY_MEASURES[of];
    const filters = Object.entries(where);
    const isWanted = (found: CapacityForecast): boolean =>
      filters.every(([tag, values]) => values.includes(found.tags[tag] ?? ''));
    return {
      reads: 'evidence',
      overHistory: {
        en: 'forecasts rest on the daily history of months, which central judges again each day',
        vi: 'dự báo dựa trên lịch sử hằng ngày của nhiều tháng, được trung tâm tính lại mỗi ngày',
      },
      judgesReports: true,
      measurement,
      where: CAPACITY_MEASURES[of].where,
      entityTags: tags,
      intervalMs: INTERVAL_MS,
      isState: false,
      valueUnit: 'd',
      subject: `${measurement}.${field}, days to full`,
      conditionText: [
        `${measurement}.${field}, days to full below`,
        ...filters.map(([tag, values]) => `${tag} ${values.join(' or ')}`),
      ].join(', '),
      levelTexts: levels.map(levelText),
      levelMeanings: levels.map(meaningOf),
      *evaluateAt(
        nowMs: number,
        { forecasts, devices, liveness }: EvidenceSources,
        isActive,
        active,
      ): Iterable<TickFinding | HeardEntity> {
        const listed = forecasts?.list(of);
        if (listed === undefined) {
          for (const entity of active()) yield { entity, isHeard: true };
          return;
        }
        const locationOf = (found: CapacityForecast): Location => {
          const device = of === 'storage' ? devices().get(found.tags['device'] ?? '') : undefined;
          if (device !== undefined) return locationFrom(device.unit, device.site);
          const isKnown = found.unit !== undefined || found.site !== undefined;
          return isKnown ? locationFrom(found.unit, found.site) : liveness.locationOf(found.agent);
        };
        for (const found of listed) {
          if (!isWanted(found)) continue;
          const entity = found.tags;
          const evaluations = levels.map((level) => evaluate(level, found));
          const isBreach = evaluations.includes('breach');
          if (!isBreach && !isActive(entity)) continue;
          if (!isProven(found) && !evaluations.includes('clear')) {
            yield { entity, isHeard: true };
            continue;
          }
          yield {
            entity,
            agent: found.agent,
            location: locationOf(found),
            value: valueOf(found),
            evaluations,
            sinceMs: nowMs,
            mayStart: true,
          };
        }
      },
    };
  },
};

function levelText({ raise, clear, usedAbove }: Level): string {
  return `${raise} → ${clear} d${usedAbove === undefined ? '' : `, and used above ${usedAbove} %`}`;
}

function meaningOf({ raise, clear, usedAbove }: Level): LevelMeaning {
  const [limit, end] = [amountText(raise, 'd'), amountText(clear, 'd')];
  const begins = { en: `below ${limit.en} to full`, vi: `đầy trong chưa tới ${limit.vi}` };
  const ends = { en: `back at ${end.en}`, vi: `trở lại ${end.vi}` };
  if (usedAbove === undefined) return { begins, ends };
  const used = usedAbove - USED_DEAD_BAND;
  return {
    begins: {
      en: `${begins.en}, with more than ${usedAbove} % in use`,
      vi: `${begins.vi}, và đã dùng trên ${usedAbove} %`,
    },
    ends:
      used < 0
        ? ends
        : { en: `${ends.en}, or at ${used} % in use,`, vi: `${ends.vi}, hoặc đã dùng còn ${used} %,` },
  };
}

function isProven({ forecast: { outcome } }: CapacityForecast): boolean {
  return outcome !== 'unproven' && outcome !== 'too_little_history';
}

/** `between` where it cannot be judged: what was known before still holds. */
function evaluate({ raise, clear, usedAbove }: Level, found: CapacityForecast): Evaluation {
  const { forecast, usedPercent } = found;
  if (usedAbove !== undefined && usedPercent <= usedAbove - USED_DEAD_BAND) return 'clear';
  switch (forecast.outcome) {
    case 'distant':
    case 'no_trend':
      return usedPercent > NEARLY_FULL ? 'between' : 'clear';
    case 'too_little_history':
      return 'between';
    case 'unproven':
      if (usedPercent > NEARLY_FULL) return 'between';
      return forecast.middleDays >= UNPROVEN_FACTOR * clear ? 'clear' : 'between';
    case 'dated':
      if (forecast.earlyDays >= clear) return 'clear';
      if (forecast.earlyDays >= raise) return 'between';
      return usedAbove === undefined || usedPercent > usedAbove ? 'breach' : 'between';
  }
}

/** Whole days at the early end, or why there are none. */
function valueOf({ forecast }: CapacityForecast): number | string {
  switch (forecast.outcome) {
    case 'dated':
      return Math.floor(forecast.earlyDays);
    case 'distant':
      return 'more than a year';
    case 'no_trend':
      return 'it does not grow';
    case 'unproven':
    case 'too_little_history':
      return 'not known';
  }
}
