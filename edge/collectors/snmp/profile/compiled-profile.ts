import type { FieldDefinition, MeasurementDefinition } from '../../../../contract/catalogue.ts';
import { definitionsOf } from '../../../../contract/custom/definition.ts';
import { CATALOGUE } from '../../../../contract/measurements/index.ts';
import type {
  DeviceSource,
  FigureSource,
  PortTable,
  Profile,
  RowSource,
  RowTag,
  ShareSource,
  TextSource,
  ValueSource,
} from './profile-schema.ts';
import { valueReader, type ValueReader } from './value-reader.ts';

/** A value of a row. */
export interface RowValue {
  readonly field: string;
  readonly column: string;
  readonly isRate: boolean;
  readonly read: ValueReader;
}

/** A table with what its rows become. */
export interface RowTable extends Pick<RowSource, 'measurement' | 'every' | 'only' | 'row' | 'count'> {
  readonly fixedTags: Readonly<Record<string, string>>;
  readonly rowTags: readonly (readonly [tag: string, source: RowTag])[];
  /** Of several for one field the first that has a value. */
  readonly values: readonly RowValue[];
}

export interface PortValues {
  readonly index: PortTable['index'];
  readonly values: readonly RowValue[];
}

/** A source of a field of `device`. */
export type DeviceValue = {
  readonly field: string;
  readonly definition: FieldDefinition;
} & (
  | { readonly share: ShareSource }
  | { readonly figure: Pick<FigureSource, 'oid' | 'row' | 'take'>; readonly read: ValueReader }
);

/** A profile, ready to be read by. */
export interface CompiledProfile extends Pick<
  Profile,
  'profile' | 'vendor' | 'kind' | 'entitySensors' | 'precedesStandard'
> {
  readonly model: readonly TextSource[];
  readonly software: readonly TextSource[];
  readonly device: readonly DeviceValue[];
  readonly rows: readonly RowTable[];
  readonly ports: readonly PortValues[];
}

/** Of a profile that was checked: what the catalogue does not have is left out. `parent`: the one that it extends. Pure. */
export function compileProfile(profile: Profile, parent?: CompiledProfile): CompiledProfile {
  const { model = [], software = [], custom, device, measurements, ports, entitySensors } = profile;
  const declared = definitionsOf(custom);
  const sensors = entitySensors ?? parent?.entitySensors;
  return {
    profile: profile.profile,
    vendor: profile.vendor,
    kind: profile.kind ?? parent?.kind,
    precedesStandard: profile.precedesStandard ?? parent?.precedesStandard,
    ...(sensors !== undefined && { entitySensors: sensors }),
    model: [...model, ...(parent?.model ?? [])],
    software: [...software, ...(parent?.software ?? [])],
    device: [...compileDevice(device), ...(parent?.device ?? [])],
    rows: [...measurements.map((source) => compileRows(source, declared)), ...(parent?.rows ?? [])],
    ports: [
      ...ports.map(({ index, fields }) => ({
        index,
        values: compileValues(CATALOGUE.get('interface'), fields),
      })),
      ...(parent?.ports ?? []),
    ],
  };
}

/** Fields of `device`, in the order of their precedence. Pure. */
export function compileDevice(
  device: Readonly<Record<string, readonly DeviceSource[]>>,
): readonly DeviceValue[] {
  return Object.entries(device).flatMap(([field, sources]) => {
    const definition = fieldOf(CATALOGUE.get('device'), field);
    if (definition === undefined) return [];
    return sources.map((source): DeviceValue => {
      if (!('oid' in source)) return { field, definition, share: source };
      return { field, definition, figure: source, read: valueReader(source, definition) };
    });
  });
}

type Definitions = ReadonlyMap<string, MeasurementDefinition>;

/** `declared`: measurements that the catalogue lacks. Pure. */
export function compileRows(source: RowSource, declared: Definitions): RowTable {
  const { measurement, every, tags, only, row, count, fields } = source;
  const all = Object.entries(tags);
  return {
    measurement,
    every,
    ...(only !== undefined && { only }),
    ...(row !== undefined && { row }),
    ...(count !== undefined && { count }),
    fixedTags: Object.fromEntries(
      all.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
    rowTags: all.filter((entry): entry is [string, RowTag] => typeof entry[1] !== 'string'),
    values: compileValues(CATALOGUE.get(measurement) ?? declared.get(measurement), fields),
  };
}

function compileValues(
  measurement: MeasurementDefinition | undefined,
  fields: Readonly<Record<string, readonly ValueSource[]>>,
): readonly RowValue[] {
  return Object.entries(fields).flatMap(([field, sources]) => {
    const definition = fieldOf(measurement, field);
    if (definition === undefined) return [];
    return sources.map((source) => ({
      field,
      column: source.oid,
      isRate: source.rate,
      read: valueReader(source, definition),
    }));
  });
}

/** A field that the measurement really has: names such as `constructor` are none. Pure. */
export function fieldOf(
  measurement: MeasurementDefinition | undefined,
  name: string,
): FieldDefinition | undefined {
  return measurement !== undefined && Object.hasOwn(measurement.fields, name)
    ? measurement.fields[name]
    : undefined;
}
