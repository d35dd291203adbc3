/** The catalogue's own language; the measurements stand in contract/measurements/. */
export type FieldType = 'float' | 'int' | 'bool' | 'string';

export interface Text {
  readonly en: string;
  readonly vi: string;
}

export interface FieldDefinition {
  readonly type: FieldType;
  /** UCUM, or `dBm` (the documented exception); empty for texts and flags. */
  readonly unit: string;
  /** Inclusive valid range; outside it the row is refused. Missing: no bound on that side. */
  readonly min?: number;
  readonly max?: number;
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
  /** `agent`: agents may send it. `central`: only central writes it. */
  readonly origin: 'agent' | 'central';
}

export type Catalogue = ReadonlyMap<string, MeasurementDefinition>;
