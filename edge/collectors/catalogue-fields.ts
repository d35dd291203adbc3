import type { FieldDefinition } from '../../contract/catalogue.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { FieldValue } from '../../contract/sample.ts';

const MAX_TEXT_CHARS = 256;

export interface FittedFields {
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** One text a rejected value, such as `power.charge_pct 250 is out of range`. */
  readonly problems: readonly string[];
}

/** Values of a source as fields of the catalogue. A value that does not fit is left out alone. Pure. */
export function fitFields(
  measurement: string,
  values: Readonly<Record<string, FieldValue | undefined>>,
): FittedFields {
  const definition = CATALOGUE.get(measurement);
  const fields: Record<string, FieldValue> = {};
  const problems: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const field = definition?.fields[name];
    const what = `${measurement}.${name} ${typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : value}`;
    const fitted = field === undefined ? undefined : fit(field, value);
    if (fitted === undefined) problems.push(`${what} is no ${field?.type ?? 'field of the catalogue'}`);
    else if (field !== undefined && !isInRange(field, fitted)) problems.push(`${what} is out of range`);
    else fields[name] = fitted;
  }
  return { fields, problems };
}

function fit({ type }: FieldDefinition, value: FieldValue): FieldValue | undefined {
  switch (type) {
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'string':
      return typeof value === 'string' ? value.slice(0, MAX_TEXT_CHARS) : undefined;
    case 'float':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'int':
      if (typeof value === 'bigint') return value;
      return typeof value === 'number' && Number.isSafeInteger(Math.round(value))
        ? Math.round(value)
        : undefined;
  }
}

function isInRange({ min = -Infinity, max = Infinity }: FieldDefinition, value: FieldValue): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || (value >= min && value <= max);
}
