import type { FieldValue } from '../../../contract/sample.ts';
import type { LineValue } from './line-value.ts';
import type { Point } from './parse-lines.ts';

/** A field of ours that a field of a plugin becomes: number × `scale` + `offset`, or what `values` says it stands for. */
export interface MappedField {
  readonly to: string;
  readonly scale?: number;
  readonly offset?: number;
  /** To a whole number. */
  readonly isWhole?: true;
  /** A percentage that its counter may miss by some hundredths: up to 1 beyond 0 and 100 counts as these. */
  readonly isShare?: true;
  readonly values?: Readonly<Record<string, FieldValue>>;
}

/** How a plugin of Telegraf, whose measurement is none of ours, becomes one that is. */
export interface PluginMapping {
  /** Where the names and units are documented. */
  readonly source: string;
  readonly measurement: string;
  /** Of the plugin's tags, ours. undefined: the point has no place, such as the sum over all disks. */
  readonly tags: (tags: Point['tags']) => Readonly<Record<string, string>> | undefined;
  /** Fields that come from tags. */
  readonly fieldsOfTags?: (tags: Point['tags']) => Readonly<Record<string, FieldValue>>;
  /** In the order of precedence, where two become the same. */
  readonly fields: Readonly<Record<string, readonly MappedField[]>>;
  /** Documented fields without a place: left out without a word. */
  readonly without: readonly string[];
}

export interface Mapped {
  /** undefined: nothing of it has a place. */
  readonly point: Point | undefined;
  /** Fields that are not documented. */
  readonly unknown: readonly string[];
}

/** Pure. */
export function mapPoint(point: Point, mapping: PluginMapping): Mapped {
  const sent = new Map(point.fields);
  const unknown = [...sent.keys()].filter(
    (name) => !Object.hasOwn(mapping.fields, name) && !mapping.without.includes(name),
  );
  const tags = mapping.tags(point.tags);
  if (tags === undefined) return { point: undefined, unknown: [] };
  const fields = new Map<string, LineValue>();
  for (const [name, targets] of Object.entries(mapping.fields)) {
    const value = sent.get(name);
    if (value === undefined) continue;
    for (const target of targets) {
      const mapped = mapValue(value, target);
      if (mapped !== undefined && !fields.has(target.to)) fields.set(target.to, mapped);
    }
  }
  for (const [name, value] of Object.entries(mapping.fieldsOfTags?.(point.tags) ?? {}))
    fields.set(name, lineValue(value));
  if (fields.size === 0) return { point: undefined, unknown };
  const { measurement } = mapping;
  return {
    point: { ...point, measurement, tags: new Map(Object.entries(tags)), fields: [...fields] },
    unknown,
  };
}

/** undefined: it stands for nothing of ours. A value of another type is left for the catalogue to refuse. */
function mapValue(value: LineValue, target: MappedField): LineValue | undefined {
  const { scale = 1, offset = 0, values, isWhole, isShare } = target;
  if (values !== undefined) {
    const told = Object.hasOwn(values, String(value.value)) ? values[String(value.value)] : undefined;
    return told === undefined ? undefined : lineValue(told);
  }
  if (value.type === 'bool' || value.type === 'string') return value;
  // Integers stay exact.
  if (value.type !== 'float' && scale === 1 && offset === 0) return value;
  const scaled = Number(value.value) * scale + offset;
  if (isShare === true && scaled > -1 && scaled < 101)
    return { type: 'float', value: Math.min(Math.max(scaled, 0), 100) };
  return { type: 'float', value: isWhole === true ? Math.round(scaled) : scaled };
}

function lineValue(value: FieldValue): LineValue {
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  return typeof value === 'bigint' ? { type: 'int', value } : { type: 'float', value };
}
