import type { FieldValue, Sample } from '../../../contract/sample.ts';
import { isGood, isPresent, type Reading } from './readings.ts';
import type { ServerReadings } from './read-server.ts';

export interface SampleContext {
  readonly device: string;
  readonly address: string;
  readonly commonTags: Sample['tags'];
  readonly timeMs: number;
}

/**
 * A row of `ipmi_sensor` for each sensor, named as Telegraf names those of IPMI, and one of `device`. Neither says whether the server is up:
 * its controller runs beside it. Pure.
 */
export function serverSamples(
  { readings, vendor, model }: ServerReadings,
  context: SampleContext,
): readonly Sample[] {
  const present = readings.filter(isPresent);
  const names = new Map<string, number>();
  return [
    ...deviceSample({ vendor, model, ...partsOf(present) }, context),
    ...present.map((reading) => sensorSample(unique(reading, names), context)),
  ];
}

function deviceSample(
  fields: Readonly<Record<string, FieldValue | undefined>>,
  { commonTags, device, timeMs }: SampleContext,
): readonly Sample[] {
  const told = Object.entries(fields).filter(
    (entry): entry is [string, FieldValue] => entry[1] !== undefined,
  );
  if (told.length === 0) return [];
  return [
    { measurement: 'device', tags: { ...commonTags, device }, fields: Object.fromEntries(told), timeMs },
  ];
}

/** Whether all of its fans and power supplies are well; missing: none tells. */
function partsOf(readings: readonly Reading[]): {
  readonly fan_ok?: boolean;
  readonly power_supply_ok?: boolean;
} {
  const all = (part: Reading['part']): boolean | undefined => {
    const told = readings.filter((reading) => reading.part === part && isGood(reading) !== undefined);
    return told.length === 0 ? undefined : told.every((reading) => isGood(reading) === true);
  };
  const [fan, power] = [all('fan'), all('power supply')];
  return {
    ...(fan !== undefined && { fan_ok: fan }),
    ...(power !== undefined && { power_supply_ok: power }),
  };
}

function sensorSample(reading: Reading, { commonTags, device, address, timeMs }: SampleContext): Sample {
  const { name, unit, value } = reading;
  const good = isGood(reading);
  return {
    measurement: 'ipmi_sensor',
    // Here `unit` is that of the value.
    tags: { ...commonTags, device, name, server: address, unit },
    fields: {
      ...(value !== undefined && { value }),
      ...(good !== undefined && { status: good ? 1 : 0 }),
    },
    timeMs,
  };
}

/** Two sensors of one name would be one series. */
function unique(reading: Reading, names: Map<string, number>): Reading {
  const key = `${reading.name} ${reading.unit}`;
  const number = (names.get(key) ?? 0) + 1;
  names.set(key, number);
  return number === 1 ? reading : { ...reading, name: `${reading.name}_${number}` };
}
