import type { Declaration } from './declaration.ts';

type Field = Declaration['fields'][string];

/**
 * The first thing in which two declarations of one name differ, but for what they say it means: `field co2_ppm is float in [ppm] from 0
 * to 5000, not from 0 to 10000`. undefined: both may stand. Pure.
 */
export function contradiction(other: Declaration, own: Declaration): string | undefined {
  for (const name of new Set([...Object.keys(other.tags), ...Object.keys(own.tags)])) {
    const [there, here] = [tagText(other, name), tagText(own, name)];
    if (there !== here) return `tag ${name} is ${there} there, ${here} here`;
  }
  for (const name of new Set([...Object.keys(other.fields), ...Object.keys(own.fields)])) {
    const [there, here] = [fieldText(other.fields[name]), fieldText(own.fields[name])];
    if (there !== here) return `field ${name} is ${there} there, ${here} here`;
  }
  return undefined;
}

function tagText({ tags }: Declaration, name: string): string {
  const tag = tags[name];
  if (tag === undefined) return 'missing';
  return tag.required ? 'required' : 'optional';
}

function fieldText(field: Field | undefined): string {
  if (field === undefined) return 'missing';
  if (!('unit' in field)) return field.type;
  const { type, unit, min, max } = field;
  return `${type} in ${unit}${min === undefined ? '' : ` from ${min}`}${max === undefined ? '' : ` to ${max}`}`;
}
