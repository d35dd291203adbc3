import type { Catalogue, FieldDefinition, MeasurementDefinition } from '../../../contract/catalogue.ts';

/** Checks that kinds share: each returns one line a problem, `path: what is wrong, got value`. */

/** All others are about the measurement that is there. */
export function checkMeasurement(
  { measurement }: { readonly measurement: string },
  catalogue: Catalogue,
  check: (measurement: MeasurementDefinition) => readonly string[],
): readonly string[] {
  const found = catalogue.get(measurement);
  return found === undefined ? [`measurement: not in the catalogue, got "${measurement}"`] : check(found);
}

export function checkTags(
  settings: { readonly entity: readonly string[]; readonly where: Readonly<Record<string, unknown>> },
  measurement: MeasurementDefinition,
): string[] {
  const named = [
    ...settings.entity.map((tag, at) => ({ path: `entity[${at}]`, tag })),
    ...Object.keys(settings.where).map((tag) => ({ path: `where.${tag}`, tag })),
  ];
  return named
    .filter(({ tag }) => measurement.tags[tag] === undefined)
    .map(({ path, tag }) => `${path}: not a tag of ${measurement.name}, got "${tag}"`);
}

/** Who measured it, and where: two that measure one thing are told apart by who sends it. */
const SENDER_TAGS = new Set(['agent', 'host', 'site', 'unit', 'device']);

/** Series that a rule does not tell apart would hide each other. */
export function checkCoverage(
  settings: {
    readonly entity: readonly string[];
    readonly where: Readonly<Record<string, readonly string[]>>;
    readonly across?: string | undefined;
  },
  measurement: MeasurementDefinition,
): string[] {
  if (settings.across !== undefined) return [];
  const missing = Object.keys(measurement.tags).filter((tag) => {
    const isIdentity = !SENDER_TAGS.has(tag) || measurement.requiredTags.includes(tag);
    return isIdentity && !settings.entity.includes(tag) && settings.where[tag]?.length !== 1;
  });
  if (missing.length === 0) return [];
  return [
    `across: expected any (one series in breach is enough) or newest (the newest sample counts, whichever series it is of), or more tags in entity: series of ${measurement.name} also differ by ${missing.join(', ')}, got nothing`,
  ];
}

export function checkNumberField(path: string, name: string, measurement: MeasurementDefinition): string[] {
  const field = measurement.fields[name];
  if (field === undefined) return [unknownField(path, name, measurement)];
  if (field.type === 'float' || field.type === 'int') return [];
  return [`${path}: expected a number field, ${measurement.name}.${name} is ${field.type}, got "${name}"`];
}

/** A limit outside the field's range would make a rule that never fires or never clears. */
export function checkRange(path: string, limit: number, name: string, field: FieldDefinition): string[] {
  const { min = -Infinity, max = Infinity } = field;
  if (limit >= min && limit <= max) return [];
  return [`${path}: outside the range of ${name} (${min} to ${max}), got ${limit}`];
}

/** Values that a field is compared with have the field's type. */
export function checkValues(
  path: string,
  name: string,
  values: readonly unknown[],
  measurement: MeasurementDefinition,
): string[] {
  const field = measurement.fields[name];
  if (field === undefined) return [unknownField(path, name, measurement)];
  const expected = field.type === 'bool' ? 'boolean' : field.type === 'string' ? 'string' : 'number';
  return values
    .filter((value) => typeof value !== expected)
    .map(
      (value) => `${path}: expected a ${expected}, ${name} is ${field.type}, got ${JSON.stringify(value)}`,
    );
}

export function unknownField(path: string, name: string, measurement: MeasurementDefinition): string {
  return `${path}: not a field of ${measurement.name}, got "${name}"`;
}
