/** Sparkplug 3.0, section 6.4.16. */
const NUMBERS = {
  Int8: 1,
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt8: 5,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
  Text: 14,
  UUID: 15,
  DataSet: 16,
  Bytes: 17,
  File: 18,
  Template: 19,
  PropertySet: 20,
  PropertySetList: 21,
  Int8Array: 22,
  Int16Array: 23,
  Int32Array: 24,
  Int64Array: 25,
  UInt8Array: 26,
  UInt16Array: 27,
  UInt32Array: 28,
  UInt64Array: 29,
  FloatArray: 30,
  DoubleArray: 31,
  BooleanArray: 32,
  StringArray: 33,
  DateTimeArray: 34,
} as const;

export type DataTypeName = keyof typeof NUMBERS;

/** The data types that have a place in a time series. */
const SCALARS: readonly ScalarType[] = [
  { name: 'Int8', kind: 'signed', bits: 8 },
  { name: 'Int16', kind: 'signed', bits: 16 },
  { name: 'Int32', kind: 'signed', bits: 32 },
  { name: 'Int64', kind: 'signed', bits: 64 },
  { name: 'UInt8', kind: 'unsigned', bits: 8 },
  { name: 'UInt16', kind: 'unsigned', bits: 16 },
  { name: 'UInt32', kind: 'unsigned', bits: 32 },
  { name: 'UInt64', kind: 'unsigned', bits: 64 },
  { name: 'Float', kind: 'float', bits: 32 },
  { name: 'Double', kind: 'float', bits: 64 },
  { name: 'Boolean', kind: 'boolean' },
  { name: 'String', kind: 'text' },
  { name: 'DateTime', kind: 'unsigned', bits: 64 },
  { name: 'Text', kind: 'text' },
  { name: 'UUID', kind: 'text' },
];

export type ScalarType =
  | { readonly name: DataTypeName; readonly kind: 'signed' | 'unsigned'; readonly bits: 8 | 16 | 32 | 64 }
  | { readonly name: DataTypeName; readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly name: DataTypeName; readonly kind: 'boolean' | 'text' };

const NAMES = new Map<number, string>(Object.entries(NUMBERS).map(([name, number]) => [number, name]));
const SCALARS_BY_NUMBER = new Map<number, ScalarType>(SCALARS.map((type) => [NUMBERS[type.name], type]));

export function dataTypeNumber(name: DataTypeName): number {
  return NUMBERS[name];
}

export function dataTypeName(dataType: number): string {
  return NAMES.get(dataType) ?? `data type ${dataType}`;
}

/** undefined: a data type without a place in a time series, or none at all. */
export function scalarType(dataType: number): ScalarType | undefined {
  return SCALARS_BY_NUMBER.get(dataType);
}
