import { z } from 'zod';
import type { CityStates } from '../../../health/states/city-states.ts';
import type { LiveInventory } from '../../../inventory/live-inventory.ts';
import type { RuleKind, TickFinding } from '../../rules/kinds/rule-kind.ts';
import { commonSettings, severitySchema } from '../../rules/rule-settings.ts';

const settingsSchema = z.strictObject({
  ...commonSettings,
  kind: z.literal('root'),
  levels: z.array(z.strictObject({ severity: severitySchema })),
});

/** What is down or cut by itself, for tests: sites and links. */
export function createRootRuleKind(
  states: Pick<CityStates, 'list' | 'momentOf'>,
  inventory: Pick<LiveInventory, 'sites'>,
): RuleKind<z.infer<typeof settingsSchema>> {
  return {
    kind: 'root',
    settingsSchema,
    createEvaluator: () => ({
      reads: 'evidence',
      overHistory: { en: 'states are not stored', vi: 'trạng thái không được lưu' },
      entityTags: ['site', 'link'],
      intervalMs: 1_000,
      isState: true,
      valueUnit: '',
      subject: 'root',
      conditionText: 'down or cut',
      levelTexts: ['found'],
      levelMeanings: [{ begins: { en: 'found', vi: 'phát hiện' } }],
      *evaluateAt(_nowMs, _sources, isActive): Iterable<TickFinding> {
        for (const kind of ['site', 'link'] as const) {
          for (const [ref, { state, sinceMs, roots }] of states.list(kind)) {
            const id = ref.slice(kind.length + 1);
            const isRoot = state === 'down' || (state === 'unreachable' && roots.includes(ref));
            const entity = { [kind]: id };
            if (!isRoot && !isActive(entity)) continue;
            // Where nobody can say, it stays as it is.
            const evaluation = isRoot ? 'breach' : state === 'unknown' ? 'between' : 'clear';
            const site = kind === 'site' ? inventory.sites.get(id) : undefined;
            const location = site === undefined ? {} : { unit: site.unit, site: id };
            yield {
              entity,
              agent: 'gw-none',
              location,
              value: state,
              evaluations: [evaluation],
              sinceMs,
              mayStart: true,
            };
          }
        }
      },
    }),
  };
}

export const ROOT_RULE = {
  kind: 'root',
  name: { en: 'Down or cut', vi: 'Mất kết nối' },
  action: { en: 'x', vi: 'x' },
  eventType: 'communications',
  probableCause: 'communications_subsystem_failure',
  levels: [{ severity: 'critical' }],
  for: '0s',
  clearFor: '5s',
};
