import type { FieldValue } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { presentFields, type Reading } from './reading.ts';

export interface TimedReading extends Reading {
  readonly timeMs: number;
}

export interface DevicePoll {
  readonly deviceName: string;
  readonly readings: readonly TimedReading[];
  readonly errors: readonly Error[];
}

interface PollDeps {
  readonly name: string;
  readonly address: string;
  readonly clock: Clock;
}

/** Readings and errors of one poll so far. */
export class Poll {
  readonly #deps: PollDeps;
  readonly #readings: TimedReading[] = [];
  readonly #errors: Error[] = [];
  readonly #device: Record<string, FieldValue> = {};

  constructor(deps: PollDeps) {
    this.#deps = deps;
  }

  add(readings: readonly Reading[]): void {
    const timeMs = this.#deps.clock.now();
    for (const reading of readings) {
      if (Object.keys(reading.fields).length > 0) this.#readings.push({ ...reading, timeMs });
    }
  }

  /** Fields of the measurement `device`; earlier ones stay. */
  device(fields: Readonly<Record<string, FieldValue | undefined>>): void {
    for (const [name, value] of Object.entries(presentFields(fields))) this.#device[name] ??= value;
  }

  fail(message: string): void {
    const { name, address } = this.#deps;
    this.#errors.push(new Error(`snmp ${name} (${address}): ${message}`));
  }

  result(): DevicePoll {
    this.add([{ measurement: 'device', tags: {}, fields: this.#device }]);
    return { deviceName: this.#deps.name, readings: this.#readings, errors: this.#errors };
  }
}
