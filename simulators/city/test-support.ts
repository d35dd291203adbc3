import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { FieldDefinition } from '../../contract/catalogue.ts';
import type { FieldValue, Sample } from '../../contract/sample.ts';
import type { CityModel } from './city.ts';

/** A Tuesday, 10:00 in Ho Chi Minh City. */
export const OFFICE_HOURS = Date.UTC(2026, 10, 24, 3);
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The first value of that name; NaN if there is none. */
export function fieldOf(samples: readonly Sample[] | undefined, measurement: string, field: string): number {
  return Number(samples?.find((sample) => sample.measurement === measurement)?.fields[field]);
}

/** One value of one agent at several instants. */
export function seriesOf(
  city: CityModel,
  agent: string,
  [measurement, field]: readonly [string, string],
  timesMs: readonly number[],
): number[] {
  return timesMs.map((timeMs) => fieldOf(city.samplesAt(agent, timeMs), measurement, field));
}

export function times(fromMs: number, count: number, stepMs: number): number[] {
  return Array.from({ length: count }, (_, step) => fromMs + step * stepMs);
}

/** What central's validation would refuse. */
export function problemsOf(sample: Sample): string[] {
  const { measurement, tags, fields } = sample;
  const definition = CATALOGUE.get(measurement);
  if (definition === undefined) return [measurement];
  return [
    ...Object.keys(tags).flatMap((tag) => (tag in definition.tags ? [] : [`${measurement} tag ${tag}`])),
    ...definition.requiredTags.flatMap((tag) => (tag in tags ? [] : [`${measurement} lacks ${tag}`])),
    ...Object.entries(fields).flatMap(([name, value]) => {
      const field = definition.fields[name];
      const isRight = field !== undefined && isAllowed(field, value, tags);
      return isRight ? [] : [`${measurement}.${name} = ${String(value)}`];
    }),
  ];
}

function isAllowed(field: FieldDefinition, value: FieldValue, tags: Sample['tags']): boolean {
  if (typeof value === 'boolean') return field.type === 'bool';
  if (typeof value === 'string') return field.type === 'string';
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (field.type === 'int' ? !Number.isSafeInteger(value) : field.type !== 'float') return false;
  const narrow = field.rangeByTag?.ranges[tags[field.rangeByTag.tag] ?? ''];
  const { min = -Infinity, max = Infinity } = { ...field, ...narrow };
  return value >= min && value <= max;
}

/** Pearson correlation coefficient. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  a.forEach((value, index) => {
    const [da, db] = [value - meanA, (b[index] ?? NaN) - meanB];
    both += da * db;
    ofA += da * da;
    ofB += db * db;
  });
  return both / Math.sqrt(ofA * ofB);
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
