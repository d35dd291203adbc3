import type { Socket } from 'node:net';
import modbus from 'modbus-serial';
import { dial } from '../../../runtime/dial/dial.ts';
import type { TargetGuard } from '../../../runtime/dial/target-guard.ts';
import { messageOf } from '../../../runtime/errors.ts';

/** The library is CommonJS: its class is both the module and its default. */
const { default: ModbusRTU } = modbus;

/** Holding and input registers have 16 bits; coils and discrete inputs have one. */
export type ModbusTable = 'holding' | 'input' | 'coil' | 'discrete';

/** A unit behind a TCP server. */
export interface ModbusRequest {
  readonly unitId: number;
  readonly table: ModbusTable;
  /** As it goes over the wire, from 0 on. */
  readonly address: number;
  readonly count: number;
}

/** One request at a time. Reads only. */
export interface ModbusSession {
  /** Numbers of 0 to 65535, or bits as 0 and 1. Rejects with a ModbusError, or the signal's reason. */
  read(request: ModbusRequest): Promise<readonly number[]>;
  close(): void;
}

/**
 * `refused`: the unit answers that it does not have that. `malformed`: it answers something else than was asked for; what follows on this
 * connection may be shifted. `timeout`: no answer of the unit. `failed`: the connection is over.
 */
export type ModbusErrorCode = 'refused' | 'malformed' | 'timeout' | 'failed';

export class ModbusError extends Error {
  override readonly name = 'ModbusError';
  readonly code: ModbusErrorCode;
  constructor(code: ModbusErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export interface ModbusTarget {
  readonly host: string;
  readonly port: number;
}

/** Connects by the one place that dials. The signal ends everything. Rejects with a DialError, RefusedTargetError or the signal's reason. */
export async function openModbus(
  target: ModbusTarget,
  {
    guard,
    replyTimeoutMs,
    signal,
  }: {
    readonly guard: TargetGuard | undefined;
    readonly replyTimeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<ModbusSession> {
  const { socket } = await dial(target, { guard, signal });
  const ended = endOf(socket, signal);
  const client = new ModbusRTU();
  client.on('error', () => undefined);
  await client.linkTCP(socket, { port: target.port });
  client.setTimeout(replyTimeoutMs);
  return {
    read: async ({ unitId, table, address, count }) => {
      signal.throwIfAborted();
      client.setID(unitId);
      const asked = ask(client, table, address, count);
      // Who ends first; the library's own promise ends with its timer, unheard.
      asked.catch(() => undefined);
      const data = await Promise.race([asked, ended]).catch((error: unknown) => {
        throw signal.aborted ? (signal.reason as Error) : toModbusError(error);
      });
      // Coils come in whole bytes.
      const values = data.slice(0, count).map(Number);
      if (values.length === count) return values;
      throw new ModbusError('malformed', `its answer has ${values.length} of ${count} values`);
    },
    close: () => void socket.destroy(),
  };
}

type Client = InstanceType<typeof ModbusRTU>;

async function ask(
  client: Client,
  table: ModbusTable,
  address: number,
  count: number,
): Promise<readonly (number | boolean)[]> {
  switch (table) {
    case 'holding':
      return (await client.readHoldingRegisters(address, count)).data;
    case 'input':
      return (await client.readInputRegisters(address, count)).data;
    case 'coil':
      return (await client.readCoils(address, count)).data;
    case 'discrete':
      return (await client.readDiscreteInputs(address, count)).data;
  }
}

/** Rejects when the connection is over: the library itself would wait for its timer. */
function endOf(socket: Socket, signal: AbortSignal): Promise<never> {
  const onAbort = (): void => void socket.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  const ended = new Promise<never>((_resolve, reject) => {
    socket.once('error', (error) => reject(new ModbusError('failed', messageOf(error), error)));
    socket.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      reject(new ModbusError('failed', 'the connection was closed'));
    });
  });
  ended.catch(() => undefined);
  return ended;
}

function toModbusError(error: unknown): ModbusError {
  if (error instanceof ModbusError) return error;
  // The library's errors are no instances of Error, some of them.
  const { name, message, modbusCode } = error as {
    readonly name?: unknown;
    readonly message?: unknown;
    readonly modbusCode?: unknown;
  };
  const text = typeof message === 'string' && message !== '' ? message : messageOf(error);
  if (typeof modbusCode === 'number') return new ModbusError('refused', text, error);
  if (name === 'TransactionTimedOutError') return new ModbusError('timeout', 'no answer', error);
  return new ModbusError(name === 'PortNotOpenError' ? 'failed' : 'malformed', text, error);
}
