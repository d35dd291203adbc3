import { MAX_TAGS } from '../../../contract/batch.ts';
import type { FieldDefinition, MeasurementDefinition } from '../../../contract/catalogue.ts';
import { CUSTOM_PREFIX } from '../../../contract/custom/declaration.ts';
import { UNIT } from '../../../contract/measurements/define.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { FieldValue, Sample } from '../../../contract/sample.ts';
import type { Point } from './parse-lines.ts';
import type { LineValue } from './line-value.ts';
import { mapPoint, type PluginMapping } from './plugin-mapping.ts';
import { mappingOf } from './plugins/index.ts';
import { remedyFor } from './remedies.ts';

export interface SampleOptions {
  /** The sender's unit of time. */
  readonly unitNs: bigint;
  /** For points without a time. */
  readonly receivedAtMs: number;
  /** The agent's tags; those of the point take precedence. */
  readonly commonTags: Sample['tags'];
  /** Measurements that the catalogue lacks, by name; none without it. */
  readonly custom?: ReadonlyMap<string, MeasurementDefinition>;
}

export interface Translated {
  /** undefined: the whole point is refused. */
  readonly sample: Sample | undefined;
  /** Why the point, or a value of it, is refused. The same fault always has the same text, so that it can be counted. */
  readonly refusals: readonly string[];
}

/**
 * A point as a sample of the catalogue, or of a measurement that the configuration declares: `zfs_pool` as `custom_zfs_pool`. An unknown field or a value that does not fit is refused alone; an unknown
 * measurement or tag refuses the point. Pure.
 */
export function toSample(point: Point, options: SampleOptions): Translated {
  const { measurement } = point;
  // What is declared is taken as it is declared, also where a mapping would take some of it.
  const declared = options.custom?.get(measurement) ?? options.custom?.get(`${CUSTOM_PREFIX}${measurement}`);
  if (declared !== undefined) return sampleOf(point, declared, options);
  const mapping = mappingOf(point);
  if (mapping !== undefined) return mappedSample(point, mapping, options);
  const definition = CATALOGUE.get(measurement);
  if (definition?.origin !== 'agent')
    return refused(`measurement ${shown(measurement)} is not in the catalogue: ${remedyFor(measurement)}`);
  return sampleOf(point, definition, options);
}

function mappedSample(point: Point, mapping: PluginMapping, options: SampleOptions): Translated {
  const mapped = mapPoint(point, mapping);
  const refusals = mapped.unknown.map(
    (field) =>
      `${shown(point.measurement)}: field ${shown(field)} has no place in ${mapping.measurement}: ${remedyFor(point.measurement)}`,
  );
  const definition = CATALOGUE.get(mapping.measurement);
  if (mapped.point === undefined || definition === undefined) return { sample: undefined, refusals };
  const translated = sampleOf(mapped.point, definition, options);
  return { ...translated, refusals: [...refusals, ...translated.refusals] };
}

function sampleOf(point: Point, definition: MeasurementDefinition, options: SampleOptions): Translated {
  const own = new Map([...point.tags].map(([key, value]) => [nameIn(definition.tags, key), value]));
  const tags = { ...commonTagsFor(definition, options.commonTags), ...Object.fromEntries(own) };
  const problem = problemOfTags(definition, own, tags);
  if (problem !== undefined) return refused(problem);
  const timeMs = toTimeMs(point.time, options);
  if (timeMs === undefined) return refused(`${definition.name}: the time is before 1970 or beyond 64 bits`);
  const { fields, refusals } = toFields(definition, point.fields);
  if (Object.keys(fields).length === 0) return { sample: undefined, refusals };
  return { sample: { measurement: definition.name, tags, fields, timeMs }, refusals };
}

function refused(reason: string): Translated {
  return { sample: undefined, refusals: [reason] };
}

/** Some plugins write `DisksActive` or `file-nr`, which are `disks_active` and `file_nr` in the catalogue. */
function nameIn(known: Readonly<Record<string, unknown>>, sent: string): string {
  if (Object.hasOwn(known, sent)) return sent;
  const name = sent
    .replaceAll('-', '_')
    .replace(/(?<=[a-z])[A-Z]/g, '_$&')
    .toLowerCase();
  return Object.hasOwn(known, name) ? name : sent;
}

