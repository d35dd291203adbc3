/** Sparkplug 3.0, section 6.4.16: the numbers of the data types that have a place in a time series. */
const SCALARS: Readonly<Record<number, ScalarType>> = {
  1: { name: 'Int8', kind: 'signed', bits: 8 },
  2: { name: 'Int16', kind: 'signed', bits: 16 },
  3: { name: 'Int32', kind: 'signed', bits: 32 },
  4: { name: 'Int64', kind: 'signed', bits: 64 },
  5: { name: 'UInt8', kind: 'unsigned', bits: 8 },
  6: { name: 'UInt16', kind: 'unsigned', bits: 16 },
  7: { name: 'UInt32', kind: 'unsigned', bits: 32 },
  8: { name: 'UInt64', kind: 'unsigned', bits: 64 },
  9: { name: 'Float', kind: 'float', bits: 32 },
  10: { name: 'Double', kind: 'float', bits: 64 },
  11: { name: 'Boolean', kind: 'boolean' },
  12: { name: 'String', kind: 'text' },
  13: { name: 'DateTime', kind: 'unsigned', bits: 64 },
  14: { name: 'Text', kind: 'text' },
  15: { name: 'UUID', kind: 'text' },
};

const OTHERS: Readonly<Record<number, string>> = {
  16: 'DataSet',
  17: 'Bytes',
  18: 'File',
  19: 'Template',
  20: 'PropertySet',
  21: 'PropertySetList',
  22: 'Int8Array',
  23: 'Int16Array',
  24: 'Int32Array',
  25: 'Int64Array',
  26: 'UInt8Array',
  27: 'UInt16Array',
  28: 'UInt32Array',
  29: 'UInt64Array',
  30: 'FloatArray',
  31: 'DoubleArray',
  32: 'BooleanArray',
  33: 'StringArray',
  34: 'DateTimeArray',
};

export type ScalarType =
  | { readonly name: string; readonly kind: 'signed' | 'unsigned'; readonly bits: 8 | 16 | 32 | 64 }
  | { readonly name: string; readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly name: string; readonly kind: 'boolean' | 'text' };

/** undefined: a data type without a place in a time series, or none at all. */
export function scalarType(dataType: number): ScalarType | undefined {
  return SCALARS[dataType];
}

export function dataTypeName(dataType: number): string {
  return SCALARS[dataType]?.name ?? OTHERS[dataType] ?? `data type ${dataType}`;
}
