import { z } from 'zod';
import { durationSchema } from '../../../../runtime/duration.ts';
import { checkSeverities, commonSettings, severitySchema } from '../rule-settings.ts';
import type { EvidenceSources, GoneEntity, RuleKind, TickFinding } from './rule-kind.ts';

const settingsSchema = z
  .strictObject({
    ...commonSettings,
    kind: z.literal('wiring'),
    /** With more than one, each has its own `for`. */
    levels: z
      .array(z.strictObject({ severity: severitySchema, for: durationSchema.optional() }))
      .min(1)
      .max(4),
  })
  .superRefine((settings, context) => checkSeverities(settings.levels, context));

type WiringSettings = z.infer<typeof settingsSchema>;

/** Evaluated every second. */
const INTERVAL_MS = 1_000;

/** The ends of a declared link see other devices than the inventory says: see health/topology. Without evidence an alert stays as it is. */
export const wiringKind: RuleKind<WiringSettings> = {
  kind: 'wiring',
  settingsSchema,
  createEvaluator: ({ levels }) => ({
    reads: 'evidence',
    overHistory: {
      en: 'it compares what neighbours see with the inventory, and the wiring of then is not in the store',
      vi: 'nó so sánh những gì thiết bị kề nhìn thấy với danh mục, và kho không có sơ đồ đấu nối lúc đó',
    },
    entityTags: ['link'],
    intervalMs: INTERVAL_MS,
    isState: true,
    valueUnit: '',
    subject: 'neighbours',
    conditionText: 'ends of a declared link see other devices',
    levelTexts: levels.map(() => 'seen'),
    levelMeanings: levels.map(() => ({ begins: { en: 'seen', vi: 'được nhìn thấy' } })),
    *evaluateAt(
      nowMs: number,
      { wiring }: EvidenceSources,
      isActive,
      active,
    ): Iterable<TickFinding | GoneEntity> {
      if (wiring === undefined) return;
      for (const entity of active()) {
        if (!wiring.isDeclared(entity['link'] ?? '')) yield { entity, isGone: true };
      }
      for (const { link, state, sinceMs, detail, agent, location } of wiring.wiring()) {
        const differs = state === 'differs';
        if (!differs && !isActive({ link })) continue;
        // It stands until the next look at the tables.
        if (!wiring.isDeclared(link)) continue;
        const evaluation = differs ? 'breach' : 'clear';
        yield {
          entity: { link },
          agent,
          location,
          value: detail === '' ? 'as declared' : detail,
          evaluations: levels.map(() => evaluation),
          sinceMs: differs ? sinceMs : nowMs,
          mayStart: true,
        };
      }
    },
  }),
};
