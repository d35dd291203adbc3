import { z } from 'zod';
import { CENTRAL_AGENT } from '../../../../../contract/topics.ts';
import { locationFrom } from '../../../../samples/location.ts';
import { checkMeasurement, checkTags } from '../../catalogue-checks.ts';
import { limitMeanings } from '../../level-meaning.ts';
import { checkLimits, compileLimits, limitLevelsSchema, limitTexts } from '../../limit-levels.ts';
import { commonSettings, nameSchema, oneOrMore, rowSettings } from '../../rule-settings.ts';
import {
  checkCondition,
  checkConditionNames,
  compileCondition,
  conditionSettings,
  conditionText,
  worstCondition,
} from '../latest/condition.ts';
import { Members, soleAgent, type Member } from '../latest/members.ts';
import { readLatest, type LatestSources } from '../latest/reading.ts';
import { storedReadsOf } from '../latest/stored-reads.ts';
import type { RuleKind, TickFinding, Unfinished } from '../rule-kind.ts';
import { judgeShare } from './judge-share.ts';

/** One is no group. */
const atLeastTwo = z
  .int('expected a whole number')
  .min(2, 'expected at least 2')
  .max(10_000, 'expected at most 10000')
  .default(3);

const settingsSchema = z
  .strictObject({
    ...commonSettings,
    kind: z.literal('share'),
    measurement: rowSettings.measurement,
    /** Tags of the group. `unit` and `site` are those of the device in the inventory, where that has it. */
    entity: rowSettings.entity,
    where: rowSettings.where,
    interval: rowSettings.interval,
    /** Tags that tell the members of a group apart. */
    member: z.array(nameSchema).min(1).max(4),
    /** Only members that had a row with these tags lately, whatever they have now. */
    among: z.record(nameSchema, oneOrMore(z.string().max(256))).default({}),
    /** A member is in breach where any of these holds. */
    breach: z.array(z.strictObject(conditionSettings)).min(1).max(8),
    minMembers: atLeastTwo,
    minInBreach: atLeastTwo,
    /** In percent of the members with fresh evidence. */
    levels: limitLevelsSchema,
  })
  .superRefine(({ levels, breach, member, entity }, context) => {
    checkLimits('above', levels, context);
    levels.forEach(({ raise, clear }, at) => {
      for (const [setting, value] of Object.entries({ raise, clear })) {
        if (value >= 0 && value < 100) continue;
        const path = ['levels', at, setting];
        context.addIssue({ code: 'custom', path, message: 'expected 0 to below 100 percent', input: value });
      }
    });
    breach.forEach((condition, at) => checkCondition(condition, ['breach', at], context));
    if (member.every((tag) => entity.includes(tag))) {
      const message = 'expected a tag that entity does not have: each group would have one member';
      context.addIssue({ code: 'custom', path: ['member'], message, input: member });
    }
  });

export type ShareSettings = z.infer<typeof settingsSchema>;

/** How many of a group are in breach: a ward, not one modem. */
export const shareKind: RuleKind<ShareSettings> = {
  kind: 'share',
  settingsSchema,
  checkSettings: (settings, catalogue) =>
    checkMeasurement(settings, catalogue, (measurement) => {
      const tagsOf = (path: string, tags: readonly string[]): string[] =>
        tags
          .filter((tag) => measurement.tags[tag] === undefined)
          .map((tag) => `${path}: not a tag of ${measurement.name}, got "${tag}"`);
      return [
        ...checkTags(settings, measurement),
        ...tagsOf('member', settings.member),
        ...tagsOf('among', Object.keys(settings.among)),
        ...settings.breach.flatMap((condition, at) =>
          checkConditionNames(`breach[${at}]`, condition, measurement),
        ),
      ];
    }),
  createEvaluator: (settings) => {
    const { measurement, breach, entity, levels, minMembers, minInBreach } = settings;
    const limits = compileLimits('above', levels);
    const readMembers = memberReader(settings);
    return {
      reads: 'evidence',
      overHistory: storedReadsOf(breach.map((condition) => ({ ...condition, measurement }))),
      judgesReports: true,
      entityTags: entity,
      intervalMs: settings.interval,
      isState: false,
      valueUnit: '%',
      subject: subjectOf(settings),
      conditionText: subjectOf(settings),
      levelTexts: limitTexts(levels).map((text) => `${text} %`),
      levelMeanings: limitMeanings('above', levels, {
        unit: '%',
        beside: {
          en: `at least ${minInBreach} in breach of at least ${minMembers}`,
          vi: `ít nhất ${minInBreach} vi phạm trong ít nhất ${minMembers}`,
        },
      }),
      *evaluateAt(nowMs, sources, isActive): Iterable<TickFinding | Unfinished> {
        const members = yield* readMembers(sources, nowMs);
        for (const group of members.groups().values()) {
          const fresh = group.members.filter(({ isFresh, finding }) => isFresh && finding !== undefined);
          const lastSeenInBreach = group.members.filter(
            ({ isFresh, finding }) => !isFresh && finding === true,
          );
          const counts = {
            fresh: fresh.length,
            inBreach: fresh.filter(({ finding }) => finding === true).length,
            lastSeenInBreach: lastSeenInBreach.length,
          };
          const judged = judgeShare(counts, { limits, minMembers, minInBreach });
          if (judged === undefined) continue;
          const { sharePercent, evaluations } = judged;
          if (!evaluations.includes('breach') && !isActive(group.entity)) continue;
          yield {
            entity: group.entity,
            agent: soleAgent(fresh) ?? CENTRAL_AGENT,
            location: locationFrom(group.entity['unit'], group.entity['site']),
            value: Math.round(sharePercent * 10) / 10,
            evaluations,
            sinceMs: nowMs,
            mayStart: true,
          };
        }
      },
    };
  },
};

/** Whether each member is in breach. */
function memberReader(
  settings: ShareSettings,
): (sources: LatestSources, nowMs: number) => Generator<Unfinished, Members<boolean>> {
  const { measurement, where, interval: intervalMs, member: memberTags, entity } = settings;
  const conditions = settings.breach.map(compileCondition);
  const among = Object.entries(settings.among);
  return function* (sources, nowMs) {
    const members = new Members<boolean>(memberTags, entity);
    const wanted = new Set<Member<boolean>>();
    yield* readLatest(sources, { measurement, where, intervalMs }, nowMs, (reading) => {
      const found = worstCondition(conditions, reading);
      const member = members.add(reading, found === undefined ? undefined : found === 'breach');
      if (member === undefined || among.length === 0) return;
      if (among.every(([tag, values]) => values.includes(reading.tag(tag) ?? ''))) wanted.add(member);
    });
    if (among.length > 0) members.keepOnly(wanted);
    return members;
  };
}

function subjectOf({ measurement, breach, member, where, among }: ShareSettings): string {
  const filters = [...Object.entries(where), ...Object.entries(among)];
  const filterText = filters.map(([tag, values]) => `, ${tag} ${values.join(' or ')}`).join('');
  return `${measurement}: share of ${member.join(', ')}${filterText} with ${breach.map(conditionText).join(', or ')}`;
}
