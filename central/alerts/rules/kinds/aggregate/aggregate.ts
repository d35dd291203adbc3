import { z } from 'zod';
import type { MeasurementDefinition } from '../../../../../contract/catalogue.ts';
import { CENTRAL_AGENT } from '../../../../../contract/topics.ts';
import { locationFrom } from '../../../../samples/location.ts';
import { checkMeasurement, checkNumberField, checkTags } from '../../catalogue-checks.ts';
import { limitMeanings } from '../../level-meaning.ts';
import { checkLimits, compileLimits, limitLevelsSchema, limitTexts } from '../../limit-levels.ts';
import { commonSettings, nameSchema, rowSettings } from '../../rule-settings.ts';
import { Members, soleAgent, type Group } from '../latest/members.ts';
import { Neighbours } from '../latest/neighbours.ts';
import { readLatest, type LatestSources } from '../latest/reading.ts';
import { storedReadsOf } from '../latest/stored-reads.ts';
import type { HeardEntity, RuleKind, TickFinding, Unfinished } from '../rule-kind.ts';

const settingsSchema = z
  .strictObject({
    ...commonSettings,
    kind: z.literal('aggregate'),
    measurement: rowSettings.measurement,
    field: nameSchema,
    aggregate: z.enum(['sum', 'mean']),
    /** The sum is divided by the sum of this field. */
    divideBy: nameSchema.optional(),
    /** Tags of the group. `unit` and `site` are those of the device in the inventory, where that has it. */
    entity: rowSettings.entity,
    where: rowSettings.where,
    interval: rowSettings.interval,
    /** Tags that tell the members of a group apart. */
    member: z.array(nameSchema).min(1).max(4),
    minMembers: z
      .int('expected a whole number')
      .min(1, 'expected at least 1')
      .max(10_000, 'expected at most 10000')
      .default(1),
    op: z.enum(['above', 'below']),
    levels: limitLevelsSchema,
  })
  .superRefine(({ op, levels, aggregate, divideBy }, context) => {
    checkLimits(op, levels, context);
    if (divideBy === undefined || aggregate === 'sum') return;
    const message = 'expected only with aggregate: sum';
    context.addIssue({ code: 'custom', path: ['divideBy'], message, input: divideBy });
  });

export type AggregateSettings = z.infer<typeof settingsSchema>;

/** The sum or the mean over a group, such as all pools of a resource. */
export const aggregateKind: RuleKind<AggregateSettings> = {
  kind: 'aggregate',
  settingsSchema,
  checkSettings: (settings, catalogue) =>
    checkMeasurement(settings, catalogue, (measurement) => [
      ...checkTags(settings, measurement),
      ...settings.member
        .filter((tag) => measurement.tags[tag] === undefined)
        .map((tag) => `member: not a tag of ${measurement.name}, got "${tag}"`),
      ...checkFields(settings, measurement),
    ]),
  createEvaluator: (settings, catalogue) => {
    const { measurement, field, aggregate, divideBy, entity, interval, minMembers, op, levels, where } =
      settings;
    const limits = compileLimits(op, levels);
    const filters = Object.entries(where).map(([tag, values]) => `, ${tag} ${values.join(' or ')}`);
    const divisor = divideBy === undefined ? '' : ` ÷ ${divideBy}`;
    const quantity = `${measurement}.${field}${divisor}, ${aggregate} over ${settings.member.join(', ')}`;
    const unit = divideBy === undefined ? (catalogue.get(measurement)?.fields[field]?.unit ?? '') : '';
    return {
      reads: 'evidence',
      overHistory: storedReadsOf([{ measurement, field, divideBy }]),
      judgesReports: true,
      entityTags: entity,
      intervalMs: interval,
      isState: false,
      valueUnit: unit,
      subject: `${quantity} ${op}`,
      conditionText: `${quantity} ${op}${filters.join('')}`,
      levelTexts: limitTexts(levels),
      levelMeanings: limitMeanings(op, levels, {
        unit,
        ...(minMembers > 1 && {
          beside: { en: `of at least ${minMembers}`, vi: `của ít nhất ${minMembers}` },
        }),
      }),
      *evaluateAt(nowMs, sources, isActive): Iterable<TickFinding | HeardEntity | Unfinished> {
        for (const group of yield* readGroups(settings, sources, nowMs)) {
          const fresh = group.members.filter(({ isFresh }) => isFresh);
          const amounts = fresh.flatMap(({ finding }) => (finding === undefined ? [] : [finding]));
          // A sum without one of its members is another sum.
          if (amounts.length < minMembers || (aggregate === 'sum' && fresh.length < group.members.length)) {
            if (fresh.length > 0 && isActive(group.entity)) yield { entity: group.entity, isHeard: true };
            continue;
          }
          const value = aggregateOf(amounts, aggregate, divideBy !== undefined);
          if (value === undefined || (!limits.isBreach(value) && !isActive(group.entity))) continue;
          yield {
            entity: group.entity,
            agent: soleAgent(fresh) ?? CENTRAL_AGENT,
            location: locationFrom(group.entity['unit'], group.entity['site']),
            value,
            evaluations: limits.evaluate(value),
            sinceMs: nowMs,
            mayStart: true,
          };
        }
      },
    };
  },
};

interface Amount {
  readonly value: number;
  readonly divisor: number;
}

/** Pure. Undefined: of no values, or divided by nothing. */
export function aggregateOf(
  amounts: readonly Amount[],
  aggregate: 'sum' | 'mean',
  isDivided: boolean,
): number | undefined {
  const sumOf = (part: keyof Amount): number => amounts.reduce((sum, amount) => sum + amount[part], 0);
  const divisor = aggregate === 'mean' ? amounts.length : isDivided ? sumOf('divisor') : 1;
  return divisor === 0 ? undefined : sumOf('value') / divisor;
}

/** Without the members that their source no longer has. */
function* readGroups(
  settings: AggregateSettings,
  sources: LatestSources,
  nowMs: number,
): Generator<Unfinished, readonly Group<Amount>[]> {
  const { measurement, where, interval: intervalMs, field, divideBy, member, entity } = settings;
  const members = new Members<Amount>(member, entity);
  const neighbours = new Neighbours();
  yield* readLatest(sources, { measurement, where, intervalMs }, nowMs, (reading) => {
    neighbours.see(reading);
    const value = reading.valueOf(field);
    const divisor = divideBy === undefined ? 1 : reading.valueOf(divideBy);
    if (value === undefined || divisor === undefined) return;
    const added = members.add(reading, { value: Number(value), divisor: Number(divisor) });
    neighbours.place(added, reading);
  });
  return [...members.groups().values()].map((group) => ({
    entity: group.entity,
    members: group.members.filter((each) => !neighbours.isGone(each)),
  }));
}

function checkFields({ field, divideBy }: AggregateSettings, measurement: MeasurementDefinition): string[] {
  const problems = checkNumberField('field', field, measurement);
  return divideBy === undefined
    ? problems
    : [...problems, ...checkNumberField('divideBy', divideBy, measurement)];
}
