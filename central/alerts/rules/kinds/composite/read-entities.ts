import type { FieldValue } from '../../../../../contract/sample.ts';
import { locationFrom, type Location } from '../../../../samples/location.ts';
import type { Evaluation } from '../../../lifecycle/alert-state.ts';
import { compileCondition, worseOf } from '../latest/condition.ts';
import { isBefore, keyOf } from '../latest/members.ts';
import { readLatest, type LatestSources, type Reading } from '../latest/reading.ts';
import type { Unfinished } from '../rule-kind.ts';
import type { CompositeSettings } from './settings.ts';

/** What one condition found of one entity. */
interface Found {
  evaluation: Evaluation;
  value: FieldValue;
  isFresh: boolean;
  isOfOther: boolean;
  measuredAtMs: number;
}

/** One entity and what each condition, in their order, found of it. */
export interface EntityFindings {
  readonly entity: Readonly<Record<string, string>>;
  /** Of the newest row. */
  agent: string;
  location: Location;
  measuredAtMs: number;
  readonly found: (Found | undefined)[];
}

/** All entities of which any condition knows something. */
export function entityReader(
  settings: CompositeSettings,
): (sources: LatestSources, nowMs: number) => Generator<Unfinished, Iterable<EntityFindings>> {
  const { entity: entityTags, interval, conditions } = settings;
  const compiled = conditions.map((condition) => ({
    ...compileCondition(condition),
    across: condition.across ?? 'newest',
    wanted: {
      measurement: condition.measurement,
      where: condition.where,
      intervalMs: condition.interval ?? interval,
    },
  }));
  return function* (sources, nowMs) {
    const entities = new Map<string, EntityFindings>();
    for (const [at, { wanted, across, read, evaluate }] of compiled.entries()) {
      yield* readLatest(sources, wanted, nowMs, (reading) => {
        const value = read(reading);
        const key = value === undefined ? undefined : keyOf(entityTags, reading);
        if (value === undefined || key === undefined) return;
        const findings = findingsOf(entities, key, entityTags, reading);
        findings.found[at] = combine(across, findings.found[at], reading, value, evaluate(value));
      });
    }
    return entities.values();
  };
}

function findingsOf(
  entities: Map<string, EntityFindings>,
  key: string,
  tags: readonly string[],
  reading: Reading,
): EntityFindings {
  const known = entities.get(key);
  const { agent, measuredAtMs } = reading;
  if (known !== undefined && known.measuredAtMs >= measuredAtMs) return known;
  const location = locationFrom(reading.tag('unit'), reading.tag('site'));
  if (known !== undefined) return Object.assign(known, { agent, location, measuredAtMs });
  const entity: Record<string, string> = {};
  for (const tag of tags) {
    const value = reading.tag(tag);
    if (value !== undefined) entity[tag] = value;
  }
  const findings = { entity, agent, location, measuredAtMs, found: [] };
  entities.set(key, findings);
  return findings;
}

/** `any`: the worst of those that are fresh; `newest`: the best row alone. */
function combine(
  across: 'any' | 'newest',
  known: Found | undefined,
  reading: Reading,
  value: FieldValue,
  evaluation: Evaluation,
): Found {
  const isOfEqualRank =
    known !== undefined && known.isFresh === reading.isFresh && known.isOfOther === reading.isOfOther;
  if (across === 'any' && isOfEqualRank) {
    if (worseOf(known.evaluation, evaluation) !== known.evaluation)
      Object.assign(known, { value, evaluation });
    return known;
  }
  if (known !== undefined && !isBefore(reading, known)) return known;
  const { isFresh, isOfOther, measuredAtMs } = reading;
  return { evaluation, value, isFresh, isOfOther, measuredAtMs };
}
