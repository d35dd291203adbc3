import { z } from 'zod';
import { DEVICE_KINDS, linkSchema, siteSchema } from '../../../../contract/inventory.ts';
import { durationSchema } from '../../../../runtime/duration.ts';
import type { AlertValue } from '../../lifecycle/alert-value.ts';
import type { Evaluation } from '../../lifecycle/alert-state.ts';
import type { ElementStanding, StandingWord } from '../element-standings.ts';
import type { LevelMeaning } from '../level-meaning.ts';
import { checkSeverities, commonSettings, oneOrMore, severitySchema } from '../rule-settings.ts';
import type { EvidenceSources, GoneEntity, RuleKind, TickFinding } from './rule-kind.ts';

function levelsOf<States extends readonly StandingWord[]>(states: States) {
  return z
    .array(
      z.strictObject({
        severity: severitySchema,
        states: oneOrMore(z.enum(states)),
        /** Only if at least so many sites are unreachable because of it. */
        sites: z.int().min(1).max(100_000).optional(),
        for: durationSchema.optional(),
      }),
    )
    .min(1)
    .max(4);
}

const ofDevice = z.strictObject({
  ...commonSettings,
  kind: z.literal('state'),
  of: z.literal('device'),
  /** Only those of these kinds of the inventory. */
  kinds: oneOrMore(z.enum(DEVICE_KINDS)).optional(),
  levels: levelsOf(['down', 'unreachable', 'unknown', 'disputed']),
});

const ofSite = z.strictObject({
  ...commonSettings,
  kind: z.literal('state'),
  of: z.literal('site'),
  kinds: oneOrMore(siteSchema.shape.kind).optional(),
  levels: levelsOf(['down', 'cut', 'unreachable', 'unknown']),
});

const ofLink = z.strictObject({
  ...commonSettings,
  kind: z.literal('state'),
  of: z.literal('link'),
  kinds: oneOrMore(linkSchema.shape.kind).optional(),
  levels: levelsOf(['down', 'unreachable', 'unknown']),
});

const ofService = z.strictObject({
  ...commonSettings,
  kind: z.literal('state'),
  of: z.literal('service'),
  levels: z
    .array(
      z.strictObject({
        severity: severitySchema,
        states: oneOrMore(z.enum(['down', 'degraded', 'unknown'])),
        for: durationSchema.optional(),
      }),
    )
    .min(1)
    .max(4),
});

const settingsSchema = z
  .discriminatedUnion('of', [ofDevice, ofSite, ofLink, ofService])
  .superRefine(({ levels }, context) => checkSeverities(levels, context));

type StateSettings = z.infer<typeof settingsSchema>;

/** Evaluated every second. */
const INTERVAL_MS = 1_000;

/** How a device, site, link or service of the inventory stands: see health/states and health/services. */
export const stateKind: RuleKind<StateSettings> = {
  kind: 'state',
  settingsSchema,
  createEvaluator: (settings) => {
    const { of } = settings;
    const kinds = 'kinds' in settings ? settings.kinds : undefined;
    const levels = settings.levels.map(compileLevel);
    const words = new Set(levels.flatMap((level) => [...level.states]));
    const countsSites = levels.some(({ sites }) => sites > 0);
    const what = kinds === undefined ? of : `${of}, ${kinds.join(' or ')}`;
    return {
      reads: 'evidence',
      overHistory: {
        en: 'it judges the states that central found from the inventory and its wiring, not samples',
        vi: 'nó xét trạng thái mà trung tâm xác định từ danh mục và sơ đồ đấu nối, không phải mẫu đo',
      },
      entityTags: [of],
      intervalMs: INTERVAL_MS,
      isState: true,
      valueUnit: countsSites ? 'sites' : '',
      subject: what,
      conditionText: `state of a ${what}`,
      levelTexts: levels.map(levelText),
      levelMeanings: levels.map(meaningOf),
      *evaluateAt(
        nowMs: number,
        { city }: EvidenceSources,
        _isActive,
        active,
      ): Iterable<TickFinding | GoneEntity> {
        if (city === undefined) return;
        const found = (standing: ElementStanding): TickFinding[] => {
          const evaluations = evaluate(levels, standing);
          if (evaluations === undefined) return [];
          return [
            {
              entity: { [of]: standing.id },
              ...city.elements.placeOf(of, standing.id),
              value: countsSites ? standing.sites : valueOf(standing, words),
              evaluations,
              // Sites may be cut off long after it went down itself.
              sinceMs: countsSites || words.has('disputed') ? nowMs : standing.sinceMs,
              mayStart: true,
            },
          ];
        };
        const seen = new Set<string>();
        for (const entity of active()) {
          const id = entity[of] ?? '';
          seen.add(id);
          const standing = city.elements.find(of, id);
          if (standing === undefined) yield { entity, isGone: true };
          else yield* found(standing);
        }
        for (const standing of city.elements.inStates(of, words)) {
          if (seen.has(standing.id) || (kinds !== undefined && !isOneOf(kinds, standing.kind))) continue;
          if (isBreach(levels, standing)) yield* found(standing);
        }
      },
    };
  },
};

