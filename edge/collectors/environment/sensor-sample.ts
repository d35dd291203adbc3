import type { FieldValue, Sample } from '../../../contract/sample.ts';
import { MEASUREMENT } from './mapping.ts';

/** Tags that identify a sensor. */
export interface SensorNames {
  readonly device: string;
  readonly sensor: string | undefined;
  readonly location: string | undefined;
}

export function sensorSample(
  { device, sensor, location }: SensorNames,
  fields: Readonly<Record<string, FieldValue>>,
  { commonTags, timeMs }: { readonly commonTags: Sample['tags']; readonly timeMs: number },
): Sample {
  const tags = {
    ...commonTags,
    device,
    ...(sensor !== undefined && { sensor }),
    ...(location !== undefined && { location }),
  };
  return { measurement: MEASUREMENT, tags, fields, timeMs };
}
