import type { Power, Sensor, Status, Thermal } from './resources.ts';

export interface Reading {
  readonly name: string;
  /** As Telegraf writes units of IPMI sensors. */
  readonly unit: string;
  readonly value: number | undefined;
  readonly status: Status;
  readonly part?: 'fan' | 'power supply';
}

/** UCUM, as Redfish has it, and its older words. */
const UNITS: Readonly<Record<string, string>> = {
  Cel: 'degrees_c',
  RPM: 'rpm',
  '{rev}/min': 'rpm',
  V: 'volts',
  A: 'amps',
  W: 'watts',
  '%': 'percent',
  Percent: 'percent',
  'kW.h': 'kilowatt_hours',
  J: 'joules',
  Hz: 'hertz',
};

/** Of the resource Thermal (schema 1.7). Pure. */
export function thermalReadings({ Temperatures, Fans }: Thermal): readonly Reading[] {
  return [
    ...Temperatures.map(({ Name, MemberId, ReadingCelsius, Status: status }) => ({
      name: nameOf(Name, MemberId, 'temperature'),
      unit: 'degrees_c',
      value: ReadingCelsius ?? undefined,
      status,
    })),
    ...Fans.map(({ Name, FanName, MemberId, Reading, ReadingRPM, ReadingUnits, Status: status }) => ({
      name: nameOf(Name ?? FanName, MemberId, 'fan'),
      unit: UNITS[ReadingUnits ?? 'RPM'] ?? 'rpm',
      value: Reading ?? ReadingRPM ?? undefined,
      status,
      part: 'fan' as const,
    })),
  ];
}

/** Of the resource Power (schema 1.7). Pure. */
export function powerReadings({ PowerControl, Voltages, PowerSupplies }: Power): readonly Reading[] {
  return [
    ...PowerControl.map(({ Name, MemberId, PowerConsumedWatts, Status: status }) => ({
      name: nameOf(Name, MemberId, 'power control'),
      unit: 'watts',
      value: PowerConsumedWatts ?? undefined,
      status,
    })),
    ...Voltages.map(({ Name, MemberId, ReadingVolts, Status: status }) => ({
      name: nameOf(Name, MemberId, 'voltage'),
      unit: 'volts',
      value: ReadingVolts ?? undefined,
      status,
    })),
    ...PowerSupplies.flatMap(
      ({
        Name,
        MemberId,
        LastPowerOutputWatts,
        PowerOutputWatts,
        LineInputVoltage,
        Status: status,
      }): Reading[] => {
        const name = nameOf(Name, MemberId, 'power supply');
        const output = PowerOutputWatts ?? LastPowerOutputWatts ?? undefined;
        return [
          { name, unit: 'watts', value: output, status, part: 'power supply' },
          ...(typeof LineInputVoltage === 'number'
            ? [{ name: `${name}_input`, unit: 'volts', value: LineInputVoltage, status }]
            : []),
        ];
      },
    ),
  ];
}

/** Of the resource Sensor (schema 1.9), which newer controllers have instead. Pure. */
export function sensorReading({ Name, Id, Reading, ReadingUnits, Status: status }: Sensor): Reading {
  const unit = UNITS[ReadingUnits ?? ''] ?? plain(ReadingUnits ?? '');
  return {
    name: nameOf(Name, Id, 'sensor'),
    unit: unit === '' ? 'number' : unit,
    value: Reading ?? undefined,
    status,
  };
}

/** A slot without a part, and what is switched off, tells nothing. Pure. */
export function isPresent({ status, value }: Reading): boolean {
  const state = status?.State ?? 'Enabled';
  return (
    !['Absent', 'Disabled', 'UnavailableOffline'].includes(state) &&
    (value !== undefined || healthOf(status) !== undefined)
  );
}

/** undefined: not told. Pure. */
export function isGood({ status }: Reading): boolean | undefined {
  const health = healthOf(status);
  return health === undefined ? undefined : health === 'OK';
}

function healthOf(status: Status): string | undefined {
  return status?.Health ?? undefined;
}

function nameOf(name: string | null | undefined, id: string | null | undefined, what: string): string {
  return plain(name ?? '') || plain(`${what} ${id ?? ''}`);
}

/** In lower case with `_`, as Telegraf names sensors. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 64);
}
