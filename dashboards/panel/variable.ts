import type { Text } from '../../contract/catalogue.ts';
import type { MeasurementName, TagName } from '../../contract/measurements/index.ts';
import type { Condition } from '../query/condition.ts';

/** What a reader chooses at the top of a dashboard. */
export interface Variable {
  readonly name: string;
  readonly label: Text;
  /** InfluxQL that lists its values. */
  readonly query: string;
  /** Several at once, or all. Otherwise exactly one. */
  readonly several: boolean;
}

interface Draft<M extends MeasurementName> {
  readonly label: Text;
  readonly of: M;
  readonly where?: readonly Condition<TagName<M>, 'tag'>[];
  readonly several?: boolean;
}

/** Its values are those of the tag of its name. Chained by `where` to others: what is chosen there narrows what is offered here. */
export function variable<M extends MeasurementName>(name: TagName<M>, draft: Draft<M>): Variable {
  const conditions = (draft.where ?? []).map(({ text }) => text);
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return {
    name,
    label: draft.label,
    query: `SHOW TAG VALUES FROM "${draft.of}" WITH KEY = "${name}"${where}`,
    several: draft.several ?? false,
  };
}
