import type {
  Catalogue,
  FieldDefinition,
  MeasurementDefinition,
  Range,
} from '../../../contract/catalogue.ts';
import { DEVICE } from '../../../contract/measurements/define.ts';
import { tagNames } from '../../samples/tag-names.ts';
import type { SentTable } from './checked-batch.ts';
import { remedyFor, remedyForPart } from './declare-remedy.ts';
import { ownedTags, type OwnedTag } from './owners.ts';
import { show, type Problem } from './refusal.ts';

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** One column that is stored. */
export interface Column extends Bounds {
  readonly name: string;
  readonly field: FieldDefinition;
  /** Its index among the fields that were sent. */
  readonly at: number;
}

/** A column whose range depends on a tag. */
export interface NarrowedColumn {
  readonly column: Column;
  /** Index of its value among those that are stored. */
  readonly valueAt: number;
  readonly tagAt: number;
  readonly tag: string;
  readonly bounds: ReadonlyMap<string, Bounds>;
}

/** How to check and store the rows of tables with the same measurement, tags and fields. Its lists are shared by all batches. */
export interface TablePlan {
  readonly measurement: string;
  /** As stored: every tag that the measurement may have, so that the order in which tags are sent does not matter to a series. */
  readonly tags: readonly string[];
  readonly fields: readonly string[];
  readonly sentTags: number;
  readonly sentFields: number;
  readonly sentFieldNames: readonly string[];
  readonly columns: readonly Column[];
  readonly narrowed: readonly NarrowedColumn[];
  readonly sentTagNames: readonly string[];
  /** For each of `tags`, its index among those that were sent; -1: it was not. */
  readonly sentAt: readonly number[];
  /** Index of `agent` among `tags`. */
  readonly agentAt: number;
  /** Index of `agent` among the tags that were sent; -1: it was not. */
  readonly sentAgentAt: number;
  /** Index of the tag that names a device of the inventory, among those that were sent; -1: none does. */
  readonly sentDeviceAt: number;
  /** Those that were sent. */
  readonly owned: readonly OwnedTag[];
  readonly namesPool: boolean;
  /** Indexes among the tags that were sent. */
  readonly requiredTags: readonly number[];
  readonly unknownFields: readonly string[];
  /** Why every row is refused. */
  readonly problem?: Problem;
}

const WRITERS: Readonly<Record<MeasurementDefinition['origin'], string>> = {
  agent: 'agents',
  central: 'central',
  canary: "central's canary",
};

interface KnownPlan {
  readonly key: string;
  readonly plan: TablePlan;
  /** False: it was deleted, and must not keep others alive. */
  isKept: boolean;
  /** What followed it last time: agents send the same tables in the same order, and no key has to be built to find them. */
  next: KnownPlan | undefined;
}

export interface Planner {
  planOf(table: SentTable): TablePlan;
  /** The catalogue has changed. */
  forgetAll(): void;
}

/** Makes a plan once per measurement, tags and fields; at most `maxPlans` are kept, the one found longest ago is deleted first. */
export function createPlanner(
  catalogue: Catalogue,
  writer: MeasurementDefinition['origin'],
  maxPlans: number,
): Planner {
  const plans = new Map<string, KnownPlan>();
  let last: KnownPlan | undefined;
  const find = (table: SentTable): KnownPlan => {
    const key = JSON.stringify([table.measurement, table.tags, table.fields]);
    let known = plans.get(key);
    if (known === undefined) {
      const plan = makePlan(table, catalogue.get(table.measurement), writer);
      known = { key, plan, isKept: plan.problem === undefined, next: undefined };
      // Made-up tables must not drive out good ones.
      if (!known.isKept) return known;
      if (plans.size >= maxPlans) deleteOldest(plans);
    } else {
      plans.delete(key);
    }
    plans.set(key, known);
    return known;
  };
  return {
    planOf: (table) => {
      const expected = last?.next;
      const known = expected?.isKept === true && isFor(expected.plan, table) ? expected : find(table);
      if (last?.isKept === true) last.next = known;
      last = known;
      return known.plan;
    },
    forgetAll: () => {
      while (plans.size > 0) deleteOldest(plans);
      last = undefined;
    },
  };
}

function isFor(plan: TablePlan, { measurement, tags, fields }: SentTable): boolean {
  return (
    plan.measurement === measurement &&
    areEqual(plan.sentTagNames, tags) &&
    areEqual(plan.sentFieldNames, fields)
  );
}

function areEqual(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}

