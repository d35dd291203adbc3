import { z } from 'zod';
import { CENTRAL_AGENT } from '../../../../contract/topics.ts';
import { durationSchema } from '../../../../runtime/duration.ts';
import type { TargetedService } from '../../../health/services/service-targets.ts';
import type { SpentTime } from '../../../health/services/spent-time.ts';
import type { Evaluation } from '../../lifecycle/alert-state.ts';
import { amountText, spanText, type LevelMeaning } from '../level-meaning.ts';
import { checkLimits } from '../limit-levels.ts';
import { commonSettings, severitySchema } from '../rule-settings.ts';
import type { EvidenceSources, GoneEntity, RuleKind, TickFinding } from './rule-kind.ts';

const DAY_MS = 86_400_000;
const MAX_WINDOW_MS = 30 * DAY_MS;

const windowSchema = durationSchema.superRefine((ms, context) => {
  if (ms >= 60_000 && ms <= MAX_WINDOW_MS) return;
  context.addIssue({ code: 'custom', message: 'expected 1m to 30d', input: spanText(ms).en });
});

const levelSchema = z.strictObject({
  severity: severitySchema,
  /** Times the rate at which the target allows to fail: passed in both windows, it begins. */
  raise: z.number().positive(),
  /** At this rate in one of them it ends. */
  clear: z.number().min(0),
  /** Enough is spent to matter. */
  long: windowSchema,
  /** And it still goes on. */
  short: windowSchema,
  for: durationSchema.optional(),
});

const settingsSchema = z
  .strictObject({
    ...commonSettings,
    kind: z.literal('burn_rate'),
    levels: z.array(levelSchema).min(1).max(4),
  })
  .superRefine(({ levels }, context) => {
    checkLimits('above', levels, context);
    levels.forEach(({ long, short }, at) => {
      if (short < long) return;
      const message = `expected less than long (${spanText(long).en})`;
      const input = spanText(short).en;
      context.addIssue({ code: 'custom', path: ['levels', at, 'short'], message, input });
    });
  });

type BurnRateSettings = z.infer<typeof settingsSchema>;
type Level = BurnRateSettings['levels'][number];

/** Each service is looked at once in this time, a part of them at each tick: it reads a history on disk. */
const INTERVAL_MS = 15_000;
const TICK_MS = 1_000;
const TURNS = INTERVAL_MS / TICK_MS;
/** Less known of a window says too little of it. */
const KNOWN_SHARE = 0.5;

/**
 * How fast a service spends the time that its target allows it to fail (Google, The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate
 * Alerts"): both windows of a level count. Time that nobody knows of, or that was planned, is neither good nor bad.
 */
export const burnRateKind: RuleKind<BurnRateSettings> = {
  kind: 'burn_rate',
  settingsSchema,
  createEvaluator: ({ levels }) => {
    const widthsMs = levels.flatMap(({ long, short }) => [long, short]);
    const longestMs = Math.max(...widthsMs);
    return {
      reads: 'evidence',
      overHistory: {
        en: 'it counts the states of services that central found, not samples',
        vi: 'nó đếm trạng thái dịch vụ mà trung tâm xác định, không phải mẫu đo',
      },
      entityTags: ['service'],
      intervalMs: INTERVAL_MS,
      isState: false,
      valueUnit: 'times',
      subject: 'availability of a service',
      conditionText: 'a service with a target for its availability fails … times as fast as that allows',
      levelTexts: levels.map(levelText),
      levelMeanings: levels.map(meaningOf),
      *evaluateAt(
        nowMs: number,
        { targets, city }: EvidenceSources,
        isActive,
        active,
      ): Iterable<TickFinding | GoneEntity> {
        if (targets === undefined) return;
        const services = targets.list();
        const known = new Set(services.map(({ id }) => id));
        for (const entity of active())
          if (!known.has(entity['service'] ?? '')) yield { entity, isGone: true };
        const turn = Math.floor(nowMs / TICK_MS) % TURNS;
        for (let at = turn; at < services.length; at += TURNS) {
          const service = services[at];
          if (service === undefined) continue;
          const entity = { service: service.id };
          const wasActive = isActive(entity);
          if (!wasActive && isSpotless(service, nowMs - longestMs)) continue;
          const times = targets.timesOf(service.id, widthsMs, nowMs);
          const burns = levels.map((level, index) => burnOf(level, service, times, index));
          const evaluations = evaluate(levels, burns);
          const gravest = evaluations.lastIndexOf('breach');
          const value = burns[Math.max(0, gravest)] ?? burns.find((burn) => burn !== undefined);
          if (value === undefined || (gravest < 0 && !wasActive)) continue;
          const place = city?.elements.placeOf('service', service.id);
          yield {
            entity,
            agent: place?.agent ?? CENTRAL_AGENT,
            location: place?.location ?? {},
            value: Math.round(value * 10) / 10,
            evaluations,
            sinceMs: nowMs,
            mayStart: true,
          };
        }
      },
    };
  },
};

/** It was not down at any time since then. */
function isSpotless({ state, sinceMs }: TargetedService, fromMs: number): boolean {
  return state !== 'down' && sinceMs <= fromMs;
}

/** In the window in which it is less; undefined: too little is known of one of them. */
function burnOf(
  { long, short }: Level,
  { targetPercent }: TargetedService,
  times: readonly SpentTime[],
  at: number,
): number | undefined {
  const [longTime, shortTime] = [times[2 * at], times[2 * at + 1]];
  if (longTime === undefined || shortTime === undefined) return undefined;
  const [ofLong, ofShort] = [shareOf(longTime, long), shareOf(shortTime, short)];
  if (ofLong === undefined || ofShort === undefined) return undefined;
  return Math.min(ofLong, ofShort) / (1 - targetPercent / 100);
}

function shareOf({ goodMs, badMs }: SpentTime, widthMs: number): number | undefined {
  const knownMs = goodMs + badMs;
  return knownMs < KNOWN_SHARE * widthMs ? undefined : badMs / knownMs;
}

/** Of each level, mildest first. A graver one is a breach of the milder ones too: getting worse must not end an alert. */
function evaluate(levels: readonly Level[], burns: readonly (number | undefined)[]): Evaluation[] {
  const own = levels.map(({ raise, clear }, at): Evaluation => {
    const burn = burns[at];
    if (burn === undefined) return 'between';
    return burn > raise ? 'breach' : burn <= clear ? 'clear' : 'between';
  });
  const gravest = own.lastIndexOf('breach');
  return own.map((each, at) => (at < gravest ? 'breach' : each));
}

function levelText({ raise, clear, long, short }: Level): string {
  return `${raise} → ${clear} over ${durationText(long)} and ${durationText(short)}`;
}

function meaningOf({ raise, clear, long, short }: Level): LevelMeaning {
  const [limit, end] = [amountText(raise, 'times'), amountText(clear, 'times')];
  const [longText, shortText] = [spanText(long), spanText(short)];
  return {
    begins: {
      en: `above ${limit.en} the allowed rate over both ${longText.en} and ${shortText.en}`,
      vi: `trên ${limit.vi} mức cho phép trong cả ${longText.vi} lẫn ${shortText.vi}`,
    },
    ends: { en: `back at ${end.en} over one of them,`, vi: `trở lại ${end.vi} ở một khoảng,` },
  };
}

function durationText(ms: number): string {
  return spanText(ms).en.replace(/ (.).*/, '$1');
}
