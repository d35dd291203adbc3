import type { Catalogue, FieldType, MeasurementDefinition } from '../catalogue.ts';
import { ALARM } from './alarm.ts';
import { CAPACITY } from './capacity.ts';
import { DISK } from './disk.ts';
import { EVENT_MEASUREMENTS } from './event.ts';
import { MACHINE } from './machine.ts';
import { MEMORY } from './memory.ts';
import { NETWORK } from './network.ts';
import { PATH } from './path.ts';
import { PIPELINE } from './pipeline.ts';
import { POWER } from './power.ts';
import { RADIO } from './radio.ts';
import { ROLLUP } from './rollup.ts';
import { SERVER } from './server.ts';
import { SERVICE } from './service.ts';

const ALL = [
  ...SERVER,
  ...MACHINE,
  ...MEMORY,
  ...DISK,
  ...NETWORK,
  ...PATH,
  ...RADIO,
  ...POWER,
  ...SERVICE,
  ...EVENT_MEASUREMENTS,
  ...CAPACITY,
  ...PIPELINE,
  ...ALARM,
  ...ROLLUP,
] as const;

/** Everything that can be stored. Validation, the store's tables, the API and the docs are derived from it. */
export const CATALOGUE: Catalogue = new Map(
  ALL.map((measurement: MeasurementDefinition) => [measurement.name, measurement]),
);

type Known = (typeof ALL)[number];

/** The catalogue's names at compile time, for whatever asks for data by name: see dashboards/query/. */
export type MeasurementName = Known['name'];
type Named<Name extends MeasurementName> = Extract<Known, { readonly name: Name }>;
export type TagName<Name extends MeasurementName> = keyof Named<Name>['tags'] & string;
export type FieldName<Name extends MeasurementName> = keyof Named<Name>['fields'] & string;
/** Fields of one type alone, such as those of which there is a mean. */
export type FieldNameOf<Name extends MeasurementName, Type extends FieldType> = {
  [Field in FieldName<Name>]: FieldTypeOf<Named<Name>['fields'], Field> extends Type ? Field : never;
}[FieldName<Name>];
type FieldTypeOf<Fields, Field> = Field extends keyof Fields
  ? Fields[Field] extends { readonly type: infer Type }
    ? Type
    : never
  : never;
