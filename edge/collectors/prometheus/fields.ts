import type { FieldDefinition } from '../../../contract/catalogue.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { FieldValue, Sample } from '../../../contract/sample.ts';
import type { FieldMapping } from './mapping.ts';
import { selectSeries, type Scrape } from './series.ts';

/** Why the catalogue does not allow a mapping; undefined: it does. Pure. */
export function problemOfField(mapping: FieldMapping, fixedTags: readonly string[]): string | undefined {
  const definition = CATALOGUE.get(mapping.measurement);
  if (definition?.origin !== 'agent') return `measurement ${mapping.measurement} is not in the catalogue`;
  const field = definition.fields[mapping.field];
  if (field === undefined) return `${mapping.measurement} has no field ${mapping.field}`;
  if (field.type === 'string')
    return `${mapping.measurement}.${mapping.field} is a text, metrics are numbers`;
  const tags = [...Object.keys(mapping.tags), ...fixedTags];
  const unknown = tags.find((tag) => definition.tags[tag] === undefined);
  if (unknown !== undefined) return `${mapping.measurement} has no tag ${unknown}`;
  const missing = definition.requiredTags.find((tag) => !tags.includes(tag));
  return missing === undefined ? undefined : `${mapping.measurement} needs the tag ${missing}`;
}

/** Samples by the mapping; metrics with the same measurement and tags share one. Pure. */
export function fieldSamples(
  mappings: readonly FieldMapping[],
  scrape: Scrape,
  fixedTags: Sample['tags'],
  timeMs: number,
): Sample[] {
  const samples = new Map<string, Sample & { readonly fields: Record<string, FieldValue> }>();
  for (const mapping of mappings) {
    const field = CATALOGUE.get(mapping.measurement)?.fields[mapping.field];
    for (const { labels, value } of selectSeries(mapping, scrape)) {
      const stored =
        value === undefined || field === undefined ? undefined : toField(value * mapping.scale, field);
      if (stored === undefined) continue;
      const tags = { ...fixedTags, ...mappedTags(mapping, labels) };
      const key = JSON.stringify([mapping.measurement, tags]);
      const sample = samples.get(key) ?? { measurement: mapping.measurement, tags, fields: {}, timeMs };
      sample.fields[mapping.field] = stored;
      samples.set(key, sample);
    }
  }
  return [...samples.values()];
}

function mappedTags(mapping: FieldMapping, labels: Readonly<Record<string, string>>): Record<string, string> {
  const tags = Object.entries(mapping.tags).map(([tag, label]) => [tag, labels[label] ?? ''] as const);
  return Object.fromEntries(tags.filter(([, value]) => value !== ''));
}

/** Converts to the catalogue's type. Exporters send floats, so whole numbers beyond 2^53 are not exact. */
function toField(value: number, { type }: FieldDefinition): FieldValue | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (type === 'bool') return value !== 0;
  if (type !== 'int') return value;
  const whole = Math.round(value);
  return Number.isSafeInteger(whole) ? whole : BigInt(whole);
}
