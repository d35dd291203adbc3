/** Types of the catalogue; the measurements are in contract/measurements/. */
export type FieldType = 'float' | 'int' | 'bool' | 'string';

export interface Text {
  readonly en: string;
  readonly vi: string;
}

/** Inclusive. Missing: no bound on that side. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** A value outside its range (min and max of the definition) is refused, and its row with it. */
export interface FieldDefinition extends Range {
  readonly type: FieldType;
  /** UCUM, or `dBm` (the documented exception); empty for texts, flags and codes. */
  readonly unit: string;
  /** A narrower range for some values of one tag, such as LTE's levels within those of all radio technologies. */
  readonly rangeByTag?: { readonly tag: string; readonly ranges: Readonly<Record<string, Range>> };
  readonly meaning: Text;
  /** OpenTelemetry semantic-convention metric name, where one exists. */
  readonly openTelemetry?: string;
}

export interface MeasurementDefinition {
  readonly name: string;
  readonly meaning: Text;
  /** Allowed tags and what they mean; any other tag is refused. A row needs every tag listed in `requiredTags`. */
  readonly tags: Readonly<Record<string, Text>>;
  readonly requiredTags: readonly string[];
  readonly fields: Readonly<Record<string, FieldDefinition>>;
  /** `agent`: agents may send it. `central`: only central writes it. `canary`: only central's canary sends it. */
  readonly origin: 'agent' | 'central' | 'canary';
}

export type Catalogue = ReadonlyMap<string, MeasurementDefinition>;
