import type { Sample } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { ModbusError, type ModbusSession } from '../../protocols/modbus/modbus-session.ts';
import type { ModbusDevice } from './config.ts';
import type { RegisterMap } from './map-schema.ts';
import { planBlocks } from './plan.ts';
import { readRows, Registers } from './read-values.ts';

export interface DeviceReading {
  readonly samples: readonly Sample[];
  readonly errors: readonly Error[];
}

/** How it went with a device that was asked. */
export interface AskedDevice extends DeviceReading {
  /** Whether it answered anything, be it a refusal. */
  readonly answered: boolean;
  /** Why the connection cannot be used any more; undefined: it can. */
  readonly over: unknown;
}

export interface ReadDeps {
  readonly clock: Clock;
  readonly commonTags: Sample['tags'];
}

/**
 * All registers of a device. One block that it refuses is the loss of that block; without an answer, or with one that is none, nothing else
 * is asked. Never rejects.
 */
export async function readDevice(
  session: ModbusSession,
  { device, unitId }: ModbusDevice,
  map: RegisterMap,
  deps: ReadDeps,
): Promise<AskedDevice> {
  const { clock } = deps;
  const startMs = clock.monotonicMs();
  const registers = new Registers();
  const errors: Error[] = [];
  let responseMs: number | undefined;
  let over: unknown;
  for (const { table, address, count } of planBlocks(map)) {
    try {
      registers.set(table, address, await session.read({ unitId, table, address, count }));
      responseMs ??= clock.monotonicMs() - startMs;
    } catch (error) {
      errors.push(
        new Error(`${device}: ${table} ${address} to ${address + count - 1}: ${messageOf(error)}`, {
          cause: error,
        }),
      );
      const code = error instanceof ModbusError ? error.code : 'failed';
      // Also a refusal and a wrong answer are answers.
      if (code === 'refused' || code === 'malformed') responseMs ??= clock.monotonicMs() - startMs;
      if (code === 'refused') continue;
      if (code !== 'timeout') over = error;
      break;
    }
  }
  const answered = responseMs !== undefined;
  const rows = readRows(map, registers);
  return {
    samples: [
      stateSample(device, answered, responseMs, map, deps),
      ...rows.map(({ measurement, tags, fields }) => ({
        measurement,
        tags: { ...deps.commonTags, device, ...tags },
        fields,
        timeMs: clock.now(),
      })),
    ],
    errors,
    answered,
    over,
  };
}

/** A device whose address could not be connected to. */
export function unreachable(
  device: ModbusDevice,
  error: unknown,
  map: RegisterMap,
  deps: ReadDeps,
): DeviceReading {
  return {
    samples: [stateSample(device.device, false, undefined, map, deps)],
    errors: notAsked(device, error).errors,
  };
}

/** Nothing is known of a device that was not asked: it has no row. */
export function notAsked({ device }: ModbusDevice, error: unknown): DeviceReading {
  return { samples: [], errors: [new Error(`${device}: ${messageOf(error)}`, { cause: error })] };
}

function stateSample(
  device: string,
  isUp: boolean,
  responseMs: number | undefined,
  { vendor, model }: RegisterMap,
  { clock, commonTags }: ReadDeps,
): Sample {
  return {
    measurement: 'device',
    tags: { ...commonTags, device },
    fields: {
      up: isUp,
      reachable: isUp,
      ...(responseMs !== undefined && { response_ms: responseMs }),
      ...(isUp && vendor !== undefined && { vendor }),
      ...(isUp && model !== undefined && { model }),
    },
    timeMs: clock.now(),
  };
}
