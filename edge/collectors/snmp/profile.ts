import type { OpticsField } from './optics.ts';

/** A maker's data beyond the standard MIBs. OIDs are columns, or scalars without their `.0`. */
export interface Profile {
  readonly vendor: string;
  /** Matches devices whose sysObjectID is one of these or below; of several profiles the longest match is used. */
  readonly sysObjectIds: readonly string[];
  /** Must match sysDescr too: some devices answer with the sysObjectID of the agent's author. */
  readonly sysDescr?: RegExp;
  /** The software version in sysDescr, as its first group. */
  readonly software?: RegExp;
  /** The software version as a value of its own. */
  readonly softwareOid?: string;
  readonly health?: readonly HealthSource[];
  readonly rows?: readonly RowSource[];
  /** Its rows take precedence over those of the standard MIBs, not the other way round. */
  readonly correctsStandard?: true;
  /** A table like entPhySensorTable (RFC 3433) at another OID. */
  readonly sensorTable?: string;
  /** Transceivers in a table of its own. */
  readonly opticsTable?: OpticsTable;
}

/** Values of the transceiver in a port, in a row for each port. */
export interface OpticsTable {
  /** What the row's index is. */
  readonly index: 'ifIndex' | 'entPhysicalIndex';
  readonly fields: Readonly<Partial<Record<OpticsField, OpticsSource>>>;
}

export interface OpticsSource {
  readonly oid: string;
  readonly scale?: number;
  readonly absent?: readonly number[];
  /** A value above 0 is in µW, any other is × scale in dBm. */
  readonly positiveIsMicrowatts?: true;
}

interface OneOfRows {
  readonly oid: string;
  /** Only the row with this index, and those below it. */
  readonly row?: string;
  /** Values that mean "not available". */
  readonly absent?: readonly number[];
}

/** A field of the measurement `device`. The first source that has a field is used. */
export type HealthSource = FigureSource | ShareSource | StateSource;

export interface FigureSource extends OneOfRows {
  readonly field: 'cpu_pct' | 'memory_pct' | 'load1' | 'load5' | 'load15';
  /** How several rows become one value. */
  readonly of: 'max' | 'mean';
  /** value × scale + offset. */
  readonly scale?: number;
  readonly offset?: number;
}

/** Used ÷ total of all rows together, in percent, from two of the three; each may be the sum of several columns. */
export interface ShareSource {
  readonly field: 'memory_pct';
  readonly used?: readonly string[];
  readonly total?: readonly string[];
  readonly free?: readonly string[];
  readonly row?: string;
}

/** Whether all rows are in a good state. */
export interface StateSource extends OneOfRows {
  readonly field: 'fan_ok' | 'power_supply_ok';
  readonly ok: readonly number[];
}

/**
 * Rows of a table, or one row of scalars, as readings. A device without the first field is assumed to have none of them.
 * Rows of one measurement with the same tags are joined; earlier values take precedence.
 */
export interface RowSource {
  readonly measurement: 'power' | 'environment' | 'hardware_sensor';
  readonly tags?: Readonly<Record<string, string>>;
  /** A tag from each row: prefix and a column's text, without `oid` the row's index. */
  readonly label?: {
    readonly tag: 'line' | 'sensor';
    readonly prefix?: string;
    readonly oid?: string;
    /** Rows with one of these values are skipped. */
    readonly absent?: readonly number[];
  };
  /** Only rows with this number in another column. */
  readonly where?: { readonly oid: string; readonly is: number };
  readonly row?: string;
  /** A scalar with the number of rows; later ones are none of the device, such as the lines 2 and 3 of a single-phase UPS. */
  readonly countOid?: string;
  readonly fields: Readonly<Record<string, ValueSource>>;
}

export interface ValueSource {
  readonly oid: string;
  readonly scale?: number;
  readonly absent?: readonly number[];
  /** What a code stands for; other codes mean "not available". */
  readonly codes?: Readonly<Record<number, number | boolean>>;
}