function deleteOldest(plans: Map<string, KnownPlan>): void {
  for (const [key, oldest] of plans) {
    plans.delete(key);
    // A chain of deleted plans would grow without end.
    oldest.isKept = false;
    oldest.next = undefined;
    return;
  }
}

function makePlan(
  table: SentTable,
  definition: MeasurementDefinition | undefined,
  writer: MeasurementDefinition['origin'],
): TablePlan {
  const problem = problemOf(table, definition, writer);
  const known = definition === undefined || problem !== undefined ? {} : definition.fields;
  const columns = table.fields.flatMap((name, at) => {
    const field = own(known, name);
    return field === undefined ? [] : [{ name, at, field, ...boundsOf(field, field) }];
  });
  const tags = definition === undefined ? [] : tagNames(definition);
  const owned = definition === undefined ? [] : ownedTags(definition, table.tags);
  return {
    measurement: table.measurement,
    tags,
    fields: columns.map(({ name }) => name),
    sentTags: table.tags.length,
    sentFields: table.fields.length,
    sentFieldNames: table.fields,
    columns,
    narrowed: columns.flatMap((column, valueAt) => narrow(column, valueAt, table)),
    sentTagNames: table.tags,
    sentAt: tags.map((tag) => table.tags.indexOf(tag)),
    agentAt: tags.indexOf('agent'),
    sentAgentAt: table.tags.indexOf('agent'),
    // Elsewhere it is a disk or a part of a machine.
    sentDeviceAt: definition?.tags['device'] === DEVICE ? table.tags.indexOf('device') : -1,
    owned,
    namesPool: owned.some(({ kind }) => kind === 'pool'),
    requiredTags: (definition?.requiredTags ?? []).flatMap((tag) => {
      const at = table.tags.indexOf(tag);
      return at < 0 ? [] : [at];
    }),
    unknownFields: problem === undefined ? table.fields.filter((name) => own(known, name) === undefined) : [],
    ...(problem !== undefined && { problem }),
  };
}

function problemOf(
  table: SentTable,
  definition: MeasurementDefinition | undefined,
  writer: MeasurementDefinition['origin'],
): Problem | undefined {
  const { measurement, tags, fields } = table;
  if (definition === undefined) {
    const reason = `measurement ${show(measurement)} is not in the catalogue${remedyFor(measurement)}`;
    return { code: 'unknown-measurement', reason };
  }
  if (definition.origin !== writer) {
    const reason = `${measurement} is written by ${WRITERS[definition.origin]} only`;
    return { code: 'not-allowed', reason };
  }
  const unknownTag = tags.find((tag) => own(definition.tags, tag) === undefined);
  if (unknownTag !== undefined) {
    const expected = Object.keys(definition.tags).join(', ');
    return {
      code: 'unknown-tag',
      reason: `${measurement} has no tag ${show(unknownTag)}, expected ${expected}${remedyForPart(measurement)}`,
    };
  }
  const missingTag = definition.requiredTags.find((tag) => tag !== 'agent' && !tags.includes(tag));
  if (missingTag !== undefined) {
    return { code: 'missing-tag', reason: `${measurement} needs the tag ${missingTag}` };
  }
  const duplicates = [tags, fields].flatMap(
    (names) => names.find((name, at) => names.indexOf(name) !== at) ?? [],
  );
  if (duplicates.length > 0) {
    return {
      code: 'malformed',
      reason: `${measurement}: column ${duplicates.map(show).join(', ')} is named twice`,
    };
  }
  return undefined;
}

/** A tag that is not sent does not narrow the range. */
function narrow(column: Column, valueAt: number, table: SentTable): NarrowedColumn[] {
  const { field } = column;
  if (field.rangeByTag === undefined) return [];
  const { tag, ranges } = field.rangeByTag;
  const tagAt = table.tags.indexOf(tag);
  if (tagAt < 0) return [];
  const bounds = new Map(Object.entries(ranges).map(([value, range]) => [value, boundsOf(field, range)]));
  return [{ column, valueAt, tagAt, tag, bounds }];
}

/** A computed percentage may be 100.00000000000001. */
const ROUNDING = 1e-9;

function boundsOf(field: FieldDefinition, { min = -Infinity, max = Infinity }: Range): Bounds {
  const slack = field.type === 'float' && Number.isFinite(max - min) ? (max - min) * ROUNDING : 0;
  return { min: min - slack, max: max + slack };
}

/** Names are untrusted: `constructor` must not be found as a field. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
