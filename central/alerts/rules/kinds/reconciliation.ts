import { z } from 'zod';
import { durationSchema } from '../../../../runtime/duration.ts';
import { RECONCILIATION_KINDS, type Finding } from '../../../health/reconciliation/finding.ts';
import { locationFrom } from '../../../samples/location.ts';
import type { CityEvidence } from '../city-evidence.ts';
import { checkSeverities, commonSettings, severitySchema } from '../rule-settings.ts';
import type { EvidenceSources, RuleKind, TickFinding } from './rule-kind.ts';

const settingsSchema = z
  .strictObject({
    ...commonSettings,
    kind: z.literal('reconciliation'),
    finding: z.enum(RECONCILIATION_KINDS),
    /** With more than one, each has its own `for`. */
    levels: z
      .array(z.strictObject({ severity: severitySchema, for: durationSchema.optional() }))
      .min(1)
      .max(4),
  })
  .superRefine((settings, context) => checkSeverities(settings.levels, context));

type ReconciliationSettings = z.infer<typeof settingsSchema>;

/** As often as the findings are made. */
const INTERVAL_MS = 60_000;
/** What reports and is not expected may be anything that an agent makes up. */
const MAX_ALERTS = 1_000;
/** At one look: a rule must not hold up the others. */
const MAX_BEGINS = 500;

/** How what is differs from the inventory, each by name: see health/reconciliation. */
export const reconciliationKind: RuleKind<ReconciliationSettings> = {
  kind: 'reconciliation',
  settingsSchema,
  createEvaluator: ({ finding: wanted, levels }) => ({
    reads: 'evidence',
    overHistory: {
      en: 'it compares what reports with the inventory, and neither is in the store as it was then',
      vi: 'nó so sánh những gì đang báo về với danh mục, và kho không có cả hai như lúc đó',
    },
    entityTags: ['device', 'agent'],
    intervalMs: INTERVAL_MS,
    isState: true,
    valueUnit: '',
    subject: wanted,
    conditionText: `reconciliation finds ${wanted}`,
    levelTexts: levels.map(() => 'found'),
    levelMeanings: levels.map(() => ({
      begins: { en: 'found', vi: 'được phát hiện' },
    })),
    *evaluateAt(nowMs: number, sources: EvidenceSources, isActive, active): Iterable<TickFinding> {
      const { city, liveness } = sources;
      const findings = city?.differences.findingsAt(nowMs);
      if (city === undefined || findings === undefined) return;
      const known = new Map(
        findings.filter(({ kind }) => kind === wanted).map((each) => [`${each.what} ${each.id}`, each]),
      );
      const activeNow = [...active()];
      for (const entity of activeNow) {
        const { device, agent } = entity;
        if (known.has(device === undefined ? `agent ${agent ?? ''}` : `device ${device}`)) continue;
        if (wanted === 'silent' && !isHeard(device, city)) continue;
        yield {
          ...{ entity, value: 'over', sinceMs: nowMs, mayStart: false },
          ...(device === undefined
            ? placeOfAgent(agent ?? '', liveness)
            : city.elements.placeOf('device', device)),
          evaluations: levels.map(() => 'clear'),
        };
      }
      let room = Math.min(MAX_BEGINS, MAX_ALERTS - activeNow.length);
      for (const finding of known.values()) {
        if (isToldOtherwise(finding, sources, nowMs)) continue;
        const { id, what, agents, detail } = finding;
        const entity = { [what]: id };
        if (!isActive(entity) && room-- <= 0) continue;
        yield {
          ...{ entity, value: detail, sinceMs: beginOf(finding, nowMs), mayStart: true },
          ...{
            agent: what === 'agent' ? id : (agents[0] ?? ''),
            location: locationFrom(finding.unit, finding.site),
          },
          evaluations: levels.map(() => 'breach'),
        };
      }
    },
  }),
};

/**
 * Of what is expected, only what an agent that talks does not send, and that the inventory names no interval for: rules over `absence` and
 * `measurement_absence` tell of the rest.
 */
function isToldOtherwise(
  { kind, what, id, agents }: Finding,
  { liveness, city }: EvidenceSources,
  nowMs: number,
): boolean {
  if (kind === 'unexpected' || kind === 'retired_reporting') return false;
  if (what === 'agent' || liveness.phaseOf(agents[0] ?? '', nowMs) !== 'live') return true;
  return kind === 'silent' && city?.inventory.devices.get(id)?.expects !== undefined;
}

/** A device of which nobody can tell is not heard again. */
function isHeard(device: string | undefined, { states }: CityEvidence): boolean {
  const state = device === undefined ? undefined : states.momentOf(`device:${device}`)?.state;
  return state === 'up' || state === 'down';
}

/** What comes back after it was over is another alert, though the finding is of the same day. */
function beginOf({ kind, sinceMs }: Finding, nowMs: number): number {
  return kind === 'unexpected' || kind === 'retired_reporting' ? nowMs : (sinceMs ?? nowMs);
}

function placeOfAgent(
  agent: string,
  { locationOf }: EvidenceSources['liveness'],
): Pick<TickFinding, 'agent' | 'location'> {
  return { agent, location: locationOf(agent) };
}
