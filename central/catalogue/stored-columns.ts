import type { FieldType, MeasurementDefinition } from '../../contract/catalogue.ts';
import { MAX_FIELDS } from '../../contract/batch.ts';
import type { Declaration } from '../../contract/custom/declaration.ts';
import type { Declared } from './declared.ts';

/** Every tag and field that a measurement ever had, and what it was: a store cannot make another of it. */
export type StoredColumns = Readonly<Record<string, 'tag' | FieldType>>;

/** Pure. */
export function columnsOf({ tags, fields }: Declaration): StoredColumns {
  return Object.fromEntries([
    ...Object.keys(tags).map((name) => [name, 'tag'] as const),
    ...Object.entries(fields).map(([name, { type }]) => [name, type] as const),
  ]);
}

/** Why a store that has these columns cannot take what is declared. Pure. */
export function columnProblems(
  { declaration, source }: Declared,
  stored: StoredColumns = {},
): readonly string[] {
  const wanted = columnsOf(declaration);
  const at = `${source}: ${declaration.measurement}`;
  const changed = Object.entries(wanted).flatMap(([name, now]) => {
    const before = Object.hasOwn(stored, name) ? stored[name] : undefined;
    return before === undefined || before === now
      ? []
      : [
          `${at}: ${name} was declared as ${before} before and cannot become ${now}, as rows of it may be stored: give it another name`,
        ];
  });
  const all = Object.keys({ ...stored, ...wanted }).length;
  const tooMany =
    all > MAX_FIELDS
      ? [`${at}: it would have had ${all} tags and fields, at most ${MAX_FIELDS}: give it another name`]
      : [];
  return [...changed, ...tooMany];
}

/** The definition with every column that is stored, for the stores: a column is never taken away while rows have it. Pure. */
export function asStored(definition: MeasurementDefinition, stored: StoredColumns): MeasurementDefinition {
  const former = Object.entries(stored).filter(
    ([name]) => !Object.hasOwn(definition.fields, name) && !Object.hasOwn(definition.tags, name),
  );
  const meaningOf = (name: string) => ({
    en: `${name}, no longer declared`,
    vi: `${name}, không còn khai báo`,
  });
  return {
    ...definition,
    tags: {
      ...definition.tags,
      ...Object.fromEntries(
        former.flatMap(([name, kind]) => (kind === 'tag' ? [[name, meaningOf(name)] as const] : [])),
      ),
    },
    fields: {
      ...definition.fields,
      ...Object.fromEntries(
        former.flatMap(([name, kind]) =>
          kind === 'tag' ? [] : [[name, { type: kind, unit: '', meaning: meaningOf(name) }] as const],
        ),
      ),
    },
  };
}
