import type { FieldDefinition, MeasurementDefinition } from '../../../../contract/catalogue.ts';
import { CUSTOM_PREFIX, declarationSchema } from '../../../../contract/custom/declaration.ts';
import { definitionsOf } from '../../../../contract/custom/definition.ts';
import { CATALOGUE } from '../../../../contract/measurements/index.ts';
import { nearestName } from '../../../../runtime/nearest-name.ts';
import { fieldOf } from './compiled-profile.ts';
import { conversion, unitsFor } from '../../units.ts';

/** What is wrong at a place of a file, such as `measurements[0].fields.value`. */
export type Report = (path: string, message: string, value: unknown) => void;

type Loose = Readonly<Record<string, unknown>>;

/** Fields of `device` that the collector finds itself. */
const OWN_DEVICE_FIELDS = [
  ...['up', 'reachable', 'response_ms', 'uptime_s', 'name', 'description', 'vendor', 'model', 'software'],
];
/** Measurements that have a section of their own. */
const OWN_SECTION: ReadonlyMap<string, string> = new Map([
  ['device', 'device'],
  ['interface', 'ports'],
]);
/** Put on every sample. */
const COMMON_TAGS = ['device', 'host', 'agent', 'site', 'unit'];

/**
 * What in a profile the catalogue does not have. It looks at the file as it stands, so that this is told together with
 * mistakes of its form. Pure.
 */
export function reportCatalogueProblems(file: unknown, report: Report): void {
  if (!isLoose(file)) return;
  const device = CATALOGUE.get('device');
  if (isLoose(file['device'])) {
    checkFields('device', file['device'], device, report);
    for (const name of OWN_DEVICE_FIELDS) {
      if (Object.hasOwn(file['device'], name))
        report(`device.${name}`, 'the collector finds this field itself', undefined);
    }
  }
  const declared = definitionsOf(
    listOf(file['custom']).flatMap(([, each]) => declarationSchema.safeParse(each).data ?? []),
  );
  const refused = listOf(file['custom']).map(([, each]) => each['measurement']);
  for (const [at, entry] of listOf(file['measurements'])) {
    const name = entry['measurement'];
    // What is wrong with its declaration is told already.
    if (typeof name === 'string' && !declared.has(name) && refused.includes(name)) continue;
    checkMeasurement(`measurements[${at}]`, entry, declared, report);
  }
  for (const [at, entry] of listOf(file['ports'])) {
    const path = `ports[${at}].fields`;
    if (isLoose(entry['fields'])) checkFields(path, entry['fields'], CATALOGUE.get('interface'), report);
  }
}

function checkMeasurement(
  path: string,
  entry: Loose,
  declared: ReadonlyMap<string, MeasurementDefinition>,
  report: Report,
): void {
  const name = entry['measurement'];
  if (typeof name !== 'string') return;
  const at = `${path}.measurement`;
  const section = OWN_SECTION.get(name);
  if (section !== undefined) {
    report(at, `expected its fields in the section ${section}`, name);
    return;
  }
  const definition = CATALOGUE.get(name) ?? declared.get(name);
  if (definition?.origin !== 'agent') {
    const known = [...CATALOGUE.values(), ...declared.values()].filter(({ origin }) => origin === 'agent');
    const names = known.map((each) => each.name);
    const expected = name.startsWith(CUSTOM_PREFIX)
      ? 'expected a declaration of it in custom'
      : 'the catalogue has no such measurement';
    report(at, `${expected}${nearest(name, names)}`, name);
    return;
  }
  checkTags(path, entry['tags'], definition, report);
  if (isLoose(entry['fields'])) checkFields(`${path}.fields`, entry['fields'], definition, report);
}

function checkTags(path: string, tags: unknown, definition: MeasurementDefinition, report: Report): void {
  const given = isLoose(tags) ? Object.keys(tags) : [];
  const known = Object.keys(definition.tags).filter((tag) => !COMMON_TAGS.includes(tag));
  for (const tag of given) {
    if (!known.includes(tag))
      report(`${path}.tags.${tag}`, `${definition.name} has no such tag${nearest(tag, known)}`, undefined);
  }
  for (const tag of definition.requiredTags) {
    if (!COMMON_TAGS.includes(tag) && !given.includes(tag))
      report(`${path}.tags`, `expected the tag ${tag}, which ${definition.name} needs`, tags);
  }
}

