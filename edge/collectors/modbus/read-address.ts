import { RefusedTargetError } from '../../../runtime/dial/target-guard.ts';
import { openModbus, type ModbusSession } from '../../protocols/modbus/modbus-session.ts';
import type { CollectorDeps } from '../collector.ts';
import { mapOf, type ModbusConfig, type ModbusDevice } from './config.ts';
import { notAsked, readDevice, unreachable, type DeviceReading } from './read-device.ts';

/** The devices behind one address: one connection at a time, one device after the other. */
export class AddressReader {
  readonly #devices: readonly [ModbusDevice, ...ModbusDevice[]];
  readonly #config: ModbusConfig;
  readonly #deps: CollectorDeps;
  /** The device that the next run begins with. */
  #first = 0;

  constructor(
    devices: readonly [ModbusDevice, ...ModbusDevice[]],
    config: ModbusConfig,
    deps: CollectorDeps,
  ) {
    this.#devices = devices;
    this.#config = config;
    this.#deps = deps;
  }

  /** Never rejects: what is wrong is in the readings. */
  async read(signal: AbortSignal): Promise<readonly DeviceReading[]> {
    const { deadlineMs } = this.#config;
    const done = new AbortController();
    const limit = new AbortController();
    void this.#deps.clock.sleep(deadlineMs, AbortSignal.any([signal, done.signal])).then(
      () => limit.abort(new Error(`not done within ${deadlineMs} ms`)),
      () => undefined,
    );
    try {
      return await this.#readInTurn(AbortSignal.any([signal, limit.signal]), signal);
    } finally {
      done.abort();
    }
  }

  /** `until` ends with the deadline, too; `stop` only when nobody wants the run any more. */
  async #readInTurn(until: AbortSignal, stop: AbortSignal): Promise<readonly DeviceReading[]> {
    const turn = [...this.#devices.slice(this.#first), ...this.#devices.slice(0, this.#first)];
    const readings: DeviceReading[] = [];
    let session: ModbusSession | undefined;
    try {
      for (const device of turn) {
        try {
          session ??= await this.#open(until);
        } catch (error) {
          // What we may not connect to may be well, and a deadline that ends a later attempt says nothing about the rest.
          const isUnknown =
            error instanceof RefusedTargetError || stop.aborted || (until.aborted && readings.length > 0);
          return [...readings, ...this.#rest(turn, readings.length, error, isUnknown)];
        }
        const asked = await readDevice(session, device, mapOf(device, this.#config), this.#deps);
        // Cut off in the middle: only the first of a run had the whole of the deadline to answer.
        if (until.aborted && !asked.answered && (stop.aborted || readings.length > 0))
          return [...readings, ...this.#rest(turn, readings.length, until.reason, true)];
        readings.push(asked);
        if (asked.over === undefined) continue;
        session.close();
        session = undefined;
      }
      return readings;
    } finally {
      session?.close();
    }
  }

  /** Those from `at` on; the next run begins with them, so that the last are not left out each time. */
  #rest(
    turn: readonly ModbusDevice[],
    at: number,
    error: unknown,
    isUnknown: boolean,
  ): readonly DeviceReading[] {
    this.#first = (this.#first + at) % turn.length;
    return turn
      .slice(at)
      .map((device) =>
        isUnknown
          ? notAsked(device, error)
          : unreachable(device, error, mapOf(device, this.#config), this.#deps),
      );
  }

  #open(signal: AbortSignal): Promise<ModbusSession> {
    const [{ address: host, port }] = this.#devices;
    const { replyTimeoutMs } = this.#config;
    return openModbus({ host, port }, { guard: this.#deps.guard, replyTimeoutMs, signal });
  }
}
