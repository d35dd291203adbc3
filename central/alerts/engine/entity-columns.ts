import type { SampleRow, SampleTable } from '../../samples/sample-table.ts';

/** Where tables of one shape name a rule's entity and its location. */
export interface EntityColumns {
  readonly tags: readonly string[];
  /** Column of each of the tags, -1 where the table has none, FROM_BATCH for the agent. */
  readonly at: readonly number[];
  readonly unitAt: number;
  readonly siteAt: number;
  readonly deviceAt: number;
}

/** The agent is who sent the batch, also where the row has a tag `agent`. */
const FROM_BATCH = -2;

/** Between the values of an entity key; does not occur in tag values. */
export const KEY_SEPARATOR = '\u001f';

export function findEntityColumns(tags: readonly string[], table: SampleTable): EntityColumns {
  return {
    tags,
    at: tags.map((tag) => (tag === 'agent' ? FROM_BATCH : table.tags.indexOf(tag))),
    unitAt: table.tags.indexOf('unit'),
    siteAt: table.tags.indexOf('site'),
    deviceAt: table.tags.indexOf('device'),
  };
}

/** For rows without any of the entity tags the sender is the identity, so that no two agents share an alert. */
export function entityKey({ at }: EntityColumns, row: SampleRow, agent: string): string {
  const values = at.map((column) => tagAt(row, column, agent));
  // Joined, not added: a key is kept for long and must be one text.
  if (values.some((value) => value !== undefined)) return values.join(KEY_SEPARATOR);
  return [...values, agent].join(KEY_SEPARATOR);
}

export function entityOf({ tags, at }: EntityColumns, row: SampleRow, agent: string): Record<string, string> {
  const entity: Record<string, string> = {};
  tags.forEach((tag, part) => {
    const value = tagAt(row, at[part] ?? -1, agent);
    if (value !== undefined) entity[tag] = value;
  });
  return Object.keys(entity).length > 0 ? entity : { agent };
}

function tagAt(row: SampleRow, at: number, agent: string): string | undefined {
  return at === FROM_BATCH ? agent : row.series.tags[at];
}

/** The same key from an entity by name. */
export function keyOfEntity(tags: readonly string[], entity: Readonly<Record<string, string>>): string {
  const key = tags.map((tag) => entity[tag] ?? '').join(KEY_SEPARATOR);
  return tags.some((tag) => entity[tag] !== undefined) ? key : key + KEY_SEPARATOR + (entity['agent'] ?? '');
}
