import type { FieldValue, Sample } from '../../../contract/sample.ts';
import { fitFields } from '../catalogue-fields.ts';
import {
  batteryStatus,
  confirmed,
  countAlarms,
  mainsOk,
  onBattery,
  outputSource,
  parseStatus,
  statusFlags,
  type StatusWords,
} from './status.ts';
import { numberOf, textOf, type Variables } from './variables.ts';

export interface UpsIdentity {
  /** As its server calls it. */
  readonly upsName: string;
  /** As the inventory calls it. */
  readonly device: string;
}

export interface UpsSamples {
  readonly samples: readonly Sample[];
  /** One text a value that the catalogue does not allow. */
  readonly problems: readonly string[];
}

/** Measurements `upsd` (Telegraf's names) and `power` (ours, which the rules are written for); `power` a phase with tag `line`. Pure. */
export function upsSamples(
  variables: Variables,
  { upsName, device }: UpsIdentity,
  commonTags: Sample['tags'],
  timeMs: number,
): UpsSamples {
  const tags = { ...commonTags, device };
  const readings = [
    {
      measurement: 'upsd',
      tags: { ...tags, ups_name: upsName, ...identity(variables) },
      values: upsd(variables),
    },
    { measurement: 'power', tags, values: power(variables) },
    ...PHASES.map((line) => ({
      measurement: 'power',
      tags: { ...tags, line },
      values: phase(variables, line),
    })),
  ];
  const problems: string[] = [];
  const samples = readings.flatMap(({ measurement, tags: own, values }): readonly Sample[] => {
    const fitted = fitFields(measurement, values);
    problems.push(...fitted.problems);
    if (Object.keys(fitted.fields).length === 0) return [];
    return [{ measurement, tags: own, fields: fitted.fields, timeMs }];
  });
  return { samples, problems };
}

type Values = Readonly<Record<string, FieldValue | undefined>>;

function identity(variables: Variables): Record<string, string> {
  const serial = textOf(variables, 'device.serial') ?? textOf(variables, 'ups.serial');
  const model = textOf(variables, 'device.model') ?? textOf(variables, 'ups.model');
  return { ...(serial !== undefined && { serial }), ...(model !== undefined && { model }) };
}

const UPSD_NUMBERS: Readonly<Record<string, string>> = {
  battery_charge_percent: 'battery.charge',
  battery_charge_low: 'battery.charge.low',
  battery_charge_warning: 'battery.charge.warning',
  battery_runtime: 'battery.runtime',
  battery_runtime_low: 'battery.runtime.low',
  battery_voltage: 'battery.voltage',
  input_frequency: 'input.frequency',
  input_transfer_high: 'input.transfer.high',
  input_transfer_low: 'input.transfer.low',
  input_voltage: 'input.voltage',
  internal_temp: 'ups.temperature',
  load_percent: 'ups.load',
  nominal_battery_voltage: 'battery.voltage.nominal',
  nominal_input_voltage: 'input.voltage.nominal',
  nominal_power: 'ups.realpower.nominal',
  output_voltage: 'output.voltage',
  real_power: 'ups.realpower',
  ups_delay_shutdown: 'ups.delay.shutdown',
  ups_delay_start: 'ups.delay.start',
};

const UPSD_TEXTS: Readonly<Record<string, string>> = {
  ups_status: 'ups.status',
  battery_date: 'battery.date',
  battery_mfr_date: 'battery.mfr.date',
  battery_type: 'battery.type',
  firmware: 'ups.firmware',
  ups_test_result: 'ups.test.result',
};

const NS_PER_S = 1_000_000_000;

function upsd(variables: Variables): Values {
  const status = parseStatus(variables.get('ups.status'));
  const runtimeS = numberOf(variables, 'battery.runtime');
  return {
    status_flags: status && statusFlags(status),
    time_left_ns: runtimeS === undefined ? undefined : BigInt(Math.round(runtimeS)) * BigInt(NS_PER_S),
    ...mapped(UPSD_NUMBERS, (name) => numberOf(variables, name)),
    ...mapped(UPSD_TEXTS, (name) => textOf(variables, name)),
  };
}

const POWER_NUMBERS: Readonly<Record<string, string>> = {
  charge_pct: 'battery.charge',
  battery_voltage_v: 'battery.voltage',
  battery_current_a: 'battery.current',
  battery_temperature_celsius: 'battery.temperature',
  input_voltage_v: 'input.voltage',
  input_frequency_hz: 'input.frequency',
  input_current_a: 'input.current',
  input_power_w: 'input.realpower',
  bypass_voltage_v: 'input.bypass.voltage',
  output_voltage_v: 'output.voltage',
  output_frequency_hz: 'output.frequency',
  output_current_a: 'output.current',
  load_pct: 'ups.load',
};

function power(variables: Variables): Values {
  const status = confirmedStatus(variables);
  const runtimeS = numberOf(variables, 'battery.runtime');
  return {
    ...(status !== undefined && stateOf(status, inputVoltage(variables))),
    runtime_minutes: runtimeS === undefined ? undefined : runtimeS / 60,
    output_power_w: numberOf(variables, 'ups.realpower') ?? numberOf(variables, 'output.realpower'),
    ...mapped(POWER_NUMBERS, (name) => numberOf(variables, name)),
  };
}

function stateOf(status: StatusWords, inputV: number | undefined): Values {
  const isMainsOk = mainsOk(status, inputV);
  return {
    output_source: outputSource(status),
    on_battery: onBattery(status, isMainsOk),
    mains_ok: isMainsOk,
    battery_status: batteryStatus(status),
    alarms_count: countAlarms(status),
  };
}

/** undefined: not known. Pure. */
export function confirmedStatus(variables: Variables): StatusWords | undefined {
  const words = parseStatus(variables.get('ups.status'));
  const measured = { inputV: inputVoltage(variables), loadPct: numberOf(variables, 'ups.load') };
  return words && confirmed(words, measured);
}

const PHASES = ['1', '2', '3'];

/** V; the highest of three phases. */
export function inputVoltage(variables: Variables): number | undefined {
  const phases = PHASES.map((line) => phase(variables, line).input_voltage_v).filter(
    (voltage) => voltage !== undefined,
  );
  return numberOf(variables, 'input.voltage') ?? (phases.length > 0 ? Math.max(...phases) : undefined);
}

type PhaseField =
  | 'input_voltage_v'
  | 'input_current_a'
  | 'input_power_w'
  | 'bypass_voltage_v'
  | 'output_voltage_v'
  | 'output_current_a'
  | 'output_power_w'
  | 'load_pct';

function phase(variables: Variables, line: string): Readonly<Record<PhaseField, number | undefined>> {
  const one = (name: string): number | undefined => numberOf(variables, name.replace('#', line));
  return {
    input_voltage_v: one('input.L#-N.voltage') ?? one('input.L#.voltage'),
    input_current_a: one('input.L#.current'),
    input_power_w: one('input.L#.realpower'),
    bypass_voltage_v: one('input.bypass.L#-N.voltage'),
    output_voltage_v: one('output.L#-N.voltage') ?? one('output.L#.voltage'),
    output_current_a: one('output.L#.current'),
    output_power_w: one('output.L#.realpower'),
    load_pct: one('output.L#.power.percent'),
  };
}

function mapped<Value>(
  names: Readonly<Record<string, string>>,
  read: (variable: string) => Value | undefined,
): Record<string, Value | undefined> {
  return Object.fromEntries(Object.entries(names).map(([field, variable]) => [field, read(variable)]));
}
