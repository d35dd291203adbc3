import { z } from 'zod';
import { locationFrom, type Location } from '../../../../samples/location.ts';
import { checkMeasurement, checkNumberField, checkTags } from '../../catalogue-checks.ts';
import { amountText, type LevelMeaning } from '../../level-meaning.ts';
import { checkLimits, compileLimits, limitLevelsSchema, limitTexts } from '../../limit-levels.ts';
import { commonSettings, nameSchema, rowSettings } from '../../rule-settings.ts';
import { Members, type Group } from '../latest/members.ts';
import { readLatest, type LatestSources } from '../latest/reading.ts';
import { storedReadsOf } from '../latest/stored-reads.ts';
import type { RuleKind, TickFinding, Unfinished } from '../rule-kind.ts';
import { peersOf } from './deviation.ts';

/** Of fewer, none can be told from the others. */
const LEAST_PEERS = 5;

const settingsSchema = z
  .strictObject({
    ...commonSettings,
    kind: z.literal('peers'),
    measurement: rowSettings.measurement,
    field: nameSchema,
    /** One alert for each of these: who is compared. */
    entity: rowSettings.entity,
    /** With whom: those that have the same of these tags. `unit` and `site` are those of the device in the inventory. */
    group: z.array(nameSchema).min(1).max(4),
    where: rowSettings.where,
    interval: rowSettings.interval,
    /** On which side of the others it is a fault. */
    op: z.enum(['above', 'below']),
    minMembers: z
      .int('expected a whole number')
      .min(LEAST_PEERS, `expected at least ${LEAST_PEERS}`)
      .max(10_000, 'expected at most 10000')
      .default(LEAST_PEERS),
    /** In the unit of the field: a smaller difference is none, however equal the others are. */
    minDifference: z.number().positive('expected more than 0'),
    /** In standard deviations, as the median absolute deviation estimates them. */
    levels: limitLevelsSchema,
  })
  .superRefine((settings, context) => {
    checkLimits('above', settings.levels, context);
    settings.levels.forEach(({ clear }, at) => {
      if (clear > 0) return;
      const message = 'expected more than 0 standard deviations';
      context.addIssue({ code: 'custom', path: ['levels', at, 'clear'], message, input: clear });
    });
  });

export type PeersSettings = z.infer<typeof settingsSchema>;

/** One that differs from the others of its group. */
export const peersKind: RuleKind<PeersSettings> = {
  kind: 'peers',
  settingsSchema,
  checkSettings: (settings, catalogue) =>
    checkMeasurement(settings, catalogue, (measurement) => [
      ...checkTags(settings, measurement),
      ...settings.group
        .filter((tag) => measurement.tags[tag] === undefined)
        .map((tag) => `group: not a tag of ${measurement.name}, got "${tag}"`),
      ...checkNumberField('field', settings.field, measurement),
    ]),
  createEvaluator: (settings, catalogue) => {
    const {
      measurement,
      field,
      entity,
      group: groupTags,
      where,
      interval,
      op,
      levels,
      minMembers,
    } = settings;
    const filters = Object.entries(where).map(([tag, values]) => `, ${tag} ${values.join(' or ')}`);
    const subject = `${measurement}.${field} ${op} that of the others of its ${groupTags.join(', ')}`;
    const limits = compileLimits('above', levels);
    const sign = op === 'above' ? 1 : -1;
    // What is beyond the mildest limit then differs by at least so much.
    const minSpread = settings.minDifference / (levels[0]?.raise ?? 1);
    return {
      reads: 'evidence',
      overHistory: storedReadsOf([{ measurement, field }]),
      judgesReports: true,
      measurement,
      where,
      entityTags: entity,
      intervalMs: interval,
      isState: false,
      valueUnit: 'standard deviations',
      subject,
      conditionText: `${subject}${filters.join('')}, in groups of ${minMembers} or more`,
      levelTexts: limitTexts(levels),
      levelMeanings: meaningsOf(settings, catalogue.get(measurement)?.fields[field]?.unit ?? ''),
      *evaluateAt(nowMs, sources, isActive): Iterable<TickFinding | Unfinished> {
        for (const group of yield* readGroups(settings, sources, nowMs)) {
          const peers = group.members.flatMap(({ isFresh, agent, finding }) =>
            isFresh && finding !== undefined ? [{ ...finding, agent }] : [],
          );
          if (peers.length < minMembers) continue;
          const { median, spread } = peersOf(
            peers.map(({ value }) => value),
            minSpread,
          );
          for (const { value, agent, ...peer } of peers) {
            const deviations = (sign * (value - median)) / spread;
            if (!limits.isBreach(deviations) && !isActive(peer.entity)) continue;
            const evaluations = limits.evaluate(deviations);
            const rounded = Math.round(deviations * 10) / 10;
            yield { ...peer, agent, value: rounded, evaluations, sinceMs: nowMs, mayStart: true };
          }
        }
      },
    };
  },
};

function meaningsOf({ op, levels, minDifference, minMembers }: PeersSettings, unit: string): LevelMeaning[] {
  const side = op === 'above' ? { en: 'above', vi: 'cao hơn' } : { en: 'below', vi: 'thấp hơn' };
  const least = amountText(minDifference, unit);
  return levels.map(({ raise, clear }) => {
    const [limit, end] = [amountText(raise, 'standard deviations'), amountText(clear, 'standard deviations')];
    return {
      begins: {
        en: `more than ${limit.en} and ${least.en} ${side.en} the median, of at least ${minMembers}`,
        vi: `${side.vi} trung vị quá ${limit.vi} và ${least.vi}, trong ít nhất ${minMembers}`,
      },
      ends: { en: `back at ${end.en}`, vi: `trở lại ${end.vi}` },
    };
  });
}

interface Peer {
  readonly value: number;
  readonly entity: Readonly<Record<string, string>>;
  readonly location: Location;
}

function* readGroups(
  settings: PeersSettings,
  sources: LatestSources,
  nowMs: number,
): Generator<Unfinished, Iterable<Group<Peer>>> {
  const { measurement, where, interval: intervalMs, field, entity: entityTags, group } = settings;
  const members = new Members<Peer>(entityTags, group);
  yield* readLatest(sources, { measurement, where, intervalMs }, nowMs, (reading) => {
    const value = reading.valueOf(field);
    if (value === undefined) return;
    const entity: Record<string, string> = {};
    for (const tag of entityTags) {
      const own = reading.tag(tag);
      if (own !== undefined) entity[tag] = own;
    }
    const location = locationFrom(reading.tag('unit'), reading.tag('site'));
    members.add(reading, { value: Number(value), entity, location });
  });
  return members.groups().values();
}
