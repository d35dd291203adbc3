import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { nearestName } from '../../../runtime/nearest-name.ts';
import { conversion, unitsFor } from '../units.ts';
import { isBitTable, layoutOf } from './plan.ts';
import type { MapValue, RegisterMap } from './map-schema.ts';

export interface MapProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly input: unknown;
}

/** Put on every sample. */
const COMMON_TAGS = ['device', 'host', 'agent', 'site', 'unit'];

/** What in a register map the catalogue does not have, or no register can be. Pure. */
export function mapProblems(map: RegisterMap): readonly MapProblem[] {
  return map.measurements.flatMap(({ measurement, tags, fields }, at): readonly MapProblem[] => {
    const path = ['measurements', at];
    const definition = CATALOGUE.get(measurement);
    if (definition?.origin !== 'agent' || measurement === 'device') {
      const known = [...CATALOGUE.values()]
        .filter(({ origin }) => origin === 'agent')
        .map(({ name }) => name);
      const message = `expected a measurement of the catalogue, such as power or environment${nearest(measurement, known)}`;
      return [{ path: [...path, 'measurement'], message, input: measurement }];
    }
    const known = Object.keys(definition.tags).filter((tag) => !COMMON_TAGS.includes(tag));
    const missing = definition.requiredTags.filter(
      (tag) => !COMMON_TAGS.includes(tag) && !Object.hasOwn(tags, tag),
    );
    return [
      ...Object.keys(tags)
        .filter((tag) => !known.includes(tag))
        .map((tag) => ({
          path: [...path, 'tags', tag],
          message: `${measurement} has no such tag${nearest(tag, known)}`,
          input: tag,
        })),
      ...missing.map((tag) => ({
        path: [...path, 'tags'],
        message: `expected the tag ${tag}, which ${measurement} needs`,
        input: tags,
      })),
      ...Object.entries(fields).flatMap(([name, value]) =>
        fieldProblems(map, measurement, name, value).map(({ path: below, ...problem }) => ({
          path: [...path, 'fields', name, ...below],
          ...problem,
        })),
      ),
    ];
  });
}

function fieldProblems(
  map: RegisterMap,
  measurement: string,
  name: string,
  value: MapValue,
): readonly MapProblem[] {
  const fields = CATALOGUE.get(measurement)?.fields ?? {};
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined)
    return [
      {
        path: [],
        message: `${measurement} has no such field${nearest(name, Object.keys(fields))}`,
        input: name,
      },
    ];
  const { unit, bit, good, values, address } = value;
  const { table, registers } = layoutOf(map, value);
  const problems: MapProblem[] = [];
  const report = (key: string, message: string, input: unknown): void => {
    problems.push({ path: [key], message, input });
  };
  if (address + registers > 65_536) report('address', `expected room for ${registers} registers`, address);
  if (unit !== undefined && conversion(unit, field.unit) === undefined)
    report(
      'unit',
      `expected a unit that becomes ${field.unit || 'a number'}: one of ${unitsFor(field.unit).join(', ')}`,
      unit,
    );
  const isFlag = bit !== undefined || isBitTable(table) || good !== undefined;
  if (field.type === 'bool' && !isFlag && values === undefined)
    problems.push({
      path: [],
      message: 'expected bit, good or values: this field is true or false',
      input: value,
    });
  if (field.type !== 'bool' && isFlag && values === undefined)
    problems.push({ path: [], message: 'expected no bit: this field is not true or false', input: value });
  const wanted = { bool: 'boolean', string: 'string', int: 'number', float: 'number' }[field.type];
  for (const [code, meaning] of Object.entries(values ?? {}))
    if (typeof meaning !== wanted)
      problems.push({ path: ['values', code], message: `expected a ${wanted}`, input: meaning });
  if (field.type === 'string' && values === undefined)
    problems.push({ path: [], message: 'expected values: this field is a text', input: value });
  return problems;
}

function nearest(name: string, known: readonly string[]): string {
  const found = nearestName(name, known) ?? known.find((each) => each.startsWith(`${name}_`));
  return found === undefined ? '' : `; did you mean ${found}?`;
}
