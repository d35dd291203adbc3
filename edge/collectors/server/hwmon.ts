import type { Reading } from './reading.ts';

/** One chip of /sys/class/hwmon: name, device, and contents of its files (`temp1_input` …). */
export interface Chip {
  readonly name: string;
  /** Path of the device; orders chips of one name. */
  readonly device: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Files of a chip that are read; kernel Documentation/hwmon/sysfs-interface.rst. */
export const HWMON_FILE =
  /^(?:temp\d{1,3}_(?:input|max|crit|fault|label)|fan\d{1,3}_(?:input|min|max|fault|label)|(?:in|curr)\d{1,3}_(?:input|min|max|crit|lcrit|label)|power\d{1,3}_(?:input|average|cap|max|crit|label))$/;

/** Kernel units per unit of ours: °C, V, A, W and 1/min. */
const SCALE: Readonly<Record<string, number>> = { temp: 1e3, in: 1e3, curr: 1e3, power: 1e6, fan: 1 };

/** Chips report values outside for an input that is not connected. */
const PLAUSIBLE_CELSIUS = { min: -100, max: 250 };
/** Plausible critical temperatures. */
const CRITICAL_CELSIUS = { min: 40, max: 200 };

/**
 * Temperatures as Telegraf's `temp` (sensor is chip and label), with the vendor's limits and how far it is to the
 * critical one; fans, voltages, currents and power as its `sensors`. Pure. Chips of one name are numbered in the order
 * of their devices.
 */
export function hwmonReadings(chips: readonly Chip[]): Reading[] {
  const ordered = [...chips].sort((a, b) => (a.device < b.device ? -1 : 1));
  const named = numbered(ordered.map(({ name }) => name));
  return ordered.flatMap((chip, index) => chipReadings(chip, named[index] ?? chip.name));
}

function chipReadings({ files }: Chip, chip: string): Reading[] {
  const inputs = [...new Set([...files.keys()].map((file) => file.slice(0, file.indexOf('_'))))].sort();
  const labels = numbered(inputs.map((input) => cleanLabel(files.get(`${input}_label`)) ?? input));
  return inputs.flatMap((input, index) => {
    const kind = input.replace(/\d+$/, '');
    const value = (what: string): number | undefined =>
      scaled(files.get(`${input}_${what}`), SCALE[kind] ?? 1);
    const label = labels[index] ?? input;
    const reading =
      kind === 'temp' ? tempReading(chip, label, value) : sensorReading(chip, label, kind, value);
    return reading === undefined ? [] : [reading];
  });
}

type Value = (what: string) => number | undefined;

function tempReading(chip: string, label: string, value: Value): Reading | undefined {
  const isFaulty = (value('fault') ?? 0) > 0;
  const input = within(value('input'), PLAUSIBLE_CELSIUS);
  if (input === undefined && !isFaulty) return undefined;
  const critical = within(value('crit'), CRITICAL_CELSIUS);
  const fields = present({
    temp: isFaulty ? undefined : input,
    max_celsius: within(value('max'), CRITICAL_CELSIUS),
    crit_celsius: critical,
    crit_margin_celsius:
      isFaulty || input === undefined || critical === undefined ? undefined : round(critical - input),
  });
  const sensor = tagOf(`${chip}_${label}`);
  return {
    measurement: 'temp',
    tags: { sensor },
    fields: { ...fields, ...(value('fault') !== undefined && { fault: isFaulty }) },
  };
}

function sensorReading(chip: string, feature: string, kind: string, value: Value): Reading | undefined {
  const fault = value('fault');
  const [input, average] = fault !== undefined && fault > 0 ? [] : [value('input'), value('average')];
  if (input === undefined && average === undefined && fault === undefined) return undefined;
  const limits = ['min', 'max', 'crit', 'lcrit', 'cap'].map((what) => [`${kind}_${what}`, value(what)]);
  const fields = present({
    [`${kind}_input`]: input,
    [`${kind}_average`]: average,
    ...(Object.fromEntries(limits) as Record<string, number | undefined>),
    // value() has divided the flag by the scale.
    [`${kind}_fault`]: fault === undefined ? undefined : Number(fault > 0),
  });
  return { measurement: 'sensors', tags: { chip: tagOf(chip), feature: tagOf(feature) }, fields };
}

/** Whole numbers, often signed; anything else is no value. */
function scaled(text: string | undefined, scale: number): number | undefined {
  const trimmed = text?.trim() ?? '';
  return /^-?\d{1,15}$/.test(trimmed) ? Number(trimmed) / scale : undefined;
}

function within(
  value: number | undefined,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

function round(celsius: number): number {
  return Math.round(celsius * 1_000) / 1_000;
}

/** The second of a name gets `_2`, and so on. */
function numbered(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}

function cleanLabel(label: string | undefined): string | undefined {
  const clean = label?.replace(/\p{Cc}/gu, ' ').trim();
  return clean === undefined || clean === '' ? undefined : clean;
}

const MAX_TAG_CHARS = 64;

/** `Package id 0` is `package_id_0`, as Telegraf writes it. */
function tagOf(text: string): string {
  const tag = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
  return (tag === '' ? 'unnamed' : tag).slice(0, MAX_TAG_CHARS);
}

function present(fields: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

/** A thermal zone of a board without hwmon, as a chip of one input. */
export function zoneAsChip(zone: ReadonlyMap<string, string>, directory: string): Chip {
  const files = new Map<string, string>();
  const temp = zone.get('temp');
  if (temp !== undefined) files.set('temp1_input', temp);
  const trip = [...zone].find(
    ([file, text]) => /^trip_point_\d+_type$/.test(file) && text.trim() === 'critical',
  );
  const critical = trip === undefined ? undefined : zone.get(trip[0].replace('_type', '_temp'));
  if (critical !== undefined) files.set('temp1_crit', critical);
  return { name: zone.get('type')?.trim() ?? 'thermal', device: directory, files };
}