interface Level {
  readonly states: ReadonlySet<StandingWord>;
  /** 0: none needed. */
  readonly sites: number;
}

function compileLevel({
  states,
  ...rest
}: {
  readonly states: readonly StandingWord[];
  readonly sites?: number | undefined;
}): Level {
  return { states: new Set(states), sites: rest.sites ?? 0 };
}

function levelText({ states, sites }: Level): string {
  const words = [...states].join(' or ');
  return sites === 0 ? words : `${words}, and cuts off ${sites === 1 ? 'a site' : `${sites} sites`}`;
}

const WORDS_VI: Readonly<Record<StandingWord, string>> = {
  down: 'ngừng hoạt động',
  degraded: 'suy giảm',
  cut: 'bị cô lập',
  unreachable: 'không tới được',
  unknown: 'không rõ',
  disputed: 'có tranh chấp',
};

function meaningOf(level: Level): LevelMeaning {
  const { states, sites } = level;
  const words = [...states].map((word) => WORDS_VI[word]).join(' hoặc ');
  const cut = sites === 0 ? '' : `, và làm mất kết nối ít nhất ${sites} điểm`;
  return { begins: { en: levelText(level), vi: `${words}${cut}` } };
}

function isOneOf(kinds: readonly string[], kind: string | undefined): boolean {
  return kind !== undefined && kinds.includes(kind);
}

function wordsOf({ state, disputedBy }: ElementStanding): readonly string[] {
  const words = state === 'cut' ? ['cut', 'unreachable'] : [state];
  return disputedBy.length > 0 ? [...words, 'disputed'] : words;
}

function meets({ states, sites }: Level, standing: ElementStanding): boolean {
  if (standing.sites < sites) return false;
  return wordsOf(standing).some((word) => states.has(word as StandingWord));
}

function isBreach(levels: readonly Level[], standing: ElementStanding): boolean {
  return levels.some((level) => meets(level, standing));
}

/** Undefined: nobody can say, so that what was known before still holds. */
function evaluate(levels: readonly Level[], standing: ElementStanding): readonly Evaluation[] | undefined {
  const { state } = standing;
  const isKnown = state === 'up' || state === 'down' || state === 'degraded';
  // A graver level is a breach of the milder ones too: getting worse must not end an alert.
  const gravest = levels.findLastIndex((level) => meets(level, standing));
  if (gravest < 0 && !isKnown) return undefined;
  return levels.map((_level, at) => (at <= gravest ? 'breach' : isKnown ? 'clear' : 'between'));
}

function valueOf(
  { state, reason, disputedBy }: ElementStanding,
  words: ReadonlySet<StandingWord>,
): AlertValue {
  if (reason !== undefined) return reason;
  if (disputedBy.length > 0 && words.has('disputed')) return disputedBy.join(', ');
  return state;
}