function checkFields(
  path: string,
  fields: Loose,
  definition: MeasurementDefinition | undefined,
  report: Report,
): void {
  for (const [name, source] of Object.entries(fields)) {
    const field = definition && fieldOf(definition, name);
    if (field === undefined) {
      const known = Object.keys(definition?.fields ?? {});
      report(`${path}.${name}`, `${definition?.name} has no such field${nearest(name, known)}`, undefined);
      continue;
    }
    const sources = Array.isArray(source) ? (source as unknown[]) : [source];
    for (const [at, each] of sources.entries()) {
      const place = Array.isArray(source) ? `${path}.${name}[${at}]` : `${path}.${name}`;
      checkSource(place, each, field, report);
    }
  }
}

function checkSource(path: string, given: unknown, field: FieldDefinition, report: Report): void {
  const source = isLoose(given) ? given : {};
  checkUnit(path, source, field, report);
  const isShare = ['used', 'free', 'total'].some((key) => Object.hasOwn(source, key));
  if (isShare && field.unit !== '%') report(path, `expected an oid: ${describe(field)} is no share`, given);
  if (field.type !== 'bool') {
    if (source['good'] !== undefined)
      report(`${path}.good`, `expected no flag: this field is ${describe(field)}`, source['good']);
  } else if (!isShare && source['good'] === undefined && source['values'] === undefined) {
    report(path, 'expected good or values: this field is true or false', given);
  }
  if (source['rate'] === true && field.type !== 'float')
    report(`${path}.rate`, `expected no rate: this field is ${describe(field)}`, true);
  if (!isLoose(source['values'])) return;
  const wanted = field.type === 'bool' ? 'boolean' : field.type === 'string' ? 'string' : 'number';
  for (const [told, value] of Object.entries(source['values'])) {
    if (typeof value !== wanted)
      report(`${path}.values.${told}`, `expected ${described(wanted)} for this field`, value);
    else if (typeof value === 'number' && !isInRange(value, field))
      report(`${path}.values.${told}`, `expected ${describe(field)}`, value);
  }
}

function checkUnit(path: string, { unit }: Loose, field: FieldDefinition, report: Report): void {
  if (typeof unit !== 'string' || conversion(unit, field.unit) !== undefined) return;
  const known = unitsFor(field.unit);
  const expected =
    field.type === 'bool' || field.type === 'string' || known.length === 0
      ? `expected no unit: this field is ${describe(field)}`
      : `expected a unit that becomes ${field.unit || 'a number'}: one of ${known.join(', ')}`;
  report(`${path}.unit`, expected, unit);
}

function described(type: 'boolean' | 'string' | 'number'): string {
  return type === 'boolean' ? 'true or false' : `a ${type === 'string' ? 'text' : type}`;
}

/** Such as `a number in %, 0 to 100`. */
function describe({ type, unit, min, max }: FieldDefinition): string {
  if (type === 'bool') return 'true or false';
  if (type === 'string') return 'a text';
  const range = [min === undefined ? [] : `from ${min}`, max === undefined ? [] : `up to ${max}`].flat();
  return [`a number${unit === '' ? '' : ` in ${unit}`}`, ...range].join(' ');
}

function isInRange(value: number, { min = -Infinity, max = Infinity }: FieldDefinition): boolean {
  return value >= min && value <= max;
}

function nearest(name: string, known: readonly string[]): string {
  // Left out most often: the unit at the end, as in temperature for temperature_celsius.
  const found = nearestName(name, known) ?? known.find((each) => each.startsWith(`${name}_`));
  return found === undefined ? '' : `; did you mean ${found}?`;
}

function listOf(value: unknown): readonly (readonly [number, Loose])[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).flatMap((entry, at) => (isLoose(entry) ? [[at, entry] as const] : []));
}

function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