/** Without `unit` if the measurement uses that tag for something other than the ward, such as a sensor's unit. */
function commonTagsFor(
  definition: MeasurementDefinition,
  { unit, ...others }: Sample['tags'],
): Sample['tags'] {
  return unit === undefined || definition.tags['unit'] !== UNIT ? others : { ...others, unit };
}

function problemOfTags(
  definition: MeasurementDefinition,
  own: Point['tags'],
  all: Sample['tags'],
): string | undefined {
  const { name } = definition;
  const unknown = [...own.keys()].find((tag) => !Object.hasOwn(definition.tags, tag));
  if (unknown !== undefined) return `${name} has no tag ${shown(unknown)} in the catalogue`;
  if (own.has('agent')) return `${name}: the tag agent is not for senders`;
  const missing = definition.requiredTags.find((tag) => all[tag] === undefined);
  if (missing !== undefined) return `${name} needs the tag ${missing}`;
  return Object.keys(all).length > MAX_TAGS ? `${name} has more than ${MAX_TAGS} tags` : undefined;
}

function toFields(
  definition: MeasurementDefinition,
  written: Point['fields'],
): { readonly fields: Record<string, FieldValue>; readonly refusals: readonly string[] } {
  const fields: Record<string, FieldValue> = {};
  const refusals: string[] = [];
  for (const [sent, value] of written) {
    const key = nameIn(definition.fields, sent);
    const field = Object.hasOwn(definition.fields, key) ? definition.fields[key] : undefined;
    const stored = field === undefined ? undefined : toFieldValue(field, value);
    const what = `${definition.name}.${key}`;
    if (stored !== undefined && ABSENT[what] === stored) continue;
    if (field === undefined) refusals.push(`${definition.name} has no field ${shown(key)} in the catalogue`);
    else if (stored === undefined) refusals.push(`${what} is no ${EXPECTED[field.type]}`);
    else if (!isInRange(field, stored)) refusals.push(`${what} is out of range, ${describeRange(field)}`);
    else fields[key] = stored;
  }
  return { fields, refusals };
}

/** Telegraf's values for unknown: a link that is down or virtual has no speed. */
const ABSENT: Readonly<Record<string, FieldValue>> = { 'net.speed': -1, 'internet_speed.packet_loss': -1 };

const EXPECTED: Readonly<Record<FieldDefinition['type'], string>> = {
  float: 'number',
  int: 'whole number of 64 bits',
  bool: 'true or false',
  string: 'text of at most 1024 bytes',
};
const MAX_TEXT_BYTES = 1_024;

/** Converts to the catalogue's type: `1` and `1i` are the same float. undefined: it does not fit. */
function toFieldValue({ type }: FieldDefinition, written: LineValue): FieldValue | undefined {
  switch (type) {
    case 'float':
      return written.type === 'bool' || written.type === 'string' ? undefined : Number(written.value);
    case 'int':
      return written.type === 'bool' || written.type === 'string' ? undefined : toInteger(written.value);
    case 'bool':
      return written.type === 'bool' ? written.value : undefined;
    case 'string':
      return written.type === 'string' && Buffer.byteLength(written.value) <= MAX_TEXT_BYTES
        ? written.value
        : undefined;
  }
}

function toInteger(value: number | bigint): number | bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (BigInt.asIntN(64, value) !== value) return undefined;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function isInRange({ min = -Infinity, max = Infinity }: FieldDefinition, value: FieldValue): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || (value >= min && value <= max);
}

function describeRange({ min, max }: FieldDefinition): string {
  if (min === undefined) return `at most ${max ?? '∞'}`;
  return max === undefined ? `at least ${min}` : `${min} to ${max}`;
}

const MAX_INT64 = 2n ** 63n - 1n;

function toTimeMs(time: bigint | undefined, { unitNs, receivedAtMs }: SampleOptions): number | undefined {
  if (time === undefined) return receivedAtMs;
  const timeNs = time * unitNs;
  return timeNs < 0n || timeNs > MAX_INT64 ? undefined : Number(timeNs / 1_000_000n);
}

function shown(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
}
