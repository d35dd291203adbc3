import type { FieldValue } from '../../contract/sample.ts';

/** Pure. What is not known is no field. */
export function definedFields<T extends FieldValue>(
  fields: Readonly<Record<string, T | undefined>>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, T] => entry[1] !== undefined),
  );
}
