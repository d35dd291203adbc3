import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { FieldValue } from '../../../contract/sample.ts';

export interface PlausibleFields {
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly problems: readonly string[];
}

/** Drops implausible values, one problem text each: central would refuse the whole sample for one of them. */
export function plausibleFields(
  measurement: string,
  fields: Readonly<Record<string, FieldValue | undefined>>,
  rat?: string,
): PlausibleFields {
  const definitions = CATALOGUE.get(measurement)?.fields ?? {};
  const kept: Record<string, FieldValue> = {};
  const problems: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const definition = definitions[name];
    if (value === undefined || definition === undefined) continue;
    const { min = -Infinity, max = Infinity } = definition.rangeByTag?.ranges[rat ?? ''] ?? definition;
    const isWhole = definition.type !== 'int' || Number.isInteger(value);
    if (typeof value === 'number' && (value < min || value > max || !isWhole)) {
      problems.push(`${name}: expected ${min} to ${max}, got ${value}`);
    } else kept[name] = value;
  }
  return { fields: kept, problems };
}
